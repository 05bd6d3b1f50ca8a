using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>The gateway of a VLAN that was made. It is in use while the bridge has another port in the VLAN.</summary>
/// <param name="Bridge">The bridge's name.</param>
/// <param name="Vlan">The VLAN.</param>
internal sealed record SharedVlanGateway(string Bridge, int Vlan) : SharedThing
{
    internal const string KindName = "vlanGateway";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) =>
        host.FindLink(host.Namespace, VlanGateway.NameOf(Bridge, Vlan)) is { Kind: "veth" } gateway && !IsInUse(host, gateway)
            ? [new LinkDelete(host.Namespace, gateway.Id)]
            : [];

    public override bool IsGone(IHost host) => host.FindLink(host.Namespace, VlanGateway.NameOf(Bridge, Vlan)) is null;

    /// <summary>Whether a VLAN's gateway has anybody to serve.</summary>
    internal static bool IsInUse(IHost host, Link gateway)
    {
        if (host.FindLink(host.Namespace, gateway.Peer) is not { Master: > 0 } own
            || !int.TryParse(gateway.Name.AsSpan(gateway.Name.LastIndexOf('.') + 1), out int vlan))
        {
            return false;
        }

        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link.Master == own.Master && link.Index != own.Index && IsIn(host.GetBridgeVlans(host.Namespace, link.Index), vlan))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(IReadOnlyList<BridgeVlans> present, int vlan)
    {
        foreach (BridgeVlans vlans in present)
        {
            if (vlans.Contains(vlan))
            {
                return true;
            }
        }

        return false;
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("bridge", Bridge);
        writer.WriteNumber("vlan", Vlan);
    }

    internal static SharedVlanGateway Read(JsonElement json) =>
        new(json.GetProperty("bridge").GetString()!, json.GetProperty("vlan").GetInt32());
}
