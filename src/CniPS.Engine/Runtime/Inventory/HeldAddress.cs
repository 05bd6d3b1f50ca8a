using System;
using CniPS.Plugins.Ipam;

namespace CniPS.Runtime;

/// <summary>An address that host-local has given out, and what became of whoever holds it.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Lease">The address, and who holds it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Since">When it was given out: the file's time.</param>
public sealed record HeldAddress(string Network, Lease Lease, string Path, DateTimeOffset Since)
{
    /// <summary>The attachment that holds it, as the cache has it; null where the cache knows none.</summary>
    public CachedAttachment? Attachment { get; init; }

    /// <summary>What became of whoever holds it.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why nobody uses it any more; null where somebody does, or it can't be told.</summary>
    public string? StaleReason => Verdict.IsGone ? Verdict.Reason : null;
}
