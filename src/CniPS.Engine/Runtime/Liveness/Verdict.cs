using System.IO;
using CniPS.Linux.Namespaces;

namespace CniPS.Runtime;

/// <summary>What became of an attachment.</summary>
public enum LifeState
{
    /// <summary>It can't be told. Nothing of it may be removed, unless it is named.</summary>
    Unknown,

    /// <summary>Its interface is there.</summary>
    Alive,

    /// <summary>It is proven that its interface is nowhere on this machine.</summary>
    Gone,
}

/// <summary>What became of an attachment, and how that is known.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Reason">The evidence, as half a sentence: <c>its interface is in /run/netns/blue</c>.</param>
public sealed record Verdict(LifeState State, string Reason)
{
    /// <summary>
    /// Whether the path that ADD was given leads to its namespace still (which it may have left by now); else nothing may be done by that path:
    /// it leads nowhere, or to another's.
    /// </summary>
    public bool PathHolds { get; init; }

    /// <summary>Whether an interface of its name is in its namespace, but by all that is known another's.</summary>
    public bool IsForeign { get; init; }

    /// <summary>A path by which the namespace that its interface is in can be opened; null where it was not seen, or can't be.</summary>
    public string? NamespacePath { get; init; }

    /// <summary>That namespace; likewise.</summary>
    public NamespaceId? Namespace { get; init; }

    /// <summary>The name that its interface has now; likewise.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool IsAlive => State == LifeState.Alive;

    /// <summary>Whether it is proven gone.</summary>
    public bool IsGone => State == LifeState.Gone;

    /// <summary>The attachment as DEL must be given it: never by a path that leads to another's namespace.</summary>
    internal Attachment Direct(Attachment attachment) =>
        PathHolds || attachment.NetNS.Length == 0 ? attachment
        : IsAlive && NamespacePath is { } seen ? attachment with { NetNS = seen }
        : File.Exists(attachment.NetNS) ? attachment with { NetNS = "" }
        : attachment;

    /// <summary>State and reason, for people.</summary>
    public override string ToString() => $"{State.ToString().ToLowerInvariant()}: {Reason}";
}
