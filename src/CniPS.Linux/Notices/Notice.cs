using CniPS.Linux.Route;

namespace CniPS.Linux.Notices;

/// <summary>What the kernel tells unasked.</summary>
/// <param name="NamespaceNumber">The listening namespace's number for the one that it happened in; null for the listening one itself.</param>
public abstract record Notice(int? NamespaceNumber);

/// <summary>Something is there: it has come, or changed.</summary>
/// <param name="NamespaceNumber">As of every notice.</param>
/// <param name="Item">What.</param>
/// <param name="Replaces">Whether it stands for what was there of its kind and purpose (NLM_F_REPLACE): a route for those of the same destination.</param>
public sealed record Appearance(int? NamespaceNumber, KernelItem Item, bool Replaces) : Notice(NamespaceNumber);

/// <summary>Something is gone.</summary>
/// <param name="NamespaceNumber">As of every notice.</param>
/// <param name="Item">What.</param>
public sealed record Departure(int? NamespaceNumber, KernelItem Item) : Notice(NamespaceNumber);

/// <summary>A namespace has ended, and its number stands for none any more (RTM_DELNSID).</summary>
/// <param name="NamespaceNumber">The number.</param>
public sealed record NamespaceEnd(int? NamespaceNumber) : Notice(NamespaceNumber);

/// <summary>A line of a bridge's or VXLAN's forwarding database has come, changed or gone (RTM_NEWNEIGH and RTM_DELNEIGH of AF_BRIDGE): told to who asks for it.</summary>
/// <param name="NamespaceNumber">As of every notice.</param>
/// <param name="Entry">The line.</param>
/// <param name="IsGone">Whether it has gone.</param>
public sealed record ForwardingNotice(int? NamespaceNumber, ForwardingEntry Entry, bool IsGone) : Notice(NamespaceNumber);
