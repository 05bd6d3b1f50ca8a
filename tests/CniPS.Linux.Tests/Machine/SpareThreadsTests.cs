using System;
using System.Collections.Concurrent;
using System.Threading;
using CniPS.Linux.Machine;
using Xunit;

namespace CniPS.Linux.Tests.Machine;

/// <summary>Threads of one who is done don't stay.</summary>
public sealed class SpareThreadsTests
{
    // An idle one ends by itself after five seconds: one pipeline after the other would have hundreds of them.
    [Fact]
    public void They_end_with_their_owner()
    {
        ConcurrentBag<Thread> seen = [];
        using (SpareThreads threads = new())
        {
            using CountdownEvent begun = new(20);
            for (int i = 0; i < 20; i++)
            {
                threads.Run(() =>
                {
                    seen.Add(Thread.CurrentThread);
                    begun.Signal();
                });
            }

            begun.Wait(TestContext.Current.CancellationToken);
        }

        Assert.All(seen, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(3))));
    }
}
