using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Runtime;

/// <summary>What a path leads to.</summary>
internal enum GlanceKind
{
    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>Something that is no namespace (any more): a file whose mount is gone.</summary>
    NoNamespace,

    /// <summary>It can't be opened.</summary>
    Closed,

    /// <summary>A namespace without such an interface.</summary>
    Without,

    /// <summary>A namespace in which an interface of that name is another's.</summary>
    Foreign,

    /// <summary>The attachment's namespace, with its interface.</summary>
    Ours,
}

/// <summary>A look at a path that is said to lead to an attachment's namespace.</summary>
/// <param name="Kind">What it leads to.</param>
/// <param name="Path">The path.</param>
internal sealed record NamespaceGlance(GlanceKind Kind, string Path)
{
    /// <summary>The attachment's interface, where it is there.</summary>
    internal Link? Link { get; init; }

    /// <summary>The namespace, where there is one.</summary>
    internal NamespaceId? Namespace { get; init; }

    /// <summary>Why it can't be opened.</summary>
    internal string? Failure { get; init; }

    /// <summary>
    /// Whether the path may lead to another's namespace by now: process ids are given out again, and this one's process was started after the
    /// attachment was made. A named namespace is somebody's choice.
    /// </summary>
    internal bool MayBeAnothers { get; init; }

    /// <summary>Whether a path is a process's: <c>/proc/123/ns/net</c>.</summary>
    internal static bool IsOfProcessPath(string path) => path.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>Whether something is at a path that is no namespace: the file of a named one whose mount is gone.</summary>
    internal static bool IsNoNamespace(string path)
    {
        try
        {
            if (path.Length > 0)
            {
                NetworkNamespace.Open(path).Dispose();
            }

            return false;
        }
        catch (NotANamespaceException)
        {
            return true;
        }
        catch (LinuxException)
        {
            return false; // nothing is there, or it can't be told
        }
    }

    /// <summary>Looks.</summary>
    internal static NamespaceGlance At(IHost host, string path, AttachmentEvidence evidence)
    {
        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(path);
            bool mayBeAnothers = IsOfProcessPath(path) && !(ProcessStart.Of(path) <= evidence.Since);
            (GlanceKind kind, Link? link) = Look(host, ns, path, evidence, mayBeAnothers);
            return new NamespaceGlance(kind, path) { Link = link, Namespace = ns.Id, MayBeAnothers = mayBeAnothers };
        }
        catch (NotANamespaceException)
        {
            return new NamespaceGlance(GlanceKind.NoNamespace, path);
        }
        catch (LinuxException e)
        {
            return new NamespaceGlance(e.IsNotFound || IsNoFolder(e) ? GlanceKind.Missing : GlanceKind.Closed, path) { Failure = e.Message };
        }
    }

    private static bool IsNoFolder(LinuxException e) => e.Errno == 20; // ENOTDIR

    private static (GlanceKind Kind, Link? Link) Look(IHost host, NetworkNamespace ns, string path, AttachmentEvidence evidence, bool mayBeAnothers)
    {
        // Nearly always this one question is enough.
        Link? named = host.FindLink(ns, evidence.InterfaceName);
        if (named is not null && (evidence.IsKnownMac(named) || IsTheOtherEnd(host, ns, named, evidence)))
        {
            return (GlanceKind.Ours, named);
        }

        if (named is not null && evidence.Macs.Count == 0 && (!mayBeAnothers || evidence.Addresses.Count == 0))
        {
            return (GlanceKind.Ours, named); // nothing that is known speaks against it
        }

        IReadOnlyList<Link> links = host.GetLinks(ns);
        foreach (Link link in links)
        {
            if (evidence.IsKnownMac(link) && ns.Id != host.Namespace.Id)
            {
                return (GlanceKind.Ours, link);
            }
        }

        if (evidence.Addresses.Count > 0)
        {
            SeenNamespace seen = new(ns.Id, [], path, links, host.GetAddresses(ns), null);
            foreach (Link link in seen.WithAddress(evidence.Addresses))
            {
                return (GlanceKind.Ours, link);
            }
        }

        return (named is null ? GlanceKind.Without : GlanceKind.Foreign, named);
    }

    // A MAC address can be changed inside; where the pair leads can't.
    private static bool IsTheOtherEnd(IHost host, NetworkNamespace ns, Link inside, AttachmentEvidence evidence)
    {
        foreach ((string name, _) in inside is { Kind: "veth", PeerNamespaceId: >= 0 } ? evidence.HostEnds : [])
        {
            if (host.FindLink(host.Namespace, name) is { Kind: "veth" } outside && outside.Index == inside.Peer && outside.Peer == inside.Index
                && host.Namespace.NumberOf(ns) == outside.PeerNamespaceId)
            {
                return true;
            }
        }

        return false;
    }
}
