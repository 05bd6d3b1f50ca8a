using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

public sealed class ProgramRunnerTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Collects_output_error_and_status()
    {
        ProgramOutcome outcome = Run("echo out; echo err >&2; exit 7");

        Assert.Equal((ProgramEnd.Exited, 7), (outcome.End, outcome.Status));
        Assert.Equal("out\n", Text(outcome.Output));
        Assert.Equal("err\n", Text(outcome.Error));
        Assert.Equal("exit status 7", outcome.Describe());
    }

    [Fact]
    public void Much_output_on_both_pipes_is_drained_at_once()
    {
        ProgramOutcome outcome = Run("head -c 3000000 /dev/zero >&2; head -c 2000000 /dev/zero; cat >/dev/null", input: new byte[1 << 20]);

        Assert.True(outcome.Succeeded);
        Assert.Equal((2000000, 3000000), (outcome.Output.Length, outcome.Error.Length));
    }

    [Fact]
    public void A_program_that_writes_without_end_is_killed()
    {
        ProgramOutcome outcome = Run("yes");

        Assert.Equal((ProgramEnd.Flooded, true), (outcome.End, outcome.Output.IsEmpty));
    }

    [Fact]
    public void A_program_that_complains_without_end_goes_on_and_is_quoted_in_part()
    {
        ProgramOutcome outcome = Run("head -c 20000000 /dev/zero >&2; echo done");

        Assert.True(outcome.Succeeded);
        Assert.Equal(16 << 20, outcome.Error.Length);
    }

    [Fact]
    public void Input_arrives_whole()
    {
        byte[] input = new byte[300_000];
        new Random(1).NextBytes(input);

        Assert.Equal(input, Run("cat", input: input).Output.ToArray());
    }

    [Fact]
    public void A_program_that_never_reads_its_input_is_no_error() =>
        Assert.True(Run("exit 0", input: new byte[1 << 20]).Succeeded);

    [Fact]
    public void The_environment_is_what_was_given_and_nothing_else()
    {
        ProgramOutcome outcome = ProgramRunner.Run(
            new ProgramCommand("/usr/bin/env") { Environment = [new("B", ""), new("A", "1"), new("A", "2")] }, _bench.Host.Namespace, CancellationToken.None);

        Assert.Equal(["A=2", "B="], Text(outcome.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public void A_hanging_program_is_killed_with_its_children()
    {
        string pidFile = Path.Join(_bench.Folder, "child");
        long start = Stopwatch.GetTimestamp();

        ProgramOutcome outcome = Run($"sleep 100 & echo $! > {pidFile}; echo early; wait", timeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal(ProgramEnd.TimedOut, outcome.End);
        Assert.Equal("signal: killed", outcome.Describe());
        Assert.Equal("early\n", Text(outcome.Output));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.3, 60); // the child sleeps a hundred
        Assert.True(IsGone(pidFile));
    }

    [Fact]
    public void A_child_that_holds_the_output_open_neither_blocks_nor_fails_a_success()
    {
        string pidFile = Path.Join(_bench.Folder, "child");
        long start = Stopwatch.GetTimestamp();

        ProgramOutcome outcome = Run($"sleep 20 & echo $! > {pidFile}; echo done");

        Assert.True(outcome.Succeeded);
        Assert.Equal("done\n", Text(outcome.Output));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 15); // the child sleeps twenty
        Process.GetProcessById(int.Parse(File.ReadAllText(pidFile))).Kill();
    }

    [Fact]
    public void A_child_that_outlives_its_parent_shortly_is_heard_out() =>
        Assert.Equal("late\n", Text(Run("(sleep 0.1; echo late) &").Output));

    [Fact]
    public async Task Cancelling_kills()
    {
        string pidFile = Path.Join(_bench.Folder, "child");
        using CancellationTokenSource source = new();
        Task<ProgramOutcome> running = Task.Run(() => Run($"echo $$ > {pidFile}.new; mv {pidFile}.new {pidFile}; exec sleep 100", cancellation: source.Token));
        while (!File.Exists(pidFile))
        {
            await Task.Delay(5);
        }

        source.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(IsGone(pidFile));
    }

    [Fact]
    public void What_is_cancelled_already_is_not_started()
    {
        string mark = Path.Join(_bench.Folder, "mark");

        Assert.ThrowsAny<OperationCanceledException>(() => Run($"touch {mark}", cancellation: new CancellationToken(true)));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void A_signal_is_told_from_a_status() => Assert.Equal("signal: terminated", Run("kill -TERM $$").Describe());

    [Theory]
    [InlineData("missing", "no such file or directory")]
    [InlineData("plain", "permission denied")]
    [InlineData("garbage", "exec format error")]
    public void What_cant_be_started_says_why(string name, string words)
    {
        File.WriteAllText(Path.Join(_bench.Bin, "plain"), "#!/bin/sh\n");
        _bench.Script("garbage", "\u0001\u0002");
        string path = Path.Join(_bench.Bin, name);

        ProgramOutcome outcome = ProgramRunner.Run(new ProgramCommand(path), _bench.Host.Namespace, CancellationToken.None);

        Assert.Equal(ProgramEnd.NotStarted, outcome.End);
        Assert.Equal($"fork/exec {path}: {words}", outcome.Describe());
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_waited_for()
    {
        string path = _bench.Script("p", "#!/bin/sh\necho ran >> " + Path.Join(_bench.Folder, "runs") + "\n");
        FileStream writer = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        Task release = Task.Run(async () =>
        {
            await Task.Delay(200);
            writer.Dispose();
        });

        ProgramOutcome outcome = ProgramRunner.Run(new ProgramCommand(path), _bench.Host.Namespace, CancellationToken.None);

        await release;
        Assert.True(outcome.Succeeded, outcome.Describe());
        Assert.Equal("ran\n", File.ReadAllText(Path.Join(_bench.Folder, "runs")));
    }

    [Fact]
    public void A_file_that_stays_busy_is_an_error_and_the_wait_can_be_cancelled()
    {
        string path = _bench.Script("p", "#!/bin/sh\n");
        using FileStream writer = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

        ProgramOutcome outcome = ProgramRunner.Run(
            new ProgramCommand(path) { Timeout = TimeSpan.FromMilliseconds(300) }, _bench.Host.Namespace, CancellationToken.None);
        using CancellationTokenSource source = new(100);

        Assert.Equal($"fork/exec {path}: text file busy", outcome.Describe());
        Assert.ThrowsAny<OperationCanceledException>(() => ProgramRunner.Run(new ProgramCommand(path), _bench.Host.Namespace, source.Token));
    }

    [Fact]
    public void A_program_runs_in_the_hosts_namespace_though_this_process_be_elsewhere()
    {
        string name = $"cnips-run-{Environment.ProcessId}";
        NetworkNamespace ns;
        try
        {
            ns = NamedNamespaces.Create(name);
        }
        catch (LinuxException e) when (e.IsPermission)
        {
            Assert.Skip("needs root");
            return;
        }

        try
        {
            using (ns)
            {
                string script = _bench.Script("p", "#!/bin/sh\nreadlink /proc/self/ns/net; cat\n");
                ProgramOutcome outcome = ProgramRunner.Run(
                    new ProgramCommand(script) { Input = "in"u8.ToArray(), Environment = [new("PATH", "/usr/bin:/bin")] }, ns, CancellationToken.None);

                Assert.Equal($"{ns.Id}\nin", Text(outcome.Output));
            }
        }
        finally
        {
            NamedNamespaces.Remove(name);
        }
    }

    [Fact]
    public void Many_at_once_do_not_disturb_each_other()
    {
        string path = _bench.Script("p", "#!/bin/sh\ncat\n");

        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            byte[] input = Encoding.UTF8.GetBytes($"number {i}");
            ProgramOutcome outcome = ProgramRunner.Run(
                new ProgramCommand(path) { Input = input, Environment = [new("PATH", "/usr/bin:/bin")] }, _bench.Host.Namespace, CancellationToken.None);
            Assert.Equal(input, outcome.Output.ToArray());
        });
    }

    private ProgramOutcome Run(string script, byte[]? input = null, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        string path = _bench.Script($"p{Guid.NewGuid():n}", "#!/bin/sh\n" + script);
        IReadOnlyList<KeyValuePair<string, string>> environment = [new("PATH", "/usr/bin:/bin")];
        return ProgramRunner.Run(
            new ProgramCommand(path) { Input = input, Timeout = timeout, Environment = environment }, _bench.Host.Namespace, cancellation);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static bool IsGone(string pidFile)
    {
        string stat = $"/proc/{File.ReadAllText(pidFile).Trim()}/stat";
        for (int i = 0; i < 100; i++)
        {
            if (!File.Exists(stat) || ReadOrEmpty(stat).Contains(") Z ", StringComparison.Ordinal))
            {
                return true;
            }

            Thread.Sleep(10);
        }

        return false;
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ") Z ";
        }
    }
}
