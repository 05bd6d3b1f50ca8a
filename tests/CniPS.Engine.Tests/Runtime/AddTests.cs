using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

public sealed class AddTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void WhoIsNotToldOfAnAttachmentDoesNotHaveIt()
    {
        _bench.AddingPlugin("a");
        CniResult? told = null;

        PluginCallException e = Assert.Throws<PluginCallException>(() => _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment(), result =>
        {
            told = result;
            Assert.NotEmpty(_bench.CacheFiles());
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.IOFailure, "nobody listens");
        }));

        Assert.NotNull(told);
        Assert.True(e.RolledBack);
        Assert.Equal(CniErrorIds.FileFailed, e.ErrorId);
        Assert.Empty(_bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
        Assert.Equal("a:ADD a:DEL", _bench.Calls());
    }

    [Fact]
    public void Runs_plugins_in_order_each_with_the_result_before_and_caches_the_last()
    {
        _bench.AddingPlugin("a", "10.0.0.5/24");
        _bench.AddingPlugin("b", "10.0.0.6/24");

        CniResult result = _bench.Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment())!;

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("a:ADD b:ADD", string.Join(' ', calls));
        Assert.False(calls[0].Config.TryGetProperty("prevResult", out _));
        Assert.Equal("10.0.0.5/24", calls[1].Config.GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString());
        Assert.Equal("10.0.0.6/24", result.Ips[0].Address.ToString());
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(_bench.Results, "net1-c1-eth0")));
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void Only_declared_capabilities_arrive_and_arguments_in_order()
    {
        _bench.AddingPlugin("a");
        NetworkConfigurationList list = PluginBench.Parse(
            """{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"a","capabilities":{"mac":true,"ips":false}}]}""");
        JsonElement json = JsonDocument.Parse("""{"mac":"c2:11:22:33:44:55","ips":["10.0.0.9"],"other":1.50}""").RootElement;
        Attachment attachment = PluginBench.Attachment() with
        {
            Args = CniArgs.Parse("B=2;A=1"),
            CapabilityArgs = [.. json.EnumerateObject().Select(p => new KeyValuePair<string, JsonElement>(p.Name, p.Value))],
        };

        _bench.Runtime().Add(list, attachment);

        PluginLog call = Assert.Single(_bench.TakeCalls());
        Assert.Equal("""{"mac":"c2:11:22:33:44:55"}""", call.Config.GetProperty("runtimeConfig").GetRawText());
        Assert.Equal("B=2;A=1", call.Environment["CNI_ARGS"]);
    }

    [Fact]
    public void The_environment_is_inherited_without_CNI_variables()
    {
        _bench.AddingPlugin("a");
        KeyValuePair<string, string>[] inherited =
        [
            new("PATH", "/usr/bin:/bin"), new("CNI_NETNS_OVERRIDE", "true"), new("CNI_ARGS", "FROM=HOST"), new("TRACEPARENT", "00-1-2-01"),
        ];

        _bench.Runtime(o => o with { Environment = inherited }).Add(PluginBench.List("a"), PluginBench.Attachment());

        PluginLog call = Assert.Single(_bench.TakeCalls());
        string[] expected =
        [
            "CNI_ARGS=", "CNI_COMMAND=ADD", "CNI_CONTAINERID=c1", "CNI_IFNAME=eth0", "CNI_NETNS=/run/netns/none", $"CNI_PATH={_bench.Bin}",
        ];
        Assert.Equal(expected, call.Environment.Where(v => v.Key.StartsWith("CNI_")).Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("00-1-2-01", call.Environment["TRACEPARENT"]);
    }

    [Fact]
    public void A_failure_undoes_what_ran_in_reverse_and_caches_nothing()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "ADD");
        _bench.AddingPlugin("c");

        PluginCallException e = Assert.Throws<PluginCallException>(() => _bench.Runtime().Add(PluginBench.List("a", "b", "c"), PluginBench.Attachment()));

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("a:ADD b:ADD b:DEL a:DEL", string.Join(' ', calls));
        Assert.Equal(calls[1].Stdin, calls[2].Stdin);
        Assert.Equal("plugin type=\"b\" failed (add): boom (everything that this ADD had made was rolled back)", e.Message);
        Assert.Equal((RuntimeErrorIds.PluginFailed, (CniErrorCode)107, "boom", "b", "ADD"), (e.ErrorId, e.Code, e.Msg, e.PluginType, e.Verb));
        Assert.True(e.RolledBack);
        Assert.Empty(e.NotUndone);
        Assert.Empty(_bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void What_cant_be_undone_is_said_and_written_down()
    {
        _bench.FailingPlugin("a", "DEL", msg: "stuck");
        _bench.FailingPlugin("b", "ADD");

        PluginCallException e = Assert.Throws<PluginCallException>(() => _bench.Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment()));

        Assert.Equal("plugin type=\"b\" failed (add): boom (what this ADD had made was rolled back, except: stuck)", e.Message);
        Assert.Equal("stuck", Assert.Single(e.NotUndone).Message);
        Assert.Equal(["net1,c1,eth0"], _bench.IntentFiles());
    }

    [Fact]
    public void Nothing_is_undone_where_the_interface_was_there_before()
    {
        _bench.FailingPlugin("a", "ADD");

        Assert.Throws<PluginCallException>(() =>
            _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment(ifName: "lo", netns: "/proc/self/ns/net")));

        Assert.Equal("a:ADD", _bench.Calls());
    }

    [Fact]
    public void As_libcni_nothing_is_undone()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "ADD");
        RuntimeOptions options = RuntimeOptions.Libcni with { CacheFolder = _bench.Cache, PluginPath = [_bench.Bin], PluginSource = PluginSource.Path };

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime(_ => options).Add(PluginBench.List("a", "b"), PluginBench.Attachment()));

        Assert.Equal("plugin type=\"b\" failed (add): boom", e.Message);
        Assert.Equal("a:ADD b:ADD", _bench.Calls());
        Assert.False(Directory.Exists(Path.Join(_bench.Cache, "cnips")));
    }

    [Theory]
    [InlineData("", "net1", "eth0", "missing containerID")]
    [InlineData("../c", "net1", "eth0", "invalid characters in containerID; ../c")]
    [InlineData("c1", "../n", "eth0", "invalid characters found in network name; ../n")]
    [InlineData("c1", "net1", "a/b", "interface name contains / or : or whitespace characters")]
    public void Bad_names_are_refused_by_every_verb_before_anything_runs(string id, string network, string ifName, string message)
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.Parse($$"""{"name":"{{network}}","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        Attachment attachment = PluginBench.Attachment(id, ifName);

        foreach (Action verb in new Action[] { () => runtime.Add(list, attachment), () => runtime.Delete(list, attachment), () => runtime.Check(list, attachment) })
        {
            CniException e = Assert.Throws<CniException>(verb);
            Assert.Equal((CniErrorIds.InvalidName, message), (e.ErrorId, e.Message));
        }

        Assert.Equal("", _bench.Calls());
        Assert.False(Directory.Exists(_bench.Cache));
    }

    [Fact]
    public void A_missing_plugin_is_found_out_before_the_first_runs()
    {
        _bench.AddingPlugin("a");

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime().Add(PluginBench.List("a", "zz"), PluginBench.Attachment()));

        Assert.Equal($"plugin type=\"zz\" failed (add): failed to find plugin \"zz\" in path [{_bench.Bin}]", e.Message);
        Assert.Equal((RuntimeErrorIds.PluginNotFound, "zz"), (e.ErrorId, e.PluginType));
        Assert.NotNull(e.RecommendedAction);
        Assert.Equal("", _bench.Calls());
    }

    [Fact]
    public void A_native_plugin_that_does_not_speak_the_version_is_found_out_before_the_first_runs()
    {
        _bench.AddingPlugin("a");
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"0.9.9","plugins":[{"type":"a"},{"type":"loopback"}]}""");

        CniException e = Assert.ThrowsAny<CniException>(() =>
            _bench.Runtime(o => o with { PluginSource = PluginSource.NativeFirst }).Add(list, PluginBench.Attachment()));

        Assert.Equal((CniErrorIds.IncompatibleVersion, CniErrorCode.IncompatibleCniVersion), (e.ErrorId, e.Code));
        Assert.StartsWith("plugin type=\"loopback\" failed (add): incompatible CNI versions; config is \"0.9.9\", plugin supports [", e.Message);
        Assert.Equal("", _bench.Calls());
    }

    [Fact]
    public void Native_only_finds_no_programs()
    {
        _bench.AddingPlugin("a");

        CniException e = Assert.ThrowsAny<CniException>(() =>
            _bench.Runtime(o => o with { PluginSource = PluginSource.Native }).Add(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(RuntimeErrorIds.PluginNotFound, e.ErrorId);
        Assert.Contains("among the native ones [", e.Message);
    }

    [Theory]
    [InlineData("echo hello", RuntimeErrorIds.PluginProtocolError, "failed to unmarshal raw result: ")]
    [InlineData("true", RuntimeErrorIds.PluginProtocolError, "failed to unmarshal raw result: ")]
    [InlineData("exit 7", RuntimeErrorIds.PluginProtocolError, "netplugin failed with no error message: exit status 7")]
    [InlineData("echo bad >&2; exit 3", RuntimeErrorIds.PluginFailed, "netplugin failed: \"bad\\n\": exit status 3")]
    [InlineData("echo oops; exit 1", RuntimeErrorIds.PluginProtocolError, "netplugin failed but error parsing its diagnostic message \"oops\\n\": ")]
    [InlineData("echo '{\"code\":\"7\"}'; exit 1", RuntimeErrorIds.PluginProtocolError, "netplugin failed but error parsing its diagnostic message ")]
    [InlineData("kill -KILL $$", RuntimeErrorIds.PluginFailed, "netplugin failed with no error message: signal: killed")]
    public void What_a_program_does_wrong_is_told_apart(string script, string id, string message)
    {
        _bench.Script("a", "#!/bin/sh\n[ \"$CNI_COMMAND\" = DEL ] && exit 0\n" + script);

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(id, e.ErrorId);
        Assert.StartsWith($"plugin type=\"a\" failed (add): {message}", e.Message);
        Assert.Contains("rolled back", e.Message);
    }

    [Fact]
    public void The_error_holds_what_the_program_said()
    {
        _bench.Script("a", "#!/bin/sh\necho details >&2; echo '{\"code\":11,\"msg\":\"later\"}'; exit 1");

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment()));

        ProgramException cause = Assert.IsType<ProgramException>(e.InnerException!.InnerException ?? e.InnerException);
        Assert.Equal("details\n", System.Text.Encoding.UTF8.GetString(cause.Outcome.Error.Span));
        Assert.Equal("Try again later.", e.RecommendedAction);
    }

    [Fact]
    public void A_plugin_that_hangs_is_killed_and_undone()
    {
        _bench.Plugin("a", "[ \"$CNI_COMMAND\" = ADD ] && sleep 100\nexit 0");
        long start = Stopwatch.GetTimestamp();

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime(o => o with { Timeout = TimeSpan.FromSeconds(10) })
            .Add(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(RuntimeErrorIds.PluginTimeout, e.ErrorId);
        Assert.Contains("did not end within 10 s and was killed", e.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 10, 95); // the plugin sleeps a hundred
        Assert.Equal("a:ADD a:DEL", _bench.Calls());
    }

    [Fact]
    public async Task Stopping_undoes()
    {
        _bench.AddingPlugin("a");
        string mark = Path.Join(_bench.Folder, "mark");
        _bench.Plugin("b", $"if [ \"$CNI_COMMAND\" = ADD ]; then touch {mark}; sleep 100; fi\nexit 0");
        using CancellationTokenSource source = new();
        Task<CniResult?> adding = Task.Run(() => _bench.Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment(), source.Token));
        while (!File.Exists(mark))
        {
            await Task.Delay(5);
        }

        source.Cancel();

        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding);
        Assert.Contains("rolled back", e.Message);
        Assert.Equal(source.Token, e.CancellationToken);
        Assert.Equal("a:ADD b:ADD b:DEL a:DEL", _bench.Calls());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void A_result_in_another_version_is_converted_and_keeps_unknown_fields()
    {
        _bench.Plugin("a", """echo '{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.5/24"}],"extra":12345678901234567890}'""");
        _bench.AddingPlugin("b");

        _bench.Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment());

        JsonElement previous = _bench.TakeCalls()[1].Config.GetProperty("prevResult");
        Assert.Equal("1.0.0", previous.GetProperty("cniVersion").GetString());
        Assert.False(previous.GetProperty("ips")[0].TryGetProperty("version", out _));
        Assert.Equal("12345678901234567890", previous.GetProperty("extra").GetRawText());
    }

    [Fact]
    public void What_is_attached_and_alive_is_refused_and_left_as_it_was()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        Attachment attachment = PluginBench.Attachment(ifName: "lo", netns: "/proc/self/ns/net");
        runtime.Add(PluginBench.List("a"), attachment);
        string before = File.ReadAllText(Path.Join(_bench.Results, "net1-c1-lo"));
        _bench.TakeCalls();

        CniException e = Assert.Throws<CniException>(() => runtime.Add(PluginBench.List("a"), attachment));

        Assert.Equal(RuntimeErrorIds.AttachmentExists, e.ErrorId);
        Assert.Equal("", _bench.Calls());
        Assert.Equal(before, File.ReadAllText(Path.Join(_bench.Results, "net1-c1-lo")));
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void What_is_cached_but_dead_is_deleted_first_with_its_own_configuration()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment() with { Args = CniArgs.Parse("K=V") });
        _bench.TakeCalls();

        runtime.Add(PluginBench.List("b"), PluginBench.Attachment());

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("a:DEL b:ADD", string.Join(' ', calls));
        Assert.Equal("K=V", calls[0].Environment["CNI_ARGS"]);
        Assert.True(calls[0].Config.TryGetProperty("prevResult", out _));
        Assert.Contains(_bench.Observer.Warnings, w => w.Contains("is removed first"));
    }

    [Fact]
    public void Two_attachments_whose_file_names_collide_both_stay_cached()
    {
        _bench.AddingPlugin("a", "10.0.0.5/24");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList first = PluginBench.Parse("""{"name":"a","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        NetworkConfigurationList second = PluginBench.Parse("""{"name":"a-b","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        runtime.Add(first, PluginBench.Attachment("b-c", "d"));
        runtime.Add(second, PluginBench.Attachment("c", "d"));

        Assert.Equal(2, runtime.Cache.List().Count);
        Assert.Equal("b-c", runtime.Cache.Find("a", "b-c", "d")!.ContainerId);
        Assert.Equal("c", runtime.Cache.Find("a-b", "c", "d")!.ContainerId);
        Assert.Contains("a-b-c-d", _bench.CacheFiles());

        runtime.Delete(first, PluginBench.Attachment("b-c", "d"));
        Assert.Equal("a-b", Assert.Single(runtime.Cache.List()).Network);
        Assert.Equal("c", runtime.Cache.Find("a-b", "c", "d")!.ContainerId);
    }

    [Fact]
    public void Names_too_long_for_a_file_are_cached_all_the_same()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        NetworkConfigurationList list = PluginBench.Parse($$"""{"name":"{{new string('n', 150)}}","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        string id = new('c', 150);

        runtime.Add(list, PluginBench.Attachment(id));
        Assert.Equal(id, runtime.Cache.Find(list.Name, id, "eth0")!.ContainerId);

        runtime.Delete(list, PluginBench.Attachment(id));
        Assert.Empty(_bench.CacheFiles());
        Assert.Equal("a:ADD a:DEL", _bench.Calls());
    }

    [Theory]
    [InlineData(225)]
    [InlineData(250)]
    [InlineData(255)]
    public void Names_just_short_enough_for_a_file_keep_libcnis_name(int length)
    {
        _bench.AddingPlugin("a");
        string id = new('c', length - "net1--eth0".Length);

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment(id));

        Assert.Equal([$"net1-{id}-eth0"], _bench.CacheFiles());
    }

    [Fact]
    public void The_plugins_of_a_folder_are_cached_with_the_list()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        string file = Path.Join(_bench.Folder, "n.conflist");
        File.WriteAllText(file, """{"name":"net1","cniVersion":"1.0.0","x":1,"plugins":[{"type":"a"}]}""");
        Directory.CreateDirectory(Path.Join(_bench.Folder, "net1"));
        File.WriteAllText(Path.Join(_bench.Folder, "net1", "1.conf"), """{"type":"b"}""");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(NetworkConfigurationList.Load(file), PluginBench.Attachment());
        _bench.TakeCalls();

        runtime.Delete(Assert.Single(runtime.Cache.List()));

        Assert.Equal("b:DEL a:DEL", _bench.Calls());
    }

    [Fact]
    public void An_unwritable_cache_undoes_too()
    {
        _bench.AddingPlugin("a");
        File.WriteAllText(_bench.Cache, "a file where the folder should be");

        CniException e = Assert.ThrowsAny<CniException>(() =>
            _bench.Runtime(o => o with { Locks = false, Intents = false, RefuseExisting = false }).Add(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(RuntimeErrorIds.CacheUnwritable, e.ErrorId);
        Assert.StartsWith("failed to set network \"net1\" cached result: ", e.Message);
        Assert.Contains("rolled back", e.Message);
        Assert.Equal("a:ADD a:DEL", _bench.Calls());
    }

    [Fact]
    public void A_plan_runs_no_program_and_ends_at_the_first()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        CniRuntime runtime = new(new PlannedHost(_bench.Host), _bench.Options, _bench.Observer);

        Assert.Null(runtime.Add(PluginBench.List("a", "b"), PluginBench.Attachment()));

        Assert.Equal("", _bench.Calls());
        Assert.False(Directory.Exists(_bench.Cache));
        string command = Assert.Single(_bench.Observer.Changes);
        Assert.Equal(
            $$"""printf %s '{"type":"a","name":"net1","cniVersion":"1.0.0"}' | CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/none CNI_ARGS='' CNI_IFNAME=eth0 CNI_PATH={{_bench.Bin}} {{_bench.Bin}}/a""",
            command);
        Assert.Contains(_bench.Observer.Warnings, w => w.EndsWith("the plan ends here. After it: b", StringComparison.Ordinal));
    }

    [Fact]
    public void A_planned_removal_lists_every_program_and_the_cache_file()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        _bench.Runtime().Add(PluginBench.List("a", "b"), PluginBench.Attachment());
        _bench.TakeCalls();
        RecordingObserver observer = new();

        new CniRuntime(new PlannedHost(_bench.Host), _bench.Options, observer).Delete(PluginBench.List("a", "b"), PluginBench.Attachment());

        Assert.Equal("", _bench.Calls());
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
        Assert.Equal(3, observer.Changes.Count);
        Assert.EndsWith("/b", observer.Changes[0]);
        Assert.EndsWith("/a", observer.Changes[1]);
        Assert.StartsWith("rm -f ", observer.Changes[2]);
    }

    [Fact]
    public void A_programs_standard_error_is_passed_on_though_it_succeeds()
    {
        _bench.Plugin("a", """echo careful >&2; echo '{}'""");

        _bench.Runtime().Add(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Equal(["a (ADD): careful"], _bench.Observer.Warnings);
    }
}
