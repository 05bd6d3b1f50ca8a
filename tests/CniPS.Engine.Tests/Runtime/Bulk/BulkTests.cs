using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>Many operations at once are what each is alone.</summary>
public sealed class BulkTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    private RuntimeOptions Options => RuntimeOptions.Default with { CacheFolder = _sandbox.CacheFolder };

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Many_are_added_checked_and_removed_as_they_are_alone()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        Attachment[] many = Containers(30);
        List<CniResult> alone = [.. many.Select(attachment => new CniRuntime(_sandbox.Host, Options).Add(list, attachment)!)];
        RunAll(many, (runtime, attachment) => Delete(runtime, list, attachment));
        AssertNothingLeft();

        List<BulkOutcome<CniResult?>> added = RunAll(many, (runtime, attachment) => runtime.Add(list, attachment));

        Assert.All(added, outcome => Assert.Null(outcome.Error));
        Assert.Equal(Enumerable.Range(0, 30), added.Select(outcome => outcome.Index));
        Assert.Equal(alone.Select(Names), added.Select(outcome => Names(outcome.Result!)));
        Assert.Equal(30, added.Select(outcome => outcome.Result!.Ips[0].Address).Distinct().Count());
        Assert.Contains("eth0", _sandbox.RunOnHost("nft list ruleset"));
        Assert.Equal(30, new CniRuntime(_sandbox.Host, Options).Cache.List().Count);
        List<BulkOutcome<int>> differences = RunAll(many, (runtime, attachment) =>
        {
            using CheckReport report = runtime.Check(list, attachment);
            return report.Count;
        });
        Assert.All(differences, outcome => Assert.Equal((0, null), (outcome.Result, outcome.Error)));

        Assert.All(RunAll(many, (runtime, attachment) => Delete(runtime, list, attachment)), outcome => Assert.Null(outcome.Error));
        AssertNothingLeft();
    }

    [Fact]
    public void One_that_fails_is_undone_and_told_of_alone()
    {
        NetworkConfigurationList list = List("10.15.0.0/24", rangeEnd: "10.15.0.9"); // eight addresses besides the gateway's
        Attachment[] many = [.. Containers(10), new() { ContainerId = "lost", NetNS = "/run/netns/nobody-made-this", InterfaceName = "eth0" }];
        many[1] = many[0]; // there already, by then

        List<BulkOutcome<CniResult?>> added = RunAll(many, (runtime, attachment) => runtime.Add(list, attachment));

        Assert.Equal(RuntimeErrorIds.AttachmentExists, Assert.IsAssignableFrom<CniException>(added[1].Error).ErrorId);
        Assert.Equal(CniErrorIds.InvalidNamespace, Assert.IsAssignableFrom<CniException>(added[10].Error).ErrorId);
        BulkOutcome<CniResult?> exhausted = Assert.Single(added, outcome => outcome.Error is CniException { ErrorId: CniErrorIds.AddressUnavailable });
        List<BulkOutcome<CniResult?>> well = added.FindAll(outcome => outcome.Error is null);
        Assert.Equal(8, well.Count);
        Assert.Equal(8, Ports());
        Assert.Equal(8, new CniRuntime(_sandbox.Host, Options).Cache.List().Count);
        Assert.Empty(Intents());
        foreach (BulkOutcome<CniResult?> outcome in well)
        {
            using CheckReport report = new CniRuntime(_sandbox.Host, Options).Check(list, many[outcome.Index]);
            Assert.Empty(report);
        }

        using NetworkNamespace container = NetworkNamespace.Open(many[exhausted.Index].NetNS);
        Assert.Null(_sandbox.Host.FindLink(container, "eth0"));
        RunAll(many, (runtime, attachment) => Delete(runtime, list, attachment));
        AssertNothingLeft();
    }

    [Fact]
    public void What_was_stopped_is_whole_or_was_not_begun()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        Attachment[] many = Containers(40);
        using CancellationTokenSource stop = new();
        List<BulkOutcome<CniResult?>> outcomes = [];
        using CniBulk bulk = new(_sandbox.Host, Options);
        bulk.Run<CniResult?>(
            [.. many.Select(attachment => new BulkTask<CniResult?>(attachment.ContainerId, runtime => runtime.Add(list, attachment, stop.Token)))],
            outcome =>
            {
                outcomes.Add(outcome);
                if (outcomes.Count == 6)
                {
                    stop.Cancel();
                }
            },
            stop.Token);

        Assert.Equal(40, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.True(outcome.Result is not null || outcome.Error is OperationCanceledException, $"{outcome.Error}"));
        int done = outcomes.Count(outcome => outcome.Result is not null);
        Assert.InRange(done, 6, 39);
        Assert.Equal(done, Ports());
        Assert.Equal(done, new CniRuntime(_sandbox.Host, Options).Cache.List().Count);
        Assert.Empty(Intents());
    }

    [Fact]
    public void Who_refuses_an_outcome_is_told_of_no_other_and_none_is_begun()
    {
        int begun = 0, told = 0;
        using CniBulk bulk = new(_sandbox.Host, Options);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => bulk.Run<int>(
            [.. Enumerable.Range(0, 500).Select(i => new BulkTask<int>($"c{i}", _ => Interlocked.Increment(ref begun)))],
            _ => throw new InvalidOperationException($"{++told}")));

        Assert.Equal("1", e.Message);
        Assert.InRange(begun, 1, 4);
    }

    [Fact]
    public void Who_listens_is_told_on_his_own_thread_what_he_would_be_told_of_one()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        Attachment[] many = Containers(12);
        Listener[] listeners = [.. many.Select(_ => new Listener())];
        using CniBulk bulk = new(_sandbox.Host, Options);
        bulk.Run<CniResult?>(
            [.. many.Select((attachment, i) => new BulkTask<CniResult?>(attachment.ContainerId, runtime => runtime.Add(list, attachment)) { Observer = listeners[i] })],
            outcome => Assert.Null(outcome.Error));

        Assert.All(listeners, listener => Assert.All(listener.Threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread)));
        Listener alone = new();
        CniRuntime runtime = new(_sandbox.Host, Options, alone);
        runtime.Delete(list, many[11]);
        alone.Told.Clear();
        runtime.Add(list, many[11]);
        Assert.Equal(alone.Told, listeners[11].Told);
        bulk.Run<bool>(
            [.. many.Select((attachment, i) => new BulkTask<bool>(attachment.ContainerId, one => Delete(one, list, attachment)) { Observer = listeners[i] })],
            outcome => Assert.Null(outcome.Error));
        Assert.All(listeners, listener => Assert.Single(listener.Told, told => told.Contains("link del", StringComparison.Ordinal)));
    }

    [Fact]
    public void Those_on_one_container_keep_their_order()
    {
        List<int> order = [];
        using CniBulk bulk = new(_sandbox.Host, Options);
        List<int> told = [];
        bulk.Run<int>(
            [.. Enumerable.Range(0, 200).Select(i => new BulkTask<int>("one", _ =>
            {
                order.Add(i);
                return i;
            }))],
            outcome => told.Add(outcome.Result));

        Assert.Equal(Enumerable.Range(0, 200), order);
        Assert.Equal(order, told);
    }

    [Fact]
    public void What_comes_one_by_one_is_done_together_and_its_words_are_told_when_they_are_asked_for()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        Attachment[] many = Containers(20);
        RuntimeOptions other = Options with { CacheFolder = _sandbox.CacheFolder + "-other" };
        Listener[] listeners = [.. many.Select(_ => new Listener())];
        CallRecorder recorder = new();
        List<CniResult?> made = [];
        using (CniFeed<CniResult?> feed = new(_sandbox.Host, Options))
        {
            for (int i = 0; i < many.Length; i++)
            {
                Attachment attachment = many[i];
                feed.Give(new BulkTask<CniResult?>(attachment.ContainerId, runtime => runtime.Add(list, attachment))
                {
                    Observer = listeners[i],
                    Recorder = recorder,
                    Options = i == 7 ? other : null,
                });
            }

            for (int i = 0; i < many.Length; i++)
            {
                BulkOutcome<CniResult?> outcome = feed.Take();
                Assert.Null(outcome.Error);
                Assert.Empty(listeners[i].Told);
                outcome.Tell();
                Assert.Equal([Environment.CurrentManagedThreadId], listeners[i].Threads);
                made.Add(outcome.Result);
            }

            Assert.Equal(0, feed.Held);
            Assert.False(feed.TryTake(out _));
        }

        Assert.Equal(many.Select(attachment => attachment.NetNS), made.Select(result => result!.Interfaces.Last().Sandbox));
        Assert.Equal("c7", Assert.Single(new CniRuntime(_sandbox.Host, other).Cache.List()).ContainerId);
        Assert.Equal(20, recorder.Calls().Count(call => call.Type == "bridge"));
        RunAll([.. many.Where(attachment => attachment.ContainerId != "c7")], (runtime, attachment) => Delete(runtime, list, attachment));
        new CniRuntime(_sandbox.Host, other).Delete(list, many[7]);
        AssertNothingLeft();
    }

    // So few that somebody looks at each of them.
    [Fact]
    public void A_few_get_their_addresses_in_their_order()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        List<BulkOutcome<CniResult?>> added = RunAll(Containers(20), (runtime, attachment) => runtime.Add(list, attachment));
        Assert.Equal(Enumerable.Range(2, 20).Select(i => $"10.15.0.{i}/24"), added.Select(outcome => outcome.Result!.Ips[0].Address.ToString()));
    }

    [Fact]
    public void Many_are_planned_one_after_the_other()
    {
        NetworkConfigurationList list = List("10.15.0.0/24");
        Attachment[] many = Containers(8);
        PlannedHost plan = new(_sandbox.Host), other = new(_sandbox.Host);
        using CniBulk bulk = new(plan, Options);
        List<CniResult> planned = [];
        bulk.Run<CniResult?>(
            [.. many.Select(attachment => new BulkTask<CniResult?>(attachment.ContainerId, runtime => runtime.Add(list, attachment)))],
            outcome => planned.Add(outcome.Result!));
        foreach (Attachment attachment in many)
        {
            new CniRuntime(other, Options).Add(list, attachment);
        }

        Assert.Equal(other.Steps.Select(step => step.Text), plan.Steps.Select(step => step.Text));
        Assert.Equal(8, planned.Select(result => result.Ips[0].Address).Distinct().Count());
        Assert.Equal(0, Ports());
    }

    private List<BulkOutcome<T>> RunAll<T>(Attachment[] many, Func<CniRuntime, Attachment, T> work)
    {
        List<BulkOutcome<T>> outcomes = [];
        using CniBulk bulk = new(_sandbox.Host, Options);
        bulk.Run([.. many.Select(attachment => new BulkTask<T>(attachment.ContainerId, runtime => work(runtime, attachment)))], outcomes.Add);
        return outcomes;
    }

    private static bool Delete(CniRuntime runtime, NetworkConfigurationList list, Attachment attachment)
    {
        runtime.Delete(list, attachment);
        return true;
    }

    private Attachment[] Containers(int count) => [.. Enumerable.Range(0, count).Select(i => new Attachment
    {
        ContainerId = $"c{i}",
        NetNS = NamedNamespaces.PathOf(_sandbox.AddNamespace($"c{i}")),
        InterfaceName = "eth0",
    })];

    private NetworkConfigurationList List(string subnet, string rangeEnd = "10.15.0.254") => NetworkConfigurationList.ParseAny(Encoding.UTF8.GetBytes($$"""
        {"cniVersion": "1.1.0", "name": "many", "plugins": [{"type": "bridge", "bridge": "many0", "isGateway": true, "ipMasq": true, "ipam": {
          "type": "host-local", "dataDir": "{{_sandbox.DataFolder}}",
          "ranges": [[{"subnet": "{{subnet}}", "rangeEnd": "{{rangeEnd}}" }]], "routes": [{"dst": "0.0.0.0/0"}] } } ] }
        """));

    private static string Names(CniResult result) => string.Join(' ', result.Interfaces.Select(link => $"{link.Name}@{link.Sandbox}"));

    private int Ports() => _sandbox.Host.GetLinks(_sandbox.Host.Namespace).Count(link => link.Kind == "veth");

    private string[] Intents()
    {
        string folder = Path.Combine(_sandbox.CacheFolder, "cnips", "intents");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private void AssertNothingLeft()
    {
        Assert.Equal(0, Ports());
        Assert.Empty(new CniRuntime(_sandbox.Host, Options).Cache.List());
        Assert.Empty(Intents());
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(_sandbox.DataFolder, "many")), file => Path.GetFileName(file).StartsWith("10.", StringComparison.Ordinal));
        Assert.DoesNotContain("eth0", _sandbox.RunOnHost("nft list ruleset")); // which each element names as whose it is
    }

    private sealed class Listener : IOperationObserver
    {
        internal List<string> Told { get; } = [];

        internal HashSet<int> Threads { get; } = [];

        public void Calling(string type, PluginRequest request, string? program) => Note($"calling {type}");

        public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) => Note($"called {type} {error?.Message}");

        // Of changes with an address or a MAC only the kind is the same twice.
        public void Changed(Change change) => Note(change is LinkDelete ? change.Text : change.GetType().Name);

        public void Warn(string message) => Note(message);

        private void Note(string text)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Told.Add(text);
        }
    }
}
