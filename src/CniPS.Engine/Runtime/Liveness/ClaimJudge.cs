using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Judges, for the GC of one network, what was found without a cache entry: it goes only when it is older than any runtime's patience, since its
/// ADD may be under way, and proven gone; or when it was named.
/// </summary>
/// <param name="host">The machine.</param>
/// <param name="judge">Knows what is alive.</param>
/// <param name="network">The network's name.</param>
/// <param name="leaseFolders">host-local's folders, in which a container's addresses are looked for where a claim has none.</param>
/// <param name="patience">How long a runtime may take for an ADD.</param>
/// <param name="named">What is removed whatever becomes of it.</param>
internal sealed class ClaimJudge(
    IHost host, LivenessJudge judge, string network, IReadOnlyCollection<string> leaseFolders, TimeSpan patience, IReadOnlyCollection<AttachmentKey> named)
    : IAttachmentJudge
{
    private readonly Dictionary<string, string?> _decided = new(StringComparer.Ordinal);
    private List<FoundLease>? _leases;

    /// <summary>What was kept although no list has it, and nobody is seen to use it: each with the reason.</summary>
    internal List<string> Doubtful { get; } = [];

    /// <inheritdoc/>
    public string? WhyKept(AttachmentClaim claim)
    {
        string key = $"{claim.ContainerId}\n{claim.InterfaceName}\n{string.Join(',', claim.Addresses)}\n{claim.HostEnd}";
        if (!_decided.TryGetValue(key, out string? why))
        {
            _decided.Add(key, why = Decide(Complete(claim)));
        }

        return why;
    }

    private string? Decide(AttachmentClaim claim)
    {
        foreach (AttachmentKey key in named)
        {
            if (key.ContainerId == claim.ContainerId && (claim.InterfaceName is null || key.InterfaceName == claim.InterfaceName))
            {
                return null;
            }
        }

        if (Young(claim) is { } young)
        {
            return young;
        }

        Verdict verdict = judge.Judge(claim);
        if (verdict.State == LifeState.Unknown && claim is { ContainerId: not null, Addresses.Count: 0, HostEnd: null } && GivesOutAddresses(claim))
        {
            return null; // who has none of the network's addresses is on it no more
        }

        if (verdict.State == LifeState.Unknown)
        {
            Doubtful.Add($"{Name(claim)}: {verdict.Reason}");
        }

        return verdict.IsGone ? null : verdict.Reason;
    }

    private string? Young(AttachmentClaim claim)
    {
        if (claim.Since is not { } since)
        {
            return null;
        }

        TimeSpan age = DateTimeOffset.UtcNow - since;
        return age >= patience ? null : $"it was made {Math.Max(0, (int)age.TotalSeconds)} seconds ago, and whoever made it may be at work still";
    }

    // A rule may know the container alone, and a lease its address and its time.
    private AttachmentClaim Complete(AttachmentClaim claim)
    {
        if (claim.ContainerId is null || (claim.Since is not null && claim.Addresses.Count > 0))
        {
            return claim;
        }

        List<IPAddress> addresses = [.. claim.Addresses];
        DateTimeOffset? since = claim.Since;
        foreach (FoundLease found in claim.LeaseFolder is { } folder ? Read(folder) : Leases())
        {
            if (found.Lease.ContainerId == claim.ContainerId && (claim.InterfaceName is null || (found.Lease.InterfaceName ?? claim.InterfaceName) == claim.InterfaceName))
            {
                addresses.Add(found.Lease.Address);
                since = since is null || found.Since > since ? found.Since : since;
            }
        }

        return claim with { Addresses = addresses, Since = since };
    }

    private bool GivesOutAddresses(AttachmentClaim claim)
    {
        foreach (string folder in claim.LeaseFolder is { } only ? [only] : leaseFolders)
        {
            if (host.FileExists(System.IO.Path.Join(folder, network)))
            {
                return true;
            }
        }

        return false;
    }

    private List<FoundLease> Leases()
    {
        if (_leases is null)
        {
            _leases = [];
            foreach (string folder in leaseFolders)
            {
                _leases.AddRange(Read(folder));
            }
        }

        return _leases;
    }

    private IEnumerable<FoundLease> Read(string folder)
    {
        foreach (Lease lease in LeaseFolder.Read(host, folder, network))
        {
            yield return new FoundLease(lease, LeaseFolder.TimeOf(folder, network, lease.Address));
        }
    }

    private static string Name(AttachmentClaim claim) =>
        claim.ContainerId is null ? $"what serves {(claim.Addresses.Count > 0 ? string.Join(", ", claim.Addresses) : claim.HostEnd)}" : $"{claim.ContainerId}{(claim.InterfaceName is null ? "" : $"/{claim.InterfaceName}")}";

    private sealed record FoundLease(Lease Lease, DateTimeOffset Since);
}
