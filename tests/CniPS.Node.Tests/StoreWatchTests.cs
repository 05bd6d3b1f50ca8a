using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Node.Options;
using CniPS.Node.Store;
using Mvccpb;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>Watching keys of a real etcd.</summary>
public sealed class StoreWatchTests
{
    [Fact]
    public async Task AWatchIsResumedAndWhatTheStoreHasForgottenIsToldFromALostConnection()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Etcd etcd = new();
        using EtcdStore store = new(new NodeSettings { Endpoints = [new Uri(etcd.Endpoint)], Timeout = TimeSpan.FromSeconds(30) }, default);
        etcd.Ctl("put", "/x/a", "1");
        (IReadOnlyList<KeyValue> keys, long revision) = await store.SnapshotAsync("/x/", cancellation);
        Assert.Equal("/x/a", Assert.Single(keys).Key.ToStringUtf8());
        etcd.Ctl("put", "/x/b", "2");
        etcd.Ctl("del", "/x/a");
        List<string> seen = [];
        long last = revision;
        await foreach ((IReadOnlyList<Event> events, long at) in store.WatchAsync("/x/", revision + 1, cancellation))
        {
            seen.AddRange(events.Select(one => $"{one.Type} {one.Kv.Key.ToStringUtf8()}"));
            last = at;
            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.Equal(["Put /x/b", "Delete /x/a"], seen);
        Assert.Equal(revision + 2, last);

        // Lost: told as such, and resumed behind what was seen.
        await using (IAsyncEnumerator<(IReadOnlyList<Event> Events, long Revision)> watch = store.WatchAsync("/x/", last + 1, cancellation).GetAsyncEnumerator(cancellation))
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(last, watch.Current.Revision);
            etcd.Kill();
            await Assert.ThrowsAsync<CniPS.Spec.CniException>(async () => await watch.MoveNextAsync());
        }

        etcd.Start();
        etcd.Ctl("put", "/x/c", "3");
        await foreach ((IReadOnlyList<Event> events, long at) in store.WatchAsync("/x/", last + 1, cancellation))
        {
            if (events.Count > 0)
            {
                Assert.Equal("/x/c", Assert.Single(events).Kv.Key.ToStringUtf8());
                break;
            }
        }

        // Forgotten; and never reached, as after a restored snapshot.
        etcd.Ctl("compact", (last + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Assert.ThrowsAsync<HistoryLostException>(async () => await DrainAsync(store, revision, cancellation));
        await Assert.ThrowsAsync<HistoryLostException>(async () => await DrainAsync(store, last + 1000, cancellation));
    }

    private static async Task DrainAsync(EtcdStore store, long from, CancellationToken cancellation)
    {
        await foreach ((IReadOnlyList<Event>, long) _ in store.WatchAsync("/x/", from, cancellation))
        {
        }
    }
}
