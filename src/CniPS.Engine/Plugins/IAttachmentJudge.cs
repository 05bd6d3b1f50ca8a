using System;
using System.Collections.Generic;
using System.Net;

namespace CniPS.Plugins;

/// <summary>
/// Says of what GC finds, and of which no runtime's list speaks, whether it may go. Other runtimes attach containers too, and their caches are
/// not ours to read: only what is proven gone is removed.
/// </summary>
public interface IAttachmentJudge
{
    /// <summary>Why something must stay; null where whoever it served is proven gone.</summary>
    string? WhyKept(AttachmentClaim claim);
}

/// <summary>What something that was found says of whom it serves: a lease, a rule, a link.</summary>
/// <param name="Network">The network's name.</param>
public sealed record AttachmentClaim(string Network)
{
    /// <summary>The container; null where it doesn't say.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Its interface; likewise.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>Its addresses, as far as they are known.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The host's end of its pair; null where it doesn't say.</summary>
    public string? HostEnd { get; init; }

    /// <summary>A folder of host-local's in which its addresses are; null where the network's own are meant.</summary>
    public string? LeaseFolder { get; init; }

    /// <summary>When it was made; null where that is not known.</summary>
    public DateTimeOffset? Since { get; init; }
}
