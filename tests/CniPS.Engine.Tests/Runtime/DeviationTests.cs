using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;
using CniPS.Engine.Tests.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests.Vectors;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>
/// Where the runtime differs from libcni: one test for each row of the table in docs/deviations.md, named as the row. Each holds both
/// temperaments, unless the row stands below "in either temperament".
/// </summary>
public sealed class DeviationTests : IDisposable
{
    private const string Unknown = """{"cniVersion":"1.0.0","ips":[{"address":"10.0.0.5/24","mine":1}],"extra":[1.50]}""";

    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private CniRuntime Ours => _bench.Runtime();

    private CniRuntime Libcni(Func<RuntimeOptions, RuntimeOptions>? change = null)
    {
        RuntimeOptions options = RuntimeOptions.Libcni with { CacheFolder = _bench.Cache, PluginPath = [_bench.Bin], PluginSource = PluginSource.Path };
        return new CniRuntime(_bench.Host, change is null ? options : change(options), _bench.Observer);
    }

    [Fact]
    public void Every_row_has_a_test_and_every_test_a_row()
    {
        string page = File.ReadAllText(Path.Join(VectorFile.Root, "docs", "deviations.md"));
        int start = page.IndexOf("## The runtime, against libcni", StringComparison.Ordinal);
        string section = page[start..page.IndexOf("\n## ", start + 3, StringComparison.Ordinal)];
        string[] rows = [.. section.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| |", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[0][2..])];
        string[] tests = [.. typeof(DeviationTests).GetMethods().Select(method => method.GetCustomAttribute<FactAttribute>()?.DisplayName).OfType<string>()];

        Assert.Equal(rows.Order(StringComparer.Ordinal), tests.Order(StringComparer.Ordinal));
    }

    [Fact(DisplayName = "unknown fields of a result")]
    public void UnknownFields()
    {
        _bench.Plugin("a", $"[ $CNI_COMMAND = ADD ] && echo '{Unknown}'; exit 0");
        _bench.AddingPlugin("b");

        Ours.Add(PluginBench.List("a", "b"), PluginBench.Attachment());
        Libcni().Add(PluginBench.List("a", "b"), PluginBench.Attachment(id: "c2"));

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("[1.50]", calls[1].Config.GetProperty("prevResult").GetProperty("extra").GetRawText());
        Assert.False(calls[3].Config.GetProperty("prevResult").TryGetProperty("extra", out _));
    }

    [Fact(DisplayName = "a result in another version than the network's")]
    public void OtherVersion()
    {
        _bench.Plugin("a", """echo '{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.5/24"}]}'""");

        Assert.Equal("1.0.0", Ours.Add(PluginBench.List("a"), PluginBench.Attachment())!.CniVersion);
        Assert.Equal("0.4.0", Libcni().Add(PluginBench.List("a"), PluginBench.Attachment(id: "c2"))!.CniVersion);
    }

    [Fact(DisplayName = "ADD that fails")]
    public void FailingAdd()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "ADD");

        Assert.ThrowsAny<CniException>(() => Ours.Add(PluginBench.List("a", "b"), PluginBench.Attachment()));
        Assert.Equal("a:ADD b:ADD b:DEL a:DEL", _bench.Calls());
        Assert.ThrowsAny<CniException>(() => Libcni().Add(PluginBench.List("a", "b"), PluginBench.Attachment()));
        Assert.Equal("a:ADD b:ADD", _bench.Calls());
    }

    [Fact(DisplayName = "ADD of what is attached already")]
    public void AttachedAlready()
    {
        _bench.AddingPlugin("a");
        Attachment attachment = PluginBench.Attachment(ifName: "lo", netns: "/proc/self/ns/net");
        Libcni().Add(PluginBench.List("a"), attachment);
        Libcni().Add(PluginBench.List("a"), attachment);
        Assert.Equal("a:ADD a:ADD", _bench.Calls());

        CniException e = Assert.Throws<CniException>(() => Ours.Add(PluginBench.List("a"), attachment));

        Assert.Equal(RuntimeErrorIds.AttachmentExists, e.ErrorId);
        Assert.Equal("", _bench.Calls());
    }

    [Fact(DisplayName = "an ADD that was killed")]
    public void KilledAdd()
    {
        string seen = Path.Join(_bench.Folder, "seen");
        _bench.Plugin("a", $"ls {_bench.Intents} > {seen} 2>&1; echo '{{}}'");

        Ours.Add(PluginBench.List("a"), PluginBench.Attachment());
        Assert.Equal("net1,c1,eth0", File.ReadAllText(seen).Trim());
        Assert.Empty(_bench.IntentFiles());
        Directory.Delete(Path.Join(_bench.Cache, "cnips"), recursive: true);
        Libcni().Add(PluginBench.List("a"), PluginBench.Attachment());
        Assert.Contains("No such file", File.ReadAllText(seen));
    }

    [Fact(DisplayName = "a plugin that is missing")]
    public void MissingPlugin()
    {
        _bench.AddingPlugin("a");

        Assert.ThrowsAny<CniException>(() => Ours.Add(PluginBench.List("a", "none"), PluginBench.Attachment()));
        Assert.Equal("", _bench.Calls());
        Assert.ThrowsAny<CniException>(() => Libcni().Add(PluginBench.List("a", "none"), PluginBench.Attachment()));
        Assert.Equal("a:ADD", _bench.Calls());
    }

    [Fact(DisplayName = "names")]
    public void Names()
    {
        _bench.AddingPlugin("a");
        Attachment bad = PluginBench.Attachment(id: "a/b");

        Assert.Throws<CniException>(() => Ours.Delete(PluginBench.List("a"), bad));
        Assert.Equal("", _bench.Calls());
        Libcni().Delete(PluginBench.List("a"), bad);
        Assert.Equal("a:DEL", _bench.Calls());
    }

    [Fact(DisplayName = "DEL where a plugin fails")]
    public void FailingDelete()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "DEL", msg: "one");
        _bench.FailingPlugin("c", "DEL", msg: "two");

        CniException e = Assert.ThrowsAny<CniException>(() => Ours.Delete(PluginBench.List("a", "b", "c"), PluginBench.Attachment()));
        Assert.Equal(("c:DEL b:DEL a:DEL", CniErrorIds.DeleteIncomplete), (_bench.Calls(), e.ErrorId));
        Assert.ThrowsAny<CniException>(() => Libcni().Delete(PluginBench.List("a", "b", "c"), PluginBench.Attachment()));
        Assert.Equal("c:DEL", _bench.Calls());
    }

    [Fact(DisplayName = "DEL of a container that a plugin doesn't know (code 3)")]
    public void UnknownContainer()
    {
        _bench.FailingPlugin("a", "DEL", code: 3);

        Ours.Delete(PluginBench.List("a"), PluginBench.Attachment());
        Assert.ThrowsAny<CniException>(() => Libcni().Delete(PluginBench.List("a"), PluginBench.Attachment()));
    }

    [Fact(DisplayName = "DEL and CHECK without their configuration")]
    public void WithoutConfiguration()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        Ours.Add(PluginBench.List("a"), PluginBench.Attachment());
        string file = Path.Join(_bench.Folder, "net1.conflist");
        File.WriteAllText(file, """{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"b"}]}"""); // changed since ADD

        CachedAttachment cached = Ours.Cache.Find("net1", "c1", "eth0")!;
        Ours.Check(cached);
        Ours.Delete(null, PluginBench.Attachment());
        Assert.Equal("a:ADD a:CHECK a:DEL", _bench.Calls());

        Libcni().Add(PluginBench.List("a"), PluginBench.Attachment());
        Libcni().Delete(NetworkConfigurationList.Load(file), PluginBench.Attachment());
        Assert.Equal("a:ADD b:DEL", _bench.Calls());
    }

    [Fact(DisplayName = "what DEL is not given: namespace, CNI_ARGS, capability arguments")]
    public void NotGiven()
    {
        _bench.AddingPlugin("a");
        Attachment given = PluginBench.Attachment() with { Args = CniArgs.Parse("K=V") };
        Attachment bare = PluginBench.Attachment(netns: "");
        Ours.Add(PluginBench.List("a"), given);
        Ours.Delete(PluginBench.List("a"), bare);
        Libcni().Add(PluginBench.List("a"), given);
        Libcni().Delete(PluginBench.List("a"), bare);

        Assert.Equal(["K=V", "K=V", "K=V", ""], _bench.TakeCalls().Select(call => call.Environment["CNI_ARGS"]));
    }

    [Fact(DisplayName = "a corrupt cache file")]
    public void CorruptCache()
    {
        _bench.AddingPlugin("a");
        string file = Path.Join(_bench.Results, "net1-c1-eth0"), aside = Path.Join(_bench.Cache, "cnips", "corrupt");
        Directory.CreateDirectory(_bench.Results);

        File.WriteAllText(file, "");
        Libcni().Delete(PluginBench.List("a"), PluginBench.Attachment());
        Assert.False(File.Exists(file) || Directory.Exists(aside));
        File.WriteAllText(file, "");
        Ours.Delete(PluginBench.List("a"), PluginBench.Attachment());
        Assert.False(File.Exists(file));
        Assert.Single(Directory.GetFiles(aside));
    }

    [Fact(DisplayName = "two attachments with one file name in the cache")]
    public void SameFileName()
    {
        _bench.AddingPlugin("a");
        foreach ((CniRuntime runtime, int files) in new[] { (Libcni(), 1), (Ours, 2) })
        {
            runtime.Add(PluginBench.List("a"), PluginBench.Attachment(id: "b", ifName: "c-d"));
            runtime.Add(PluginBench.List("a"), PluginBench.Attachment(id: "b-c", ifName: "d"));
            Assert.Equal(files, _bench.CacheFiles().Length);
            Array.ForEach(Directory.GetFiles(_bench.Results), File.Delete);
        }
    }

    [Fact(DisplayName = "two operations on one attachment")]
    public async Task TwoOperations()
    {
        string mark = Path.Join(_bench.Folder, "mark");
        _bench.Plugin("a", $"[ $CNI_COMMAND = CHECK ] || {{ touch {mark}; sleep 1; touch {mark}.end; }}; exit 0");
        Task deleting = Task.Run(() => Ours.Delete(PluginBench.List("a"), PluginBench.Attachment()));
        while (!File.Exists(mark))
        {
            await Task.Delay(5);
        }

        Libcni().Check(PluginBench.List("a"), PluginBench.Attachment());
        Assert.False(File.Exists(mark + ".end"));
        Ours.Check(PluginBench.List("a"), PluginBench.Attachment(id: "other"));
        Assert.False(File.Exists(mark + ".end"));
        Ours.Check(PluginBench.List("a"), PluginBench.Attachment());
        Assert.True(File.Exists(mark + ".end"));
        await deleting;
        Assert.False(Directory.Exists(_bench.Results)); // locks are elsewhere
    }

    [Fact(DisplayName = "GC while others work on the network")]
    public async Task ExclusiveCollection()
    {
        _bench.Plugin("a");
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"1.1.0","plugins":[{"type":"a"}]}""");
        Ours.Delete(list, PluginBench.Attachment()); // makes the folder of locks
        _bench.TakeCalls();
        string file = Path.Join(_bench.Locks, _bench.Host.Namespace.Id.Key, "net1");
        using Process other = Process.Start(
            new ProcessStartInfo("flock", ["-s", file, "sh", "-c", "echo locked; read end"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        Libcni().CollectGarbage(list, []);
        Ours.Status(list);
        Task collecting = Task.Run(() => Ours.CollectGarbage(list, []), TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(other.HasExited);
        Assert.False(collecting.IsCompleted);
        other.StandardInput.Close();
        await collecting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact(DisplayName = "GC that is told no valid attachments")]
    public void NothingValid()
    {
        _bench.AddingPlugin("a");
        foreach ((CniRuntime runtime, int left) in new[] { (Ours, 1), (Libcni(), 0) })
        {
            Libcni().Add(PluginBench.List("a"), PluginBench.Attachment(ifName: "lo", netns: "/proc/self/ns/net"));
            runtime.CollectGarbage(PluginBench.List("a"), valid: null);
            Assert.Equal(left, _bench.CacheFiles().Length);
        }
    }

    [Fact(DisplayName = "GC of what no cache knows")]
    public void CollectionOfTheUnknown()
    {
        foreach (bool ours in (bool[])[true, false])
        {
            using TestNetwork network = new(version: "1.1.0");
            network.Add("blue");
            RuntimeOptions options = (ours ? RuntimeOptions.Default : RuntimeOptions.Libcni) with
            {
                CacheFolder = network.Sandbox.Folder + "/elsewhere",
                PluginSource = PluginSource.Native,
            };
            new CniRuntime(network.Sandbox.Host, options).CollectGarbage(network.List, []);
            Assert.Equal(ours ? ["10.15.20.2"] : [], network.Leases());
        }
    }

    [Fact(DisplayName = "GC below version 1.1.0")]
    public void CollectionOfOldVersions()
    {
        foreach (bool ours in (bool[])[true, false])
        {
            using TestNetwork network = new(version: "0.4.0");
            network.Add("blue");
            Directory.Delete(Path.Join(network.Sandbox.CacheFolder, "results"), recursive: true);
            network.RemoveContainer("blue");
            Collect(network, ours);
            Assert.Equal(ours ? [] : ["10.15.20.2"], network.Leases());
        }
    }

    [Fact(DisplayName = "shared things (bridge, chains) after the last attachment")]
    public void SharedThings()
    {
        foreach (bool ours in (bool[])[true, false])
        {
            using TestNetwork network = new();
            network.Add("blue");
            network.Delete("blue");
            Assert.Contains(TestNetwork.Bridge, network.Snapshot());
            Collect(network, ours);
            Assert.Equal(!ours, network.Snapshot().Contains(TestNetwork.Bridge, StringComparison.Ordinal));
        }
    }

    private static void Collect(TestNetwork network, bool ours)
    {
        RuntimeOptions options = (ours ? RuntimeOptions.Default : RuntimeOptions.Libcni) with
        {
            CacheFolder = network.Sandbox.CacheFolder,
            Patience = TimeSpan.Zero,
        };
        new CniRuntime(network.Sandbox.Host, options).CollectGarbage(network.List, []);
    }

    [Fact(DisplayName = "GC of an attachment whose configuration has changed")]
    public void CollectionOfTheChanged()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b");
        foreach ((CniRuntime runtime, string calls) in new[] { (Ours, "a:ADD a:DEL"), (Libcni(), "a:ADD b:DEL") })
        {
            Libcni().Add(PluginBench.List("a"), PluginBench.Attachment());
            runtime.CollectGarbage(PluginBench.List("b"), []);
            Assert.Equal(calls, _bench.Calls());
        }
    }

    [Fact(DisplayName = "CHECK that finds differences")]
    public void Differences()
    {
        _bench.FailingPlugin("a", "CHECK", code: 100, msg: "one");
        _bench.FailingPlugin("b", "CHECK", code: 100, msg: "two");
        Libcni().Add(PluginBench.List("a", "b"), PluginBench.Attachment());

        Assert.Equal(["one", "two"], Ours.Check(PluginBench.List("a", "b"), PluginBench.Attachment()).Select(difference => difference.Message));
        Assert.Equal("one", Assert.ThrowsAny<CniException>(() => Libcni().Check(PluginBench.List("a", "b"), PluginBench.Attachment())).Message);
    }

    [Fact(DisplayName = "CHECK of what was never attached")]
    public void NeverAttached()
    {
        _bench.AddingPlugin("a");

        Assert.Single(Ours.Check(PluginBench.List("a"), PluginBench.Attachment()));
        Assert.Equal("", _bench.Calls());
        Assert.Empty(Libcni().Check(PluginBench.List("a"), PluginBench.Attachment()));
        Assert.Equal("a:CHECK", _bench.Calls());
    }

    [Fact(DisplayName = "errors of CHECK and STATUS")]
    public void NamedErrors()
    {
        _bench.FailingPlugin("a", "STATUS", code: 50, msg: "not ready");
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"1.1.0","plugins":[{"type":"a"}]}""");

        Assert.Equal("plugin type=\"a\" failed (status): not ready", Assert.ThrowsAny<CniException>(() => Ours.Status(list)).Message);
        Assert.Equal("not ready", Assert.ThrowsAny<CniException>(() => Libcni().Status(list)).Message);
    }

    [Fact(DisplayName = "STATUS below 1.1.0")]
    public void OldStatus()
    {
        Libcni().Status(PluginBench.List("a"));
        Assert.Empty(_bench.Observer.Warnings);
        Ours.Status(PluginBench.List("a"));
        Assert.Contains("no plugin was asked", Assert.Single(_bench.Observer.Warnings));
    }

    [Fact(DisplayName = "`CNI_*` variables of the caller")]
    public void CallersVariables()
    {
        _bench.AddingPlugin("a");
        KeyValuePair<string, string>[] environment = [new("PATH", Environment.GetEnvironmentVariable("PATH")!), new("CNI_NETNS_OVERRIDE", "1")];

        _bench.Runtime(o => o with { Environment = environment }).Add(PluginBench.List("a"), PluginBench.Attachment());
        Libcni(o => o with { Environment = environment }).Add(PluginBench.List("a"), PluginBench.Attachment(id: "c2"));

        Assert.Equal([false, true], _bench.TakeCalls().Select(call => call.Environment.ContainsKey("CNI_NETNS_OVERRIDE")));
    }

    [Fact(DisplayName = "a program that is too slow")]
    public void TooSlow()
    {
        _bench.Script("a", "#!/bin/sh\nexec sleep 60");
        string Message(CniRuntime runtime) => Assert.ThrowsAny<CniException>(() => runtime.Delete(PluginBench.List("a"), PluginBench.Attachment())).Message;

        Assert.EndsWith("did not end within 0.3 s and was killed", Message(_bench.Runtime(o => o with { Timeout = TimeSpan.FromSeconds(0.3) })));
        Assert.EndsWith("netplugin failed with no error message: signal: killed", Message(Libcni(o => o with { Timeout = TimeSpan.FromSeconds(0.3) })));
    }

    [Fact(DisplayName = "cache files")]
    public void CacheFiles()
    {
        _bench.AddingPlugin("a");
        foreach (CniRuntime runtime in new[] { Ours, Libcni() })
        {
            runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
            string file = Path.Join(_bench.Results, "net1-c1-eth0"), held = Path.Join(_bench.Folder, "held");
            File.CreateSymbolicLink(held, file); // so that the old file can be told from the new
            using FileStream before = File.OpenRead(file);
            Libcni().Add(PluginBench.List("a"), PluginBench.Attachment() with { Args = CniArgs.Parse("K=V") });
            Assert.DoesNotContain("cniArgs", new StreamReader(before).ReadToEnd());
            Assert.Contains("cniArgs", File.ReadAllText(held));
            File.Delete(held);
            File.Delete(file);
        }
    }

    [Fact(DisplayName = "numbers in a configuration")]
    public void Digits()
    {
        _bench.AddingPlugin("a");
        NetworkConfigurationList list = PluginBench.Parse(
            """{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"a","big":9007199254740993,"exact":1.50}]}""");

        Ours.Delete(list, PluginBench.Attachment());
        Libcni().Delete(list, PluginBench.Attachment());

        Assert.All(_bench.TakeCalls(), call => Assert.Contains("\"big\":9007199254740993,\"exact\":1.50", call.Stdin));
    }

    [Fact(DisplayName = "numbers of interfaces, MTUs, segment sizes and scopes beyond 32 bits")]
    public void BigNumbers() => Assert.Throws<CniException>(() =>
        CniResult.Parse("""{"cniVersion":"1.1.0","routes":[{"dst":"10.0.0.0/8","mtu":4294967296}]}"""u8.ToArray()));

    [Fact(DisplayName = "an IPv4 address written as an IPv6 one, with a prefix below 96")]
    public void MappedAddress() => Assert.Throws<CniException>(() =>
        CniResult.Parse("""{"cniVersion":"1.1.0","ips":[{"address":"::ffff:10.0.0.1/64"}]}"""u8.ToArray()));

    [Fact(DisplayName = "JSON depth")]
    public void Depth() => Assert.Throws<CniException>(() => PluginConfiguration.Parse(
        Encoding.UTF8.GetBytes($$"""{"type":"a","x":{{new string('[', 600)}}{{new string(']', 600)}}}""")));

    [Fact(DisplayName = "invalid UTF-8 and lone surrogates in JSON")]
    public void InvalidText()
    {
        Assert.Throws<CniException>(() => PluginConfiguration.Parse("""{"type":"a","x":"\ud800"}"""u8.ToArray()));
        Assert.Throws<CniException>(() => PluginConfiguration.Parse((byte[])[.. "{\"type\":\"a"u8, 0xFF, .. "\"}"u8]));
    }

    [Fact(DisplayName = "a network's name that leads out of the folder (`../x`)")]
    public void LeadingOut()
    {
        string folder = Path.Join(_bench.Folder, "net.d"), file = Path.Join(folder, "a.conflist");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.Join(_bench.Folder, "x"));
        File.WriteAllText(Path.Join(_bench.Folder, "x", "1.conf"), """{"type":"evil"}""");
        File.WriteAllText(file, """{"name":"../x","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");

        Assert.Single(NetworkConfigurationList.Load(file).Plugins);
    }

    [Fact(DisplayName = "a broken file in the configuration folder")]
    public void BrokenFile()
    {
        string folder = Path.Join(_bench.Folder, "net.d");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Join(folder, "10.conflist"), "{");
        File.WriteAllText(Path.Join(folder, "20.conflist"), """{"name":"n","cniVersion":"1.0.0","plugins":[{"type":"a"}]}""");
        List<CniException> broken = [];

        Assert.Equal("n", new NetworkConfigurationFolder(folder).Load("n", strict: false, broken.Add).Name);
        Assert.Contains("10.conflist", Assert.Single(broken).Position?.ToString());
        Assert.Throws<CniException>(() => new NetworkConfigurationFolder(folder).Load("n", strict: true));
    }

    [Fact(DisplayName = "a program's child that holds its pipes open")]
    public void HeldPipes()
    {
        _bench.Script("a", "#!/bin/sh\n(setsid sleep 20 &)\nexit 0");
        foreach (CniRuntime runtime in new[] { Ours, Libcni() })
        {
            Stopwatch watch = Stopwatch.StartNew();
            runtime.Delete(PluginBench.List("a"), PluginBench.Attachment());
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        }
    }

    [Fact(DisplayName = "a program's file that somebody is writing (ETXTBSY)")]
    public async Task BusyFile()
    {
        string path = _bench.Plugin("a");
        using FileStream writing = File.Open(path, FileMode.Open, FileAccess.Write);
        Task deleting = Task.Run(() => Libcni().Delete(PluginBench.List("a"), PluginBench.Attachment()));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(deleting.IsCompleted);
        writing.Close();
        await deleting;
        Assert.Equal("a:DEL", _bench.Calls());
    }
}
