using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What is remembered of plugin calls, and the trace context that programs get.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly PluginBench _bench = new();
    private readonly CallRecorder _recorder = new();

    public void Dispose() => _bench.Dispose();

    private CniRuntime Runtime(PluginSource source = PluginSource.Path, TraceContext? trace = null) => new(
        _bench.Host, _bench.Options with { PluginSource = source, TraceContext = trace }, _recorder.Observe(_bench.Observer));

    [Fact]
    public void A_program_is_remembered_with_everything_that_went_in_and_came_out()
    {
        string program = _bench.Plugin("a", """echo careful >&2; echo '{"cniVersion":"1.0.0"}'""");

        Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());

        TracedCall call = _recorder.Calls()[0];
        Assert.Equal(("ADD", "a", program, "net1", "c1", "eth0"), (call.Verb, call.Type, call.Program, call.Network, call.ContainerId, call.InterfaceName));
        Assert.Contains(new KeyValuePair<string, string>("CNI_COMMAND", "ADD"), call.Environment);
        Assert.Contains(call.Environment, variable => variable.Key == "PATH");
        Assert.Equal("""{"type":"a","name":"net1","cniVersion":"1.0.0"}""", call.Input);
        Assert.Equal(("""{"cniVersion":"1.0.0"}""", "careful", 0), (call.Output.Trim(), call.ErrorOutput.Trim(), call.ExitStatus));
        Assert.InRange(call.Duration.TotalMilliseconds, 0.1, 60_000);
        Assert.Null(call.Error);
        Assert.Equal(["a:ADD"], _bench.Observer.Calls);
        Assert.Contains(_bench.Observer.Warnings, warning => warning.Contains("careful"));
    }

    [Fact]
    public void A_failure_is_remembered_and_so_is_what_undid_it()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "ADD");

        Assert.ThrowsAny<Exception>(() => Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment()));

        IReadOnlyList<TracedCall> calls = _recorder.Calls();
        Assert.Equal(["ADD a", "ADD b", "DEL b", "DEL a"], calls.Select(call => call.ToString()));
        Assert.Equal(("boom", 1), (calls[1].Error!.Message, calls[1].ExitStatus));
        Assert.Equal([1L, 2, 3, 4], calls.Select(call => call.Number));
    }

    [Fact]
    public void Changes_are_those_of_the_call_that_made_them_and_the_rest_is_the_runtimes()
    {
        string name = "cnips-trace-" + Guid.NewGuid().ToString("n")[..8];
        NamedNamespaces.Create(name);
        try
        {
            Runtime(PluginSource.NativeFirst).Add(PluginBench.List("loopback"), PluginBench.Attachment(ifName: "lo", netns: $"/run/netns/{name}"));
        }
        finally
        {
            NamedNamespaces.Remove(name);
        }

        IReadOnlyList<TracedCall> calls = _recorder.Calls();
        Assert.Equal(["ADD loopback", "ADD runtime"], calls.Select(call => call.ToString()));
        Assert.Equal([$"ip -n {name} link set lo up"], calls[0].Changes.Select(change => change.Text));
        Assert.Equal((null, 0), (calls[0].Program, calls[0].ExitStatus));
        Assert.Contains("127.0.0.1/8", calls[0].Output);
        Assert.Contains(calls[1].Changes, change => change.Text.Contains("results/net1-c1-lo"));
        Assert.Null(calls[1].Replay);
    }

    [Fact]
    public void The_oldest_calls_are_forgotten_and_long_output_is_cut_off()
    {
        _bench.Plugin("a", "head -c 200000 /dev/zero | tr '\\0' x >&2; exit 0");
        CallRecorder recorder = new(capacity: 3);
        CniRuntime runtime = new(_bench.Host, _bench.Options, recorder.Observe());

        for (int i = 0; i < 5; i++)
        {
            runtime.Delete(PluginBench.List("a"), PluginBench.Attachment(id: $"c{i}"));
        }

        Assert.Equal(["c2", "c3", "c4"], recorder.Calls().Select(call => call.ContainerId));
        Assert.Equal(64 * 1024, recorder.Calls()[0].ErrorOutput.Length);
    }

    [Fact]
    public void The_replay_of_a_program_is_the_same_call()
    {
        _bench.Plugin("a", """echo '{"cniVersion":"1.0.0"}'""");
        CniRuntime runtime = Runtime();
        runtime.Add(
            PluginBench.Parse("""{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"a","x":"it's $HOME\\n CNI_STDIN"}]}"""),
            PluginBench.Attachment(netns: "/run/netns/o'clock"));
        PluginLog before = Assert.Single(_bench.TakeCalls());

        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", _recorder.Calls()[0].Replay!]) { RedirectStandardOutput = true })!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();

        PluginLog again = Assert.Single(_bench.TakeCalls());
        Assert.Equal("""{"cniVersion":"1.0.0"}""", output.Trim());
        Assert.Equal(before.Stdin, again.Stdin.TrimEnd('\n'));
        Assert.Equal(Set(before), Set(again));
    }

    // In memory, in the error that somebody may keep, in the command.
    [Fact]
    public void Nothing_of_the_sessions_environment_is_remembered()
    {
        _bench.Plugin("a", """test "$SESSION_SECRET" = hunter2 && echo '{"cniVersion":"1.0.0"}' """);
        _bench.FailingPlugin("b", "ADD");
        Environment.SetEnvironmentVariable("SESSION_SECRET", "hunter2");
        try
        {
            Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());
            Exception error = Assert.ThrowsAny<Exception>(() => Runtime().Add(PluginBench.List("b"), PluginBench.Attachment(id: "c2")));
            for (Exception? inner = error; inner is not null; inner = inner.InnerException)
            {
                Assert.DoesNotContain("SESSION_SECRET", ((inner as ProgramException)?.Outcome.Command.Environment ?? []).Select(variable => variable.Key));
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("SESSION_SECRET", null);
        }

        foreach (TracedCall call in _recorder.Calls())
        {
            Assert.All(call.Environment, variable => Assert.Matches("^(CNI_.*|PATH|TRACEPARENT)$", variable.Key));
            Assert.DoesNotContain("hunter2", $"{call.Replay} {call.Outcome?.Command}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_call_is_shown_without_its_credentials()
    {
        _bench.Plugin("a", """echo '{"cniVersion":"1.0.0","apiToken":"t0"}'""");
        Runtime().Add(
            PluginBench.Parse("""{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"a","password":"hunter2","mtu":1400}]}"""),
            PluginBench.Attachment() with { Args = CniArgs.Parse("TOKEN=hunter2;K=V") });

        TracedCall call = _recorder.Calls()[0];
        ShownCall shown = call.Shown;
        Assert.Contains("hunter2", call.Input, StringComparison.Ordinal);
        Assert.Contains("\"mtu\":1400", shown.Input, StringComparison.Ordinal);
        Assert.Contains(new KeyValuePair<string, string>("CNI_ARGS", $"TOKEN={Credentials.Mask};K=V"), shown.Environment);
        Assert.DoesNotContain("t0", shown.Output, StringComparison.Ordinal);
        Assert.All(_recorder.Calls(), one => Assert.DoesNotContain(
            "hunter2", string.Join('\n', [one.Shown.Input, one.Shown.Replay, one.Shown.Output, .. one.Shown.Changes]), StringComparison.Ordinal));
    }

    // What is the call's: the rest is the session's, and not remembered.
    private static IEnumerable<KeyValuePair<string, string>> Set(PluginLog call) =>
        call.Environment.Where(variable => variable.Key.StartsWith("CNI_", StringComparison.Ordinal) || variable.Key == "PATH")
            .OrderBy(variable => variable.Key, StringComparer.Ordinal);

    [Fact]
    public void Threads_do_not_get_into_each_others_calls()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = Runtime();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() => runtime.Add(PluginBench.List("a"), PluginBench.Attachment(id: $"c{i}"))))];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        foreach (IGrouping<string, TracedCall> calls in _recorder.Calls().GroupBy(call => call.ContainerId))
        {
            Assert.Equal(["ADD a", "ADD runtime"], calls.Select(call => call.ToString()));
            Assert.All(calls.Last().Changes, change => Assert.DoesNotMatch($"net1-c[^{calls.Key[1]}]-", change.Text));
        }
    }

    [Fact]
    public void Remembering_a_call_takes_next_to_nothing()
    {
        _bench.AddingPlugin("a");
        Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());
        IOperationObserver observer = _recorder.Observe();
        PluginRequest request = new() { Verb = CniVerb.Add, Config = "{}"u8.ToArray() };
        FileDelete change = new("/nowhere");
        void Call()
        {
            observer.Calling("a", request, null);
            observer.Changed(change);
            observer.Called("a", request, null, null, TimeSpan.Zero);
        }

        for (int i = 0; i < 20_000; i++)
        {
            Call();
        }

        // The quickest of many: the machine may be busy.
        double quickest = double.MaxValue;
        for (int i = 0; i < 200; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int j = 0; j < 100; j++)
            {
                Call();
            }

            quickest = Math.Min(quickest, Stopwatch.GetElapsedTime(start).TotalMicroseconds / 100);
        }

        Assert.InRange(quickest, 0, 10);
    }

    [Fact]
    public void A_program_gets_the_trace_of_the_activity_under_way()
    {
        _bench.AddingPlugin("a");
        using Activity activity = new("test");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.TraceStateString = "vendor=1";
        activity.AddBaggage("tenant", "a b,c");
        activity.Start();
        string parent = activity.Id!;

        Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());
        activity.Stop();

        IReadOnlyDictionary<string, string> environment = Assert.Single(_bench.TakeCalls()).Environment;
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", environment["TRACEPARENT"]);
        Assert.Equal((parent, "vendor=1", "tenant=a%20b%2Cc"), (environment["TRACEPARENT"], environment["TRACESTATE"], environment["BAGGAGE"]));
    }

    [Fact]
    public void Without_an_activity_the_trace_is_the_callers_or_the_one_given()
    {
        _bench.AddingPlugin("a");
        RuntimeOptions options = _bench.Options with
        {
            Environment = [new("PATH", Environment.GetEnvironmentVariable("PATH")!), new("TRACEPARENT", "00-env"), new("TRACESTATE", "old=1")],
        };

        new CniRuntime(_bench.Host, options).Add(PluginBench.List("a"), PluginBench.Attachment());
        new CniRuntime(_bench.Host, options with { TraceContext = new TraceContext("00-given", Baggage: "k=v") })
            .Add(PluginBench.List("a"), PluginBench.Attachment(id: "c2"));

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal(("00-env", "old=1"), (calls[0].Environment["TRACEPARENT"], calls[0].Environment["TRACESTATE"]));
        Assert.Equal(("00-given", "k=v"), (calls[1].Environment["TRACEPARENT"], calls[1].Environment["BAGGAGE"]));
        Assert.DoesNotContain("TRACESTATE", calls[1].Environment.Keys);
    }
}
