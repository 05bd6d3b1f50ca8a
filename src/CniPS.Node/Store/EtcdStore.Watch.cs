using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Spec;
using Etcdserverpb;
using Grpc.Core;
using Mvccpb;

namespace CniPS.Node.Store;

/// <content>Watching keys.</content>
internal sealed partial class EtcdStore
{
    /// <summary>All keys that begin with a text, and the revision that they are of.</summary>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<(IReadOnlyList<KeyValue> Keys, long Revision)> SnapshotAsync(string prefix, CancellationToken cancellation)
    {
        RangeRequest request = new() { Key = Bytes(prefix), RangeEnd = EndOf(prefix) };
        RangeResponse response = await CallAsync((member, options) => member.Values.RangeAsync(request, options), cancellation).ConfigureAwait(false);
        return (response.Kvs, response.Header.Revision);
    }

    /// <summary>
    /// What happens to keys that begin with a text, from a revision on. It ends with an error in any case: where the connection was lost, it can be resumed
    /// behind the last revision; where the store has forgotten that one, everything has to be listed again.
    /// </summary>
    /// <param name="prefix">The text.</param>
    /// <param name="from">The first revision of interest.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Each time the store tells something: the events, and the revision up to which all is told.</returns>
    /// <exception cref="HistoryLostException">That revision is forgotten (compaction), or not reached any more: the store was restored.</exception>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async IAsyncEnumerable<(IReadOnlyList<Event> Events, long Revision)> WatchAsync(
        string prefix, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call = await TryMembersAsync(
            (member, options) => OpenAsync(member, options, prefix, from, cancellation), cancellation).ConfigureAwait(false);
        while (true)
        {
            WatchResponse response = await NextAsync(call, cancellation).ConfigureAwait(false);
            if (response.CompactRevision > 0)
            {
                throw new HistoryLostException($"the store has forgotten what was before revision {response.CompactRevision}, and {from} was asked for");
            }

            if (response.Created && response.Header.Revision < from - 1)
            {
                throw new HistoryLostException($"the store is at revision {response.Header.Revision} only: it was restored from an older state");
            }

            if (response.Canceled)
            {
                throw Unavailable(new RpcException(new Status(StatusCode.Unavailable, response.CancelReason)));
            }

            // What the header says may be ahead of the events while the store still goes through older ones.
            if (response.Events.Count > 0)
            {
                yield return (response.Events, response.Events[^1].Kv.ModRevision);
            }
            else if (!response.Created)
            {
                yield return ([], response.Header.Revision);
            }
            else
            {
                yield return ([], from - 1);
            }
        }
    }

    // The first answer tells that the member is there; after that nothing may be said for hours. A member without a leader says so, and is left.
    private static async Task<AsyncDuplexStreamingCall<WatchRequest, WatchResponse>> OpenAsync(
        EtcdMember member, CallOptions options, string prefix, long from, CancellationToken cancellation)
    {
        Metadata headers = options.Headers ?? [];
        headers.Add("hasleader", "true");
        AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call = member.Watches.Watch(new CallOptions(headers, cancellationToken: cancellation));
        try
        {
            WatchCreateRequest create = new() { Key = Bytes(prefix), RangeEnd = EndOf(prefix), StartRevision = from, ProgressNotify = true };
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.Deadline!.Value - DateTime.UtcNow is { Ticks: > 0 } rest ? rest : TimeSpan.FromMilliseconds(1));
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = create }, limit.Token).ConfigureAwait(false);
            await call.ResponseHeadersAsync.WaitAsync(limit.Token).ConfigureAwait(false);
            return call;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            call.Dispose();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "no answer in time"));
        }
        catch (Exception)
        {
            call.Dispose();
            throw;
        }
    }

    private async Task<WatchResponse> NextAsync(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false)
                ? call.ResponseStream.Current
                : throw new RpcException(new Status(StatusCode.Unavailable, "the stream ended"));
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Unavailable(e);
        }
    }
}
