using System;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Node.Membership;
using CniPS.Node.Store;
using CniPS.Spec;
using Etcdserverpb;
using Google.Protobuf;

namespace CniPS.Node.Blocks;

/// <summary>
/// Whose block is whose: one transaction claims one, if it is nobody's. No lock and no election, and no lease either: a block is its node's until it
/// is given back, since addresses inside may be in use however long the node is not heard of.
/// </summary>
internal sealed class BlockClaims(EtcdStore store, StoreKeys keys, NodeIdentity identity, TimeProvider clock)
{
    /// <summary>Claims a block.</summary>
    /// <param name="network">The network.</param>
    /// <param name="block">The block.</param>
    /// <param name="isNew">Whether the node has not had it before: then it waits while nodes claim theirs again after the store was restored.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The node that has it: this one's name where it was won, or was this one's already.</returns>
    /// <exception cref="CniException">The network's blocks have another length, or the store is away, or new blocks are not to be had just now.</exception>
    internal async Task<string> ClaimAsync(string network, IpPrefix block, bool isNew, CancellationToken cancellation)
    {
        string key = keys.BlockOf(network, block), sizeKey = keys.SizeOf(network, block.IsV6);
        ByteString size = EtcdStore.Bytes(block.Length.ToString(CultureInfo.InvariantCulture));
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            TxnRequest request = new()
            {
                Compare = { Commit.IsMissing(key), Commit.Holds(sizeKey, size) },
                Success =
                {
                    Commit.Put(key, StoreKeys.BlockValue(identity.Name, identity.Id, network, now)),
                    Commit.Put(keys.OwnedBy(identity.Name, network, block), Encoding.UTF8.GetBytes(now.ToString("O", CultureInfo.InvariantCulture))),
                },
                Failure = { Commit.Read(key), Commit.Read(sizeKey), Commit.Read(keys.Settling) },
            };
            if (isNew)
            {
                request.Compare.Add(Commit.IsMissing(keys.Settling));
            }

            TxnResponse response = await store.CommitAsync(request, cancellation).ConfigureAwait(false);
            if (response.Succeeded)
            {
                return identity.Name;
            }

            if (Commit.Answer(response, 0) is { } holder)
            {
                // Ours, with this id: the answer to an earlier claim was lost.
                string name = StoreKeys.Text(holder.Memory, "node");
                return name != identity.Name || StoreKeys.Text(holder.Memory, "id") == identity.Id ? name : $"{name} (another machine of this name)";
            }

            if (isNew && Commit.Answer(response, 2) is not null)
            {
                throw Settling();
            }

            ByteString? declared = Commit.Answer(response, 1);
            if (declared != size)
            {
                await DeclareAsync(network, block.IsV6, size, declared, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives a block back, if it is this node's by the store.</summary>
    internal async Task ReleaseAsync(string network, IpPrefix block, CancellationToken cancellation)
    {
        string owned = keys.OwnedBy(identity.Name, network, block);
        TxnRequest request = new()
        {
            Compare = { Commit.IsThere(owned) },
            Success = { Commit.Delete(owned), Commit.Delete(keys.BlockOf(network, block)) },
        };
        await store.CommitAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gives a block back that the node's copy has as leaving, and then forgets it there: killed in between, it is given back once more.</summary>
    internal async Task LeaveAsync(BlockCopy copy, string network, IpPrefix block, CancellationToken cancellation)
    {
        await ReleaseAsync(network, block, cancellation).ConfigureAwait(false);
        copy.Remove(copy.Read(network), block);
    }

    /// <summary>What is said while nodes claim their blocks again.</summary>
    internal static CniException Settling() => new(
        CniErrorIds.ClusterStoreUnavailable,
        CniErrorCode.TryAgainLater,
        "etcd was restored from an older state: nodes claim the blocks again that they had, and new ones can't be claimed until that is done")
    {
        RecommendedAction = "Try again in a minute (cnipsd --settling).",
    };

    // All blocks of a network and family have one length, or two of them could share addresses. Where there are none any more it may be another one.
    private async Task DeclareAsync(string network, bool v6, ByteString size, ByteString? declared, CancellationToken cancellation)
    {
        string key = keys.SizeOf(network, v6);
        TxnRequest request = new()
        {
            Compare = { declared is null ? Commit.IsMissing(key) : Commit.Holds(key, declared), Commit.IsEmpty(keys.BlocksOf(network, v6)) },
            Success = { Commit.Put(key, size.Memory) },
            Failure = { Commit.Read(key) },
        };
        TxnResponse response = await store.CommitAsync(request, cancellation).ConfigureAwait(false);
        if (!response.Succeeded && Commit.Answer(response, 0) is { } now && now != size)
        {
            throw new CniException(
                CniErrorIds.InvalidNetworkConfig,
                CniErrorCode.InvalidNetworkConfig,
                $"network {network} has blocks of /{now.ToStringUtf8()} in the cluster, and here /{size.ToStringUtf8()} is asked for")
            {
                RecommendedAction = "Give \"blockSize\" the same value on every node. It can be changed when no node has a block of the network.",
            };
        }
    }
}
