using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Node.Flannel;
using CniPS.Node.Store;
using CniPS.Plugins;
using CniPS.Spec;
using Etcdserverpb;
using Google.Protobuf;

namespace CniPS.Node.Overlay;

/// <summary>The node's own subnet in flannel's keys: found again, taken, kept with its lease, and had again where it was lost.</summary>
internal sealed class SubnetKeeper(EtcdStore store, PeerTable peers, TimeProvider clock, Action<string> log)
{
    /// <summary>How long a key outlives its node's last word, as flannel's do.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private static readonly TimeSpan s_renewEvery = TimeSpan.FromHours(1);

    private const int Tries = 10;

    private long _storeLease;
    private long _renewed; // by a clock that nobody sets

    /// <summary>What the node has; null before it has any.</summary>
    internal SubnetLease? Own { get; private set; }

    /// <summary>Sees to it that the node has its subnets, and that its key says what it is to say.</summary>
    /// <param name="config">The network.</param>
    /// <param name="node">What the key says of the node: addresses, backend, ends of tunnels; its subnets are ignored.</param>
    /// <param name="before">The subnets that the node had by its own files.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CniException">The store is away, or no subnet is free.</exception>
    internal async Task KeepAsync(FlannelConfig config, SubnetLease node, IReadOnlyList<IpPrefix> before, CancellationToken cancellation)
    {
        for (int i = 0; i < Tries; i++)
        {
            if (Own is not null ? await KeepOwnAsync(node, cancellation).ConfigureAwait(false) : await TakeAsync(config, node, before, i, cancellation).ConfigureAwait(false))
            {
                return;
            }

            // Somebody was there in between.
            (IReadOnlyList<Mvccpb.KeyValue> keys, _) = await store.SnapshotAsync(peers.Folder, cancellation).ConfigureAwait(false);
            peers.Reset(keys, log);
        }

        throw new CniException(CniErrorIds.ClusterStoreUnavailable, CniErrorCode.TryAgainLater, $"others took the subnets that were tried, {Tries} times")
        {
            RecommendedAction = "It is tried again by itself.",
        };
    }

    /// <summary>Which subnets the node would have, of what is known now; nothing is taken.</summary>
    /// <returns>The lease, and whether it is there already.</returns>
    internal (SubnetLease Lease, bool IsThere) Choose(FlannelConfig config, SubnetLease node, IReadOnlyList<IpPrefix> before, int attempt)
    {
        IReadOnlyList<SubnetLease> all = peers.Leases;
        if (OfThisNode(all, node) is { } found && config.Fits(found.Subnet, found.SubnetV6))
        {
            return (node with { Subnet = found.Subnet, SubnetV6 = found.SubnetV6 }, true);
        }

        (IpPrefix subnet, IpPrefix? subnetV6) = SubnetChoice.Choose(
            config, all, attempt == 0 ? before : [], StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{node.PublicIP} {attempt}")));
        return (node with { Subnet = subnet, SubnetV6 = subnetV6 }, false);
    }

    private async Task<bool> TakeAsync(FlannelConfig config, SubnetLease node, IReadOnlyList<IpPrefix> before, int attempt, CancellationToken cancellation)
    {
        if (OfThisNode(peers.Leases, node) is { } stale && !config.Fits(stale.Subnet, stale.SubnetV6))
        {
            log($"subnet {stale.Key} was this node's, and is none of the network any more: given back");
            await store.CommitAsync(new TxnRequest { Success = { Commit.Delete(peers.Folder + stale.Key) } }, cancellation).ConfigureAwait(false);
            return false;
        }

        (SubnetLease lease, bool isThere) = Choose(config, node, before, attempt);
        string key = peers.Folder + lease.Key;
        bool isReservation = isThere && peers.StoreLeaseOf(lease.Key) == 0;
        long storeLease = isReservation ? 0 : await store.GrantAsync(Life, cancellation).ConfigureAwait(false);
        TxnRequest request = new()
        {
            Compare = { isThere ? Commit.IsThere(key) : Commit.IsMissing(key) },
            Success = { Commit.Put(key, lease.Value, storeLease) },
        };
        if (!(await store.CommitAsync(request, cancellation).ConfigureAwait(false)).Succeeded)
        {
            return false;
        }

        _storeLease = storeLease;
        log($"subnet {lease.Key} is this node's{(isReservation ? ", reserved for it" : isThere ? ", as it was" : "")}");
        return Kept(lease, isRenewed: true);
    }

    // The key is there with this node's name on it; or it went (its lease ran out while the store was not reached, or somebody deleted it), and is put again
    // as long as nobody has it: containers have its addresses. Where somebody has, they can't be reached any more, and new ones get others.
    private async Task<bool> KeepOwnAsync(SubnetLease node, CancellationToken cancellation)
    {
        SubnetLease own = node with { Subnet = Own!.Subnet, SubnetV6 = Own.SubnetV6 };
        string key = peers.Folder + own.Key;
        bool isRenewal = clock.GetElapsedTime(_renewed) >= s_renewEvery;
        SubnetLease? there = peers.Find(own.Key);
        if (there == own && (!isRenewal || _storeLease == 0 || await store.KeepAliveAsync(_storeLease, cancellation).ConfigureAwait(false)))
        {
            return Kept(own, isRenewal);
        }

        // A reservation, which hangs on no lease, stays one.
        _storeLease = there is not null && _storeLease == 0 ? 0 : await store.GrantAsync(Life, cancellation).ConfigureAwait(false);
        TxnRequest request = new()
        {
            Compare = { Commit.IsMissing(key) },
            Success = { Commit.Put(key, own.Value, _storeLease) },
            Failure = { Commit.Read(key) },
        };
        TxnResponse response = await store.CommitAsync(request, cancellation).ConfigureAwait(false);
        if (response.Succeeded)
        {
            log($"subnet {own.Key} was missing in the store, and is put again");
        }
        else if (Commit.Answer(response, 0) is not { } holds)
        {
            return false;
        }
        else if (IsOwn(own.Key, holds, node))
        {
            // Ours; but with an old address, or on a lease that has gone.
            request = new TxnRequest { Compare = { Commit.Holds(key, holds) }, Success = { Commit.Put(key, own.Value, _storeLease) } };
            if (!(await store.CommitAsync(request, cancellation).ConfigureAwait(false)).Succeeded)
            {
                return false;
            }
        }
        else
        {
            log($"CONFLICT: subnet {own.Key} is another node's by the store: {holds.ToStringUtf8()}. Containers with its addresses can't be reached from other nodes: "
                + "make them anew. New ones get another subnet.");
            Own = null;
            return false;
        }

        return Kept(own, isRenewed: true);
    }

    private bool Kept(SubnetLease own, bool isRenewed)
    {
        Own = own;
        _renewed = isRenewed ? clock.GetTimestamp() : _renewed;
        peers.Put(own, _storeLease);
        return true;
    }

    // By the address that it has, or had when it was put last.
    private bool IsOwn(string key, ByteString holds, SubnetLease node)
    {
        try
        {
            System.Net.IPAddress? address = SubnetLease.Parse(key, holds.Memory).PublicIP;
            return address is not null && (address.Equals(node.PublicIP) || address.Equals(Own?.PublicIP));
        }
        catch (CniException)
        {
            return false; // nothing that a node would put: it is told as a conflict
        }
    }

    private static SubnetLease? OfThisNode(IReadOnlyList<SubnetLease> all, SubnetLease node)
    {
        foreach (SubnetLease lease in all)
        {
            if (node.PublicIP!.Equals(lease.PublicIP))
            {
                return lease;
            }
        }

        return null;
    }
}
