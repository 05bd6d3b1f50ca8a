using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// The host's end of a container's veth pair, and the ifb link that what the container sends goes through: the kernel shapes only what leaves
/// a link.
/// </summary>
internal sealed class ShapedInterface
{
    private const string Prefix = "bwp";
    private const int MaxName = 15;

    private readonly PluginCall _call;
    private readonly IHost _host;

    internal ShapedInterface(PluginCall call, PluginContext context)
    {
        _call = call;
        _host = context.Host;
    }

    private NetworkNamespace Namespace => _host.Namespace;

    // So that what a killed container leaves can be told (IFLA_IFALIAS).
    private string Alias => AliasOf(_call.Network, _call.InterfaceName, _call.ContainerId);

    private static string AliasOf(string network, string interfaceName, string containerId) =>
        Fit(AttachmentComment.Of(network, containerId, interfaceName));

    /// <summary>The ifb links of a network that belong to none of the valid attachments.</summary>
    internal static IEnumerable<Link> FindInvalid(IHost host, string network, ValidAttachments valid)
    {
        HashSet<string> keep = [];
        foreach ((string containerId, string interfaceName) in valid.Keys)
        {
            keep.Add(AliasOf(network, interfaceName, containerId));
        }

        foreach (Link link in host.GetLinks(host.Namespace))
        {
            if (link is { Kind: "ifb", Alias: { } alias } && link.Name.StartsWith(Prefix, StringComparison.Ordinal)
                && AttachmentComment.IsOfNetwork(alias, network) && !keep.Contains(alias)
                && !valid.Keeps(AttachmentComment.Read(alias, network)))
            {
                yield return link;
            }
        }
    }

    /// <summary>The host's end.</summary>
    /// <exception cref="CniException">There is none, or the result doesn't speak of it.</exception>
    internal Link FindHostEnd(CniResult result, NetworkNamespace container)
    {
        if (result.Interfaces.Count == 0)
        {
            throw Error("no interfaces provided");
        }

        Link? inside = _host.FindLink(container, _call.InterfaceName);
        if (inside is not { Kind: "veth", Peer: > 0 })
        {
            string why = inside is null ? "Link not found" : "it is no veth";
            throw Error($"container interface {_call.InterfaceName} has no veth peer: {why}");
        }

        Link outside = _host.FindLink(Namespace, inside.Peer) ?? throw Error($"veth peer with index {inside.Peer} is not in host ns");
        foreach (CniInterface other in result.Interfaces)
        {
            if (string.IsNullOrEmpty(other.Sandbox) && other.Name == outside.Name)
            {
                return outside;
            }
        }

        throw Error("no veth peer of container interface found in host ns");
    }

    /// <summary>
    /// The name for a new ifb link: that of the Go plugin, which doesn't know of interfaces; where the container's other interface has it,
    /// one of this interface's own.
    /// </summary>
    internal string NewName => _host.FindLink(Namespace, GoName) is { Alias: { } alias } && alias != Alias ? OwnName : GoName;

    /// <summary>The ifb link that there is, or null.</summary>
    internal Link? FindIfb()
    {
        foreach (string name in (string[])[GoName, OwnName])
        {
            if (_host.FindLink(Namespace, name) is { Kind: "ifb" } link && (link.Alias is null || link.Alias == Alias))
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>What makes the ifb link, as large as the host's end.</summary>
    internal LinkAdd Add(Link hostEnd) => new(Namespace, NewName, new IfbSettings()) { Up = true, Mtu = hostEnd.Mtu };

    /// <summary>What gives it its owner's name; its own queue is the bucket's.</summary>
    internal LinkSet Name(Link ifb) => new(Namespace, ifb.Id) { Alias = Alias, TransmitQueueLength = 0 };

    private string GoName => NameOf(_call.Network + _call.ContainerId);

    private string OwnName => NameOf($"{_call.Network}{_call.ContainerId} {_call.InterfaceName}");

    private static string NameOf(string text) => Prefix + Sha512.Hex(text, MaxName)[..(MaxName - Prefix.Length)];

    // IFALIASZ, with its end.
    private static string Fit(string alias) => alias.Length <= 255 ? alias : alias[..255];

    private static CniException Error(string message) => new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, message)
    {
        RecommendedAction = "Put bandwidth behind bridge or ptp, which make a pair of veth interfaces.",
    };
}
