using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CniPS.Runtime;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What is given one by one is done together, and nothing waits for its giver.</summary>
public sealed class BulkFeedTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    [Fact]
    public void What_comes_of_each_is_taken_in_its_order()
    {
        using BulkFeed<int, int> feed = new((items, done, _) => items.ToList().ForEach(item => done(item * 2)));
        List<int> taken = [];
        for (int i = 0; i < 1_000; i++)
        {
            if (feed.Held == BulkFeed.Most)
            {
                taken.Add(feed.Take());
            }

            feed.Give(i);
        }

        while (feed.Held > 0)
        {
            taken.Add(feed.Take());
        }

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i * 2), taken);
    }

    [Fact]
    public void Who_pauses_keeps_nothing_waiting()
    {
        using CountdownEvent begun = new(3);
        using BulkFeed<int, int> feed = new((items, done, _) =>
        {
            foreach (int item in items)
            {
                begun.Signal();
                done(item);
            }
        });
        feed.Give(1);
        feed.Give(2);
        feed.Give(3);
        Assert.True(begun.Wait(s_long, TestContext.Current.CancellationToken)); // fewer than a round, and nobody takes
    }

    [Fact]
    public void Rounds_grow_and_none_has_more_than_are_held()
    {
        List<int> rounds = [];
        using SemaphoreSlim go = new(0), begun = new(0);
        using BulkFeed<int, int> feed = new((items, done, _) =>
        {
            rounds.Add(items.Count);
            begun.Release();
            Assert.True(go.Wait(s_long));
            items.ToList().ForEach(done);
        });
        feed.Give(0);
        Assert.True(begun.Wait(s_long, TestContext.Current.CancellationToken)); // the first round is under way, whatever it has
        for (int i = 1; i < BulkFeed.Most; i++)
        {
            feed.Give(i);
        }

        Assert.Throws<InvalidOperationException>(() => feed.Give(BulkFeed.Most));
        go.Release(BulkFeed.Most);
        Assert.Equal(Enumerable.Range(0, BulkFeed.Most), Enumerable.Range(0, BulkFeed.Most).Select(_ => feed.Take()));
        Assert.Equal([1, 16, 64, 47], rounds);
        Assert.Throws<InvalidOperationException>(() => feed.Take());
    }

    [Fact]
    public void Who_ends_it_waits_for_what_is_under_way_and_begins_nothing_more()
    {
        List<int> done = [];
        using SemaphoreSlim begun = new(0);
        BulkFeed<int, int> feed = new((items, tell, stop) =>
        {
            begun.Release();
            Assert.True(stop.WaitHandle.WaitOne(s_long));
            done.AddRange(items);
        });
        feed.Give(1);
        Assert.True(begun.Wait(s_long, TestContext.Current.CancellationToken));
        feed.Give(2);
        feed.Dispose();
        Assert.Equal([1], done);
    }

    [Fact]
    public void What_can_t_be_done_at_all_is_thrown_where_somebody_waits()
    {
        using BulkFeed<int, int> feed = new((_, _, _) => throw new InvalidOperationException("no thread"));
        feed.Give(1);
        Assert.Equal("no thread", Assert.Throws<InvalidOperationException>(() => feed.Take()).Message);
    }
}
