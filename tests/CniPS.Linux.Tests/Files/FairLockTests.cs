using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Files;
using Xunit;

namespace CniPS.Linux.Tests.Files;

public sealed class FairLockTests : IDisposable
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1), s_short = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-locks-").FullName;

    private string Top => Path.Join(_folder, "cnips", "locks");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Many_share_it_and_one_has_it_alone()
    {
        using (Shared())
        using (Shared())
        {
            Assert.Throws<LockHeldException>(() => Alone(s_short));
        }

        using (Alone())
        {
            Assert.Throws<LockHeldException>(() => Shared(s_short));
            Assert.Throws<LockHeldException>(() => Alone(s_short));
        }

        Shared().Dispose();
    }

    [Fact]
    public void Who_holds_it_is_named()
    {
        using FairLock held = Shared();

        LockHeldException error = Assert.Throws<LockHeldException>(() => Alone(s_short));

        Assert.Equal(Path.Join(Top, "net", "n"), error.Path);
        Assert.Contains($"process {Environment.ProcessId} (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_wants_it_alone_gets_it_while_others_come_and_go_without_a_gap()
    {
        using CancellationTokenSource end = new();
        Task[] sharers = [Overlapping(end.Token), Overlapping(end.Token), Overlapping(end.Token)];

        for (int i = 0; i < 20; i++)
        {
            Alone().Dispose();
        }

        await end.CancelAsync();
        await Task.WhenAll(sharers);
    }

    [Fact]
    public async Task Sharers_get_it_while_others_want_it_alone_without_a_gap()
    {
        using CancellationTokenSource end = new();
        Task[] greedy = [Greedy(end.Token), Greedy(end.Token), Greedy(end.Token)];

        for (int i = 0; i < 20; i++)
        {
            Shared().Dispose();
        }

        await end.CancelAsync();
        await Task.WhenAll(greedy);
    }

    [Fact]
    public async Task One_slow_holder_does_not_keep_others_from_sharing_because_somebody_waits()
    {
        using FairLock slow = Shared();
        using CancellationTokenSource end = new();
        Task waiter = Task.Run(() => Alone(s_long, end.Token));
        while (!Directory.Exists(Path.Join(Top, "net", "n", "gate")))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Shared().Dispose(); // when the gate is opened for a while

        Assert.False(waiter.IsCompleted);
        end.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        Assert.False(Directory.Exists(Path.Join(Top, "net", "n", "gate")));
    }

    [Fact]
    public void A_gate_that_a_killed_process_left_stops_nobody()
    {
        Shared().Dispose();
        Directory.CreateDirectory(Path.Join(Top, "net", "n", "gate"));

        Shared(s_short).Dispose();
        Alone(s_short).Dispose();

        Assert.False(Directory.Exists(Path.Join(Top, "net", "n", "gate")));
    }

    [Fact]
    public void Cancelling_ends_the_wait_and_leaves_no_lock_behind()
    {
        FairLock held = Alone();
        using (CancellationTokenSource soon = new(s_short))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Shared(s_long, soon.Token));
        }

        held.Dispose();
        Alone().Dispose();
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void A_folder_that_others_can_write_is_refused(UnixFileMode more)
    {
        Shared().Dispose();
        File.SetUnixFileMode(Top, File.GetUnixFileMode(Top) | more);

        LinuxException error = Assert.Throws<LinuxException>(() => Shared());

        Assert.True(error.IsPermission);
    }

    [Fact]
    public void A_symbolic_link_in_a_locks_place_is_not_followed()
    {
        Shared().Dispose();
        string elsewhere = Directory.CreateDirectory(Path.Join(_folder, "elsewhere")).FullName;
        Directory.Delete(Path.Join(Top, "net", "n"));
        File.CreateSymbolicLink(Path.Join(Top, "net", "n"), elsewhere);

        Assert.Throws<LinuxException>(() => Alone());
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void Nobody_else_may_open_a_lock()
    {
        Shared().Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Top));
    }

    private FairLock Shared(TimeSpan? limit = null, CancellationToken cancellation = default) =>
        FairLock.Acquire(new LockFolder("net", Top), "n", exclusive: false, limit ?? s_long, cancellation);

    private FairLock Alone(TimeSpan? limit = null, CancellationToken cancellation = default) =>
        FairLock.Acquire(new LockFolder("net", Top), "n", exclusive: true, limit ?? s_long, cancellation);

    // Each keeps one for as long as another sharer may take to come.
    private Task Overlapping(CancellationToken end) => Task.Factory.StartNew(
        () =>
        {
            while (!end.IsCancellationRequested)
            {
                using FairLock held = Shared();
                Thread.Sleep(5);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private Task Greedy(CancellationToken end) => Task.Factory.StartNew(
        () =>
        {
            while (!end.IsCancellationRequested)
            {
                Alone().Dispose();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
