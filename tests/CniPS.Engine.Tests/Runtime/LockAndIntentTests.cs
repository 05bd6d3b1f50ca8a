using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Files;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

public sealed class LockAndIntentTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Operations_on_one_attachment_wait_and_on_different_ones_do_not()
    {
        string gate = Path.Join(_bench.Folder, "gate");
        string mark = Path.Join(_bench.Folder, "mark");
        _bench.Plugin("a", $"""
            if [ "$CNI_COMMAND$CNI_CONTAINERID" = ADDc1 ]; then touch {mark}; while [ ! -f {gate} ]; do sleep 0.01; done; fi
            echo '{"{}"}'
            """);
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.List("a");
        Task first = Task.Run(() => runtime.Add(list, PluginBench.Attachment("c1")));
        await Appears(mark);

        Task second = Task.Run(() => runtime.Delete(list, PluginBench.Attachment("c1")));
        await Task.Run(() => runtime.Add(list, PluginBench.Attachment("c2"))).WaitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        File.WriteAllText(gate, "");
        await Task.WhenAll(first, second);

        Assert.Equal("a:ADD a:ADD a:DEL", _bench.Calls());
        Assert.Equal(["net1-c2-eth0"], _bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public async Task Waiting_can_be_stopped()
    {
        _bench.AddingPlugin("a");
        Directory.CreateDirectory(_bench.Intents);
        using JournalFile held = JournalFile.Open(Path.Join(_bench.Intents, "net1,c1,eth0"), 0x180, CancellationToken.None);
        using CancellationTokenSource source = new(100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment(), source.Token)));
        Assert.Equal("", _bench.Calls());
    }

    [Fact]
    public async Task Garbage_collection_waits_for_its_network_only()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
        using IDisposable other = _bench.Host.LockNetwork("net1", exclusive: false, CancellationToken.None);

        Task collecting = Task.Run(() => runtime.CollectGarbage(PluginBench.List("a"), []));
        NetworkConfigurationList net2 = PluginBench.Parse("""{"name":"net2","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        await Task.Run(() => runtime.CollectGarbage(net2, [])).WaitAsync(TimeSpan.FromSeconds(10));
        await Task.Delay(100);
        Assert.False(collecting.IsCompleted);
        other.Dispose();
        await collecting;

        Assert.Empty(_bench.CacheFiles());
    }

    [Fact]
    public void A_program_is_told_which_networks_lock_its_caller_holds()
    {
        _bench.AddingPlugin("a");

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());
        _bench.Runtime(o => o with { Locks = false }).Delete(PluginBench.List("a"), PluginBench.Attachment());

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal($"{_bench.Host.Namespace.Id.Key}/net1", calls[0].Environment[NetworkLock.HeldVariable]);
        Assert.False(calls[1].Environment.ContainsKey(NetworkLock.HeldVariable));
    }

    [Theory]
    [InlineData(CniVerb.Add, false)]
    [InlineData(CniVerb.Check, false)]
    [InlineData(CniVerb.Delete, false)]
    [InlineData(CniVerb.GarbageCollect, true)]
    public void A_call_of_a_plugin_locks_its_network_unless_its_caller_does(CniVerb verb, bool exclusive)
    {
        PluginRequest call = Call(verb);
        string held = $"other/net1:{_bench.Host.Namespace.Id.Key}/net1";
        using LinuxHost hasty = new(NetworkNamespace.OpenCurrent()) { LockLimit = TimeSpan.FromMilliseconds(100), LockFolder = _bench.Locks };

        using IDisposable? first = NetworkLock.TakeForCall(_bench.Host, call, "other/net1:x", CancellationToken.None);
        Assert.NotNull(first);
        CniException error = Assert.Throws<CniException>((Action)(() => NetworkLock.TakeForCall(hasty, Call(CniVerb.GarbageCollect), null, CancellationToken.None)));
        Assert.Equal((CniErrorIds.LockHeld, CniErrorCode.TryAgainLater), (error.ErrorId, error.Code));
        Assert.Null(NetworkLock.TakeForCall(hasty, Call(CniVerb.GarbageCollect), held, CancellationToken.None));
        if (exclusive)
        {
            Assert.Throws<CniException>((Action)(() => NetworkLock.TakeForCall(hasty, Call(CniVerb.Add), null, CancellationToken.None)));
        }
        else
        {
            NetworkLock.TakeForCall(hasty, Call(CniVerb.Add), null, CancellationToken.None)!.Dispose();
        }
    }

    [Fact]
    public void STATUS_locks_nothing() =>
        Assert.Null(NetworkLock.TakeForCall(_bench.Host, Call(CniVerb.Status), null, CancellationToken.None));

    private static PluginRequest Call(CniVerb verb) => new() { Verb = verb, Config = Encoding.UTF8.GetBytes("""{"cniVersion":"1.1.0","name":"net1","type":"a"}""") };

    [Fact]
    public void Many_at_once_on_one_attachment_leave_it_whole()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.List("a");

        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 12 }, i =>
        {
            if (i % 3 == 0)
            {
                runtime.Delete(list, PluginBench.Attachment());
            }
            else
            {
                runtime.Add(list, PluginBench.Attachment());
            }
        });
        runtime.Add(list, PluginBench.Attachment("c2"));
        runtime.Delete(list, PluginBench.Attachment());

        Assert.Equal(["net1-c2-eth0"], _bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void While_an_ADD_runs_its_intent_stands_there()
    {
        string copy = Path.Join(_bench.Folder, "copy");
        _bench.Plugin("a", $"cp {_bench.Intents}/* {copy}; echo '{{}}'");

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment() with { Args = CniArgs.Parse("K=V") });

        Intent intent = Intent.TryRead(File.ReadAllBytes(copy))!;
        Assert.Equal(("net1", "c1", "eth0", "K=V"), (intent.Network, intent.Attachment.ContainerId, intent.Attachment.InterfaceName, intent.Attachment.Args.ToString()));
        Assert.True(intent.WasStarted(0, "a"));
        Assert.False(intent.WasStarted(1, "a"));
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void What_a_killed_ADD_left_is_removed_by_the_next_ADD()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        _bench.AddingPlugin("c");
        LeaveIntent(PluginBench.List("a", "b", "c"), started: [(0, "a"), (1, "b")]);

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("b:DEL a:DEL a:ADD", string.Join(' ', calls));
        Assert.Equal("K=V", calls[0].Environment["CNI_ARGS"]);
        Assert.Contains(_bench.Observer.Warnings, w => w.Contains("was killed half-way"));
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_process_killed_in_the_middle_is_cleaned_up_after()
    {
        // The plugin itself kills nobody: the journal is copied while it is held, which is what a kill leaves.
        _bench.Plugin("a", $"[ \"$CNI_COMMAND\" = ADD ] && cp {_bench.Intents}/net1,c1,eth0 {_bench.Folder}/left; echo '{{}}'");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
        File.Delete(Path.Join(_bench.Results, "net1-c1-eth0"));
        File.Move(Path.Join(_bench.Folder, "left"), Path.Join(_bench.Intents, "net1,c1,eth0"));
        _bench.TakeCalls();

        CollectedAttachment removed = Assert.Single(runtime.CollectGarbage(PluginBench.List("a"), []));

        Assert.Equal(new CollectedAttachment("net1", "c1", "eth0", "/run/netns/none", WasUnfinished: true), removed);
        Assert.Equal("a:DEL", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Theory]
    [InlineData(CniVerb.Add)]
    [InlineData(CniVerb.Delete)]
    [InlineData(CniVerb.GarbageCollect)]
    public void What_a_killed_ADD_was_writing_its_result_into_goes_with_the_rest(CniVerb verb)
    {
        _bench.AddingPlugin("a");
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);
        Directory.CreateDirectory(_bench.Results);
        foreach (string name in (string[])[".net1-c1-eth0.4194305.1.tmp", ".net2-c1-eth0.4194305.1.tmp"])
        {
            File.WriteAllText(Path.Join(_bench.Results, name), "{");
        }

        CniRuntime runtime = _bench.Runtime();
        switch (verb)
        {
            case CniVerb.Add: runtime.Add(PluginBench.List("a"), PluginBench.Attachment()); break;
            case CniVerb.Delete: runtime.Delete(PluginBench.List("a"), PluginBench.Attachment()); break;
            default: runtime.CollectGarbage(PluginBench.List("a"), []); break;
        }

        Assert.DoesNotContain(".net1-c1-eth0.4194305.1.tmp", Directory.GetFiles(_bench.Results).Select(Path.GetFileName));
        Assert.Contains(".net2-c1-eth0.4194305.1.tmp", Directory.GetFiles(_bench.Results).Select(Path.GetFileName));
    }

    [Fact]
    public void What_the_record_of_shared_things_was_being_written_into_goes_with_GC()
    {
        _bench.AddingPlugin("a");
        string shared = Path.Join(_bench.Cache, "cnips", "shared");
        Directory.CreateDirectory(shared);
        File.WriteAllText(Path.Join(shared, ".net1.4194305.1.tmp"), "{");
        File.WriteAllText(Path.Join(shared, ".net2.4194305.1.tmp"), "{");

        _bench.Runtime().CollectGarbage(PluginBench.List("a"), []);

        Assert.Equal([".net2.4194305.1.tmp"], Directory.GetFiles(shared).Select(Path.GetFileName));
    }

    [Fact]
    public void An_intent_whose_result_is_cached_had_finished()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);
        _bench.TakeCalls();

        Assert.Empty(runtime.CollectGarbage(PluginBench.List("a"), [new AttachmentKey("c2", "eth0"), new AttachmentKey("c1", "eth0")]));

        Assert.Equal("", _bench.Calls());
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_DEL_notes_that_it_has_begun()
    {
        string copy = Path.Join(_bench.Folder, "copy");
        _bench.Plugin("a", $"[ \"$CNI_COMMAND\" != DEL ] || cp {_bench.Intents}/net1,c1,eth0 {copy}; echo '{{}}'");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());

        runtime.Delete(PluginBench.List("a"), PluginBench.Attachment());

        Assert.True(Intent.TryRead(File.ReadAllBytes(copy))!.IsDeletion);
        Assert.Empty(_bench.IntentFiles());
    }

    [Theory]
    [InlineData(CniVerb.Add, "b:DEL a:DEL a:ADD b:ADD")]
    [InlineData(CniVerb.Delete, "b:DEL a:DEL")]
    [InlineData(CniVerb.GarbageCollect, "b:DEL a:DEL")]
    public void What_is_half_removed_is_never_valid(CniVerb verb, string calls)
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.List("a", "b");
        Attachment attachment = PluginBench.Attachment("c1", "lo", "/proc/self/ns/net"); // it lives
        runtime.Add(list, attachment);
        string journal = Path.Join(_bench.Intents, "net1,c1,lo");
        File.WriteAllBytes(journal, [.. Intent.FirstLine("net1", list.Bytes, attachment, _bench.Options).Span, .. Intent.DeletionLine().Span]);
        _bench.TakeCalls();

        switch (verb)
        {
            case CniVerb.Add: runtime.Add(list, attachment); break;
            case CniVerb.Delete: runtime.Delete(list, attachment); break;
            default: Assert.True(Assert.Single(runtime.CollectGarbage(list, [new AttachmentKey("c1", "lo")])).WasUnfinished); break;
        }

        Assert.Equal(calls, _bench.Calls());
        Assert.Equal(verb == CniVerb.Add ? ["net1-c1-lo"] : [], _bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_DEL_that_was_killed_when_all_was_done_is_forgotten()
    {
        _bench.AddingPlugin("a");
        Directory.CreateDirectory(_bench.Intents);
        NetworkConfigurationList list = PluginBench.List("a");
        File.WriteAllBytes(
            Path.Join(_bench.Intents, "net1,c1,eth0"),
            [.. Intent.FirstLine("net1", list.Bytes, PluginBench.Attachment(), _bench.Options).Span, .. Intent.DeletionLine().Span]);

        Assert.Empty(_bench.Runtime().CollectGarbage(list, []));

        Assert.Equal("", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_DEL_that_failed_is_no_killed_one()
    {
        _bench.FailingPlugin("a", "DEL", msg: "stuck");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Throws<PluginCallException>(() => runtime.Delete(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void What_is_half_made_is_never_valid()
    {
        _bench.AddingPlugin("a");
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);

        CollectedAttachment removed = Assert.Single(_bench.Runtime().CollectGarbage(PluginBench.List("a"), [new AttachmentKey("c1", "eth0")]));

        Assert.True(removed.WasUnfinished);
        Assert.Equal("a:DEL", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void DEL_cleans_up_first_and_then_deletes()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        LeaveIntent(PluginBench.List("a", "b"), started: [(0, "a")]);

        _bench.Runtime().Delete(PluginBench.List("b"), PluginBench.Attachment());

        Assert.Equal("a:DEL b:DEL", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void What_cant_be_cleaned_up_stops_ADD_but_not_DEL()
    {
        _bench.FailingPlugin("a", "DEL", msg: "stuck");
        _bench.AddingPlugin("b");
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);
        CniRuntime runtime = _bench.Runtime();

        CniException e = Assert.Throws<CniException>(() => runtime.Add(PluginBench.List("b"), PluginBench.Attachment()));
        Assert.Equal(RuntimeErrorIds.LeftoverStuck, e.ErrorId);
        Assert.Contains("stuck", e.Message);
        Assert.Equal(["net1,c1,eth0"], _bench.IntentFiles());

        runtime.Delete(PluginBench.List("b"), PluginBench.Attachment());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void Garbage_collection_leaves_a_living_ADD_alone()
    {
        _bench.AddingPlugin("a");
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);
        using JournalFile alive = JournalFile.Open(Path.Join(_bench.Intents, "net1,c1,eth0"), 0x180, CancellationToken.None);

        Assert.Empty(_bench.Runtime().CollectGarbage(PluginBench.List("a"), []));

        Assert.Equal("", _bench.Calls());
        Assert.Equal(["net1,c1,eth0"], _bench.IntentFiles());
    }

    [Fact]
    public void Garbage_collection_leaves_other_networks_intents_alone()
    {
        _bench.AddingPlugin("a");
        LeaveIntent(PluginBench.List("a"), started: [(0, "a")]);

        Assert.Empty(_bench.Runtime().CollectGarbage(PluginBench.Parse("""{"name":"net","cniVersion":"1.0.0","plugins":[{"type":"a"}]}"""), []));

        Assert.Equal("", _bench.Calls());
        Assert.Equal(["net1,c1,eth0"], _bench.IntentFiles());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"network\":\"net1\",\"conta")]
    public void An_intent_cut_off_in_its_first_line_had_changed_nothing(string content)
    {
        _bench.AddingPlugin("a");
        Directory.CreateDirectory(_bench.Intents);
        File.WriteAllText(Path.Join(_bench.Intents, "net1,c1,eth0"), content);

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Equal("a:ADD", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_cut_off_last_line_counts_as_not_written()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        LeaveIntent(PluginBench.List("a", "b"), started: [(0, "a")]);
        File.AppendAllText(Path.Join(_bench.Intents, "net1,c1,eth0"), "{\"started\":1,\"ty");

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Equal("a:DEL a:ADD", _bench.Calls());
    }

    [Fact]
    public void Garbage_collection_deletes_what_is_not_valid_with_its_own_configuration()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment("c1"));
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment("c2"));
        _bench.TakeCalls();

        NetworkConfigurationList now = PluginBench.Parse("""{"name":"net1","cniVersion":"1.1.0","plugins":[{"type":"b"}]}""");
        IReadOnlyList<CollectedAttachment> removed = runtime.CollectGarbage(now, [new AttachmentKey("c1", "eth0")]);

        Assert.Equal(["c2"], removed.Select(r => r.ContainerId));
        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("a:DEL b:GC", string.Join(' ', calls));
        Assert.Equal("""[{"containerID":"c1","ifname":"eth0"}]""", calls[1].Config.GetProperty("cni.dev/valid-attachments").GetRawText());
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
    }

    [Fact]
    public void Without_a_list_of_valid_attachments_the_living_ones_stay()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment("c1", "lo", "/proc/self/ns/net"));
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment("c2"));

        Assert.Equal(["c2"], runtime.CollectGarbage(PluginBench.List("a"), null).Select(r => r.ContainerId));
        Assert.Equal(["net1-c1-lo"], _bench.CacheFiles());
    }

    [Fact]
    public void Failures_of_garbage_collection_are_reported_together_and_stop_nothing()
    {
        _bench.FailingPlugin("a", "DEL", msg: "stuck");
        _bench.FailingPlugin("b", "GC", msg: "no");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"1.1.0","plugins":[{"type":"a"},{"type":"b"}]}""");
        runtime.Add(list, PluginBench.Attachment());
        _bench.TakeCalls();

        GarbageException e = Assert.Throws<GarbageException>(() => runtime.CollectGarbage(list, []));

        Assert.Equal(
            "failed to delete stale attachment c1 eth0: plugin type=\"a\" failed (delete): stuck\nfailed to GC plugin b: no", e.Message);
        Assert.Equal(RuntimeErrorIds.CollectionIncomplete, e.ErrorId);
        Assert.Equal("b:DEL a:DEL a:GC b:GC", _bench.Calls());
    }

    private void LeaveIntent(NetworkConfigurationList list, (int Index, string Type)[] started)
    {
        Directory.CreateDirectory(_bench.Intents);
        Attachment attachment = PluginBench.Attachment() with { Args = CniArgs.Parse("K=V") };
        StringBuilder text = new();
        text.Append(Encoding.UTF8.GetString(Intent.FirstLine(list.Name, list.Bytes, attachment, _bench.Options).Span));
        foreach ((int index, string type) in started)
        {
            text.Append(Encoding.UTF8.GetString(Intent.StartedLine(index, type).Span));
        }

        File.WriteAllText(Path.Join(_bench.Intents, "net1,c1,eth0"), text.ToString());
    }

    private static async Task Appears(string path)
    {
        while (!File.Exists(path))
        {
            await Task.Delay(5);
        }
    }
}
