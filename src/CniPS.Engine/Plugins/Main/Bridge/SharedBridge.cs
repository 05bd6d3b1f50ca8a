using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>A bridge that was made. It is in use while it has a port: the kernel would delete it, ports and all, without a word.</summary>
/// <param name="Name">The bridge's name.</param>
internal sealed record SharedBridge(string Name) : SharedThing
{
    internal const string KindName = "bridge";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host) =>
        host.FindLink(host.Namespace, Name) is { Kind: "bridge" } bridge && !HasPorts(host, bridge)
            ? [new LinkDelete(host.Namespace, bridge.Id)]
            : [];

    public override bool IsGone(IHost host) => host.FindLink(host.Namespace, Name) is not { Kind: "bridge" };

    internal static bool HasPorts(IHost host, Link bridge)
    {
        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link.Master == bridge.Index)
            {
                return true;
            }
        }

        return false;
    }

    public override void Write(Utf8JsonWriter writer) => writer.WriteString("name", Name);

    internal static SharedBridge Read(JsonElement json) => new(json.GetProperty("name").GetString()!);
}
