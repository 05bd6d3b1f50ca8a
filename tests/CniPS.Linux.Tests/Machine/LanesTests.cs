using System;
using System.Collections.Generic;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Machine;

/// <summary>Changes of many operations are made together; nobody waits for those who have nothing to do with him.</summary>
public sealed class LanesTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60), s_pause = TimeSpan.FromMilliseconds(1);

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    // With a barrier between two groups nobody would come to the next one before the first is made.
    [Fact]
    public void While_some_links_are_deleted_others_get_ready()
    {
        Machine machine = new(_sandbox.Host);
        using CountdownEvent ready = new(24);
        machine.Making = () => Assert.True(ready.Wait(s_long, TestContext.Current.CancellationToken), "the others did not get ready");
        using (Lanes lanes = new(machine, 128, atOnce: 2, inTurn: false, s_pause))
        {
            for (int i = 0; i < 24; i++)
            {
                LinkDelete change = Gone(i);
                lanes.Start(host =>
                {
                    ready.Signal();
                    Assert.Single(host.Apply([change]));
                });
            }
        }

        Assert.Equal(24, machine.Groups.Sum());
        Assert.True(machine.Groups.Count < 12, $"in groups of {string.Join(' ', machine.Groups)}");
    }

    [Fact]
    public void Who_gives_no_more_and_waits_for_nothing_keeps_nothing_waiting()
    {
        Machine machine = new(_sandbox.Host);
        using CountdownEvent done = new(3);
        using Lanes lanes = new(machine, 128, atOnce: 2, inTurn: true, s_pause);
        for (int i = 0; i < 3; i++)
        {
            LinkDelete change = Gone(i);
            lanes.Start(host =>
            {
                host.Apply([change]);
                done.Signal();
            });
        }

        Assert.True(done.Wait(s_long, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Who_is_in_a_hurry_waits_for_no_others()
    {
        Machine machine = new(_sandbox.Host);
        using Lanes lanes = new(machine, 128, atOnce: 2, inTurn: false, pause: s_long);
        LinkDelete change = Gone(1);
        lanes.Start(host => host.Apply([change]));
        long start = Stopwatch.GetTimestamp();
        lanes.Wait();

        Assert.True(Stopwatch.GetElapsedTime(start) < s_long);
        Assert.Equal([1], machine.Groups);
    }

    [Fact]
    public void A_few_are_begun_one_after_the_other_and_many_side_by_side()
    {
        foreach ((int count, int most) in new[] { (10, 1), (60, 3) })
        {
            int running = 0, seen = 0;
            using Lanes lanes = new(_sandbox.Host, 128, atOnce: 3, inTurn: true, s_pause);
            for (int i = 0; i < count; i++)
            {
                lanes.Start(_ =>
                {
                    int now = Interlocked.Increment(ref running);
                    for (int before = Volatile.Read(ref seen); now > before; before = Volatile.Read(ref seen))
                    {
                        Interlocked.CompareExchange(ref seen, now, before);
                    }

                    Thread.Sleep(2);
                    Interlocked.Decrement(ref running);
                });
            }

            lanes.Wait();
            Assert.Equal(most, seen);
        }
    }

    // One that holds a lock which another one wants must not wait for him.
    [Fact]
    public void Who_runs_and_wants_a_lock_of_one_who_waits_gets_it_after_a_while()
    {
        Machine machine = new(_sandbox.Host);
        using SemaphoreSlim locked = new(1);
        using Lanes lanes = new(machine, 128, atOnce: 2, inTurn: false, s_pause);
        for (int i = 0; i < 2; i++)
        {
            LinkDelete change = Gone(i);
            lanes.Start(host =>
            {
                locked.Wait();
                host.Apply([change]);
                locked.Release();
            });
        }

        lanes.Wait();
        Assert.Equal([1, 1], machine.Groups);
    }

    // No such link: to delete it is no error, and asks for no privilege.
    private LinkDelete Gone(int i) => new(_sandbox.Host.Namespace, new LinkId($"gone{i}", 1_000_000 + i));

    private sealed class Machine(IHost machine) : DelegatingHost(machine)
    {
        internal Action Making { get; set; } = static () => { };

        internal ConcurrentQueue<int> Groups { get; } = new();

        public override IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
        {
            Groups.Enqueue(changes.Count);
            Making();
            return base.Apply(changes);
        }
    }
}
