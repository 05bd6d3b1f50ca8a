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

    public override IReadOnlyList<Change> Removal(IHost host)
    {
        try
        {
            using NetworkNamespace container = NetworkNamespace.Open(NetNS); // the change opens it again
            return RemovalIfUnused(host, container, Name);
        }
        catch (LinuxException e) when (e.IsNotFound)
        {
            return []; // gone, and the VRF with it
        }
        catch (NotANamespaceException)
        {
            return [];
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
