using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins;

/// <summary>
/// A kernel parameter of the host that was switched on for all, such as forwarding. It counts as in use while the host has any virtual
/// link left that could forward through it; a pair with both ends on the host, such as a VLAN's gateway, is none.
/// </summary>
/// <param name="Name">Below /proc/sys, with slashes.</param>
/// <param name="Old">The value it had.</param>
/// <param name="New">The value it was given.</param>
internal sealed record SharedSysctl(string Name, string Old, string New) : SharedThing
{
    internal const string KindName = "sysctl";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host)
    {
        if (host.ReadSysctl(host.Namespace, Name) != New)
        {
            return [];
        }

        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link is { Kind: "veth", PeerNamespaceId: not null }
                || link.Kind is "macvlan" or "macvtap" or "ipvlan" or "tun" or "vxlan" or "vlan" or "wireguard")
            {
                return [];
            }
        }

        return [new SysctlWrite(host.Namespace, Name, Old)];
    }

    public override bool IsGone(IHost host) => host.ReadSysctl(host.Namespace, Name) != New;

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("name", Name);
        writer.WriteString("old", Old);
        writer.WriteString("new", New);
    }

    internal static SharedSysctl Read(JsonElement json) =>
        new(json.GetProperty("name").GetString()!, json.GetProperty("old").GetString()!, json.GetProperty("new").GetString()!);
}
