using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Node.Store;
using CniPS.Spec;
using Mvccpb;

namespace CniPS.Node.Overlay;

/// <summary>
/// Keeps the table of peers as the store has it: lists, then hears what happens; goes on where it was after a lost connection, and lists again only where the store can't
/// tell any more.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="peers">The table.</param>
/// <param name="changed">Is called when something in it has changed.</param>
/// <param name="told">What goes wrong again and again.</param>
/// <param name="log">Is told what is worth knowing.</param>
internal sealed class PeerFollower(EtcdStore store, PeerTable peers, Action changed, OverlayLog told, Action<string> log)
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    /// <summary>Whether all peers were known at some time.</summary>
    internal bool IsListed { get; private set; }

    /// <summary>Follows the store until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        long? next = null;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                next ??= await ListAsync(cancellation).ConfigureAwait(false);
                await foreach ((IReadOnlyList<Event> events, long revision) in store.WatchAsync(peers.Folder, next.Value, cancellation).ConfigureAwait(false))
                {
                    peers.Apply(events, log);
                    next = revision + 1;
                    told.Done("store");
                    if (events.Count > 0)
                    {
                        changed();
                    }
                }
            }
            catch (HistoryLostException e)
            {
                log($"{e.Message}: all subnets are listed again");
                next = null;
            }
            catch (CniException e)
            {
                told.Failed("store", e);
                await Task.Delay(s_retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Lists all peers.</summary>
    /// <returns>The revision from which on it has to be heard.</returns>
    /// <exception cref="CniException">The store is away.</exception>
    internal async Task<long> ListAsync(CancellationToken cancellation)
    {
        (IReadOnlyList<KeyValue> keys, long revision) = await store.SnapshotAsync(peers.Folder, cancellation).ConfigureAwait(false);
        peers.Reset(keys, log);
        IsListed = true;
        changed();
        return revision + 1;
    }
}
