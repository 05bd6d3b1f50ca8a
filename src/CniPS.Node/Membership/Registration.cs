using System;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Node.Store;
using CniPS.Spec;
using Etcdserverpb;
using Mvccpb;

namespace CniPS.Node.Membership;

/// <summary>
/// The node's place in the cluster: a key that stays, so that nobody else takes its name, and one that a lease takes away when the node is not
/// heard of any more. Blocks hang on neither.
/// </summary>
internal sealed class Registration(EtcdStore store, StoreKeys keys, NodeIdentity identity, TimeProvider clock)
{
    /// <summary>How long after its last sign of life a node counts as alive.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_seenEvery = TimeSpan.FromMinutes(5);

    private long _lease;
    private long? _seen; // by a clock that nobody sets

    /// <summary>Makes the node known, or gives a sign of life.</summary>
    /// <exception cref="CniException">The name is another machine's (<see cref="CniErrorIds.ClusterNodeRefused"/>), or the store is away.</exception>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_lease == 0 || !await store.KeepAliveAsync(_lease, cancellation).ConfigureAwait(false))
        {
            _lease = await store.GrantAsync(Life, cancellation).ConfigureAwait(false);
            await PutAsync(cancellation).ConfigureAwait(false);
        }
        else if (_seen is not { } seen || clock.GetElapsedTime(seen) > s_seenEvery)
        {
            await PutAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task PutAsync(CancellationToken cancellation)
    {
        string key = keys.NodeOf(identity.Name);
        KeyValue? there = await store.FindAsync(key, cancellation).ConfigureAwait(false);
        if (there is not null && StoreKeys.Text(there.Value.Memory, "id") != identity.Id)
        {
            throw NameTaken();
        }

        DateTimeOffset now = clock.GetUtcNow();
        TxnRequest request = new()
        {
            Compare = { there is null ? Commit.IsMissing(key) : Commit.Holds(key, there.Value) },
            Success = { Commit.Put(key, StoreKeys.NodeValue(identity.Id, now)), Commit.Put(keys.AliveOf(identity.Name), default, _lease) },
        };
        if (!(await store.CommitAsync(request, cancellation).ConfigureAwait(false)).Succeeded)
        {
            _lease = 0; // somebody was there in between: look again
            throw new CniException(CniErrorIds.ClusterStoreUnavailable, CniErrorCode.TryAgainLater, $"node {identity.Name} was changed in the store just now")
            {
                RecommendedAction = "Try again.",
            };
        }

        _seen = clock.GetTimestamp();
    }

    private CniException NameTaken() =>
        new(CniErrorIds.ClusterNodeRefused, CniErrorCode.Internal, $"there is another machine in the cluster with the name {identity.Name}")
        {
            RecommendedAction = "Give this one another name (--node). If that was this machine before it lost its folder: Remove-CniNode, on another node, "
                + "after all its containers are gone.",
        };
}
