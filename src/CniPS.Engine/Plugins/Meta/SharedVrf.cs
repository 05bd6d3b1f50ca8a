using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Meta;

/// <summary>A VRF that was made in a container. It is in use while an interface is in it.</summary>
/// <param name="NetNS">The container's namespace.</param>
/// <param name="Name">The VRF's name.</param>
internal sealed record SharedVrf(string NetNS, string Name) : SharedThing
{
    internal const string KindName = "vrf";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) => Look(container => RemovalIfUnused(host, container, Name), []);

    public override bool IsGone(IHost host) => Look(container => host.FindLink(container, Name) is not { Kind: "vrf" }, true);

    // Where the namespace is gone the VRF is, too.
    private T Look<T>(Func<NetworkNamespace, T> look, T gone)
    {
        try
        {
            using NetworkNamespace container = NetworkNamespace.Open(NetNS); // a change opens it again
            return look(container);
        }
        catch (Exception e) when (e is LinuxException { IsNotFound: true } or NotANamespaceException)
        {
            return gone;
        }
    }

    internal static IReadOnlyList<Change> RemovalIfUnused(IHost host, NetworkNamespace container, string name)
    {
        if (host.FindLink(container, name) is not { Kind: "vrf" } vrf)
        {
            return [];
        }

        foreach (Link link in host.GetLinks(container))
        {
            if (link.Master == vrf.Index)
            {
                return [];
            }
        }

        return [new LinkDelete(container, vrf.Id)];
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("netns", NetNS);
        writer.WriteString("name", Name);
    }

    internal static SharedVrf Read(JsonElement json) => new(json.GetProperty("netns").GetString()!, json.GetProperty("name").GetString()!);
}
