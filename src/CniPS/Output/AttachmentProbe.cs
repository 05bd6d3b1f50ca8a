using CniPS.Facts;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS;

/// <summary>What became of an attachment, and what its interface is like now.</summary>
internal static class AttachmentProbe
{
    /// <summary>Looks at a cached attachment.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="verdict">What became of it.</param>
    /// <param name="made">What ADD made of it.</param>
    internal static Sighting Look(IHost host, Verdict verdict, ResultFacts made)
    {
        Sighting sighting = new(StateOf(verdict)) { Reason = verdict.Reason };
        return verdict is { NamespacePath: { } path, InterfaceName: { } name } && (made.Mac is null || made.HostInterface is null)
            ? Complete(host, sighting, path, name)
            : sighting;
    }

    /// <summary>Looks at what was added just now.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="namespacePath">The container's namespace.</param>
    /// <param name="interfaceName">The container's interface.</param>
    internal static Sighting Look(IHost host, string namespacePath, string interfaceName) =>
        Complete(host, new Sighting(CniAttachmentState.Alive), namespacePath, interfaceName);

    private static CniAttachmentState StateOf(Verdict verdict) => verdict switch
    {
        { State: LifeState.Alive } => CniAttachmentState.Alive,
        { State: LifeState.Gone, PathHolds: true } => CniAttachmentState.InterfaceGone,
        { State: LifeState.Gone } => CniAttachmentState.NamespaceGone,
        { IsForeign: true } => CniAttachmentState.Foreign,
        _ => CniAttachmentState.Unknown,
    };

    private static Sighting Complete(IHost host, Sighting sighting, string namespacePath, string interfaceName)
    {
        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(namespacePath);
            return host.FindLink(ns, interfaceName) is { } link
                ? sighting with { Mac = link.Mac?.ToString(), HostInterface = OtherEnd(host, ns, link) }
                : sighting;
        }
        catch (LinuxException)
        {
            return sighting; // it ended just now, or may not be looked into
        }
        catch (NotANamespaceException)
        {
            return sighting;
        }
    }

    // Where the kernel says that it is: an index alone could be one of a third namespace.
    private static string? OtherEnd(IHost host, NetworkNamespace ns, Link link)
    {
        bool leadsToHost = link.PeerNamespaceId is { } number ? ns.NumberOf(host.Namespace) == number : ns.Id == host.Namespace.Id;
        return link.Kind == "veth" && leadsToHost ? host.FindLink(host.Namespace, link.Peer)?.Name : null;
    }
}

/// <summary>What was seen of an attachment.</summary>
/// <param name="State">What became of it.</param>
internal sealed record Sighting(CniAttachmentState State)
{
    /// <summary>How that is known; null where it was not looked for.</summary>
    internal string? Reason { get; init; }

    /// <summary>The interface's hardware address, as it is now.</summary>
    internal string? Mac { get; init; }

    /// <summary>The other end of a veth, on the host.</summary>
    internal string? HostInterface { get; init; }
}
