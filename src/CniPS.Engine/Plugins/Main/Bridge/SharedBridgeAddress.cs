using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>A gateway's address that a bridge, or the gateway of one of its VLANs, was given, perhaps in the place of another (forceAddress). It is in use while there is a port that it serves.</summary>
/// <param name="Bridge">The name of the bridge, or of the VLAN's gateway.</param>
/// <param name="Address">The address.</param>
/// <param name="Replaced">The addresses that it took the place of.</param>
internal sealed record SharedBridgeAddress(string Bridge, IpPrefix Address, IReadOnlyList<IpPrefix> Replaced) : SharedThing
{
    internal const string KindName = "bridgeAddress";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host)
    {
        if (host.FindLink(host.Namespace, Bridge) is not { } bridge || IsInUse(host, bridge))
        {
            return [];
        }

        List<Change> changes = [new AddressDelete(host.Namespace, bridge.Id, Address)];
        foreach (IpPrefix old in Replaced)
        {
            changes.Add(new AddressAdd(host.Namespace, bridge.Id, old));
        }

        return changes;
    }

    private static bool IsInUse(IHost host, Link link) =>
        link.Kind == "bridge" ? SharedBridge.HasPorts(host, link) : SharedVlanGateway.IsInUse(host, link);

    public override bool IsGone(IHost host) =>
        host.FindLink(host.Namespace, Bridge) is not { } bridge
        || !InterfaceInspection.Contains(host.GetAddresses(host.Namespace, bridge.Index), Address);

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("bridge", Bridge);
        writer.WriteString("address", Address.ToString());
        writer.WriteStartArray("replaced");
        foreach (IpPrefix old in Replaced)
        {
            writer.WriteStringValue(old.ToString());
        }

        writer.WriteEndArray();
    }

    internal static SharedBridgeAddress Read(JsonElement json)
    {
        List<IpPrefix> replaced = [];
        foreach (JsonElement old in json.GetProperty("replaced").EnumerateArray())
        {
            replaced.Add(IpPrefix.Parse(old.GetString()!));
        }

        return new(json.GetProperty("bridge").GetString()!, IpPrefix.Parse(json.GetProperty("address").GetString()!), replaced);
    }
}
