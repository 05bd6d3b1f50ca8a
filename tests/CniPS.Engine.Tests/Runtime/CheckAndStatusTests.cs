using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

public sealed class CheckAndStatusTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_difference_is_found()
    {
        _bench.FailingPlugin("a", "CHECK", code: 999, msg: "address is gone");
        _bench.AddingPlugin("b");
        _bench.FailingPlugin("c", "CHECK", code: 100, msg: "route is gone");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a", "b", "c"), PluginBench.Attachment());
        _bench.TakeCalls();

        IReadOnlyList<Difference> differences = runtime.Check(PluginBench.List("a", "b", "c"), PluginBench.Attachment());

        Assert.Equal(["a: address is gone", "c: route is gone"], differences.Select(d => $"{d.PluginType}: {d.Message}"));
        Assert.Equal("a:CHECK b:CHECK c:CHECK", _bench.Calls());
    }

    [Fact]
    public void A_plugin_that_can_not_check_is_an_error()
    {
        _bench.FailingPlugin("a", "CHECK", code: 1, msg: "incompatible CNI versions");
        CniRuntime runtime = _bench.Runtime();
        Attachment attachment = PluginBench.Attachment(netns: "/dev/null"); // something that is there
        runtime.Add(PluginBench.List("a"), attachment);

        CniException e = Assert.ThrowsAny<CniException>(() => runtime.Check(PluginBench.List("a"), attachment));

        Assert.Equal("plugin type=\"a\" failed (check): incompatible CNI versions", e.Message);
    }

    [Fact]
    public void A_plugin_that_finds_no_namespace_is_a_difference()
    {
        _bench.FailingPlugin("a", "CHECK", code: 1, msg: "failed to open netns");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());

        Difference difference = Assert.Single(runtime.Check(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(("the container's namespace /run/netns/none is gone", true), (difference.Message, difference.IsFinal));
    }

    [Fact]
    public void As_libcni_the_first_difference_is_thrown()
    {
        _bench.FailingPlugin("a", "CHECK", code: 999, msg: "gone");
        RuntimeOptions options = RuntimeOptions.Libcni with { CacheFolder = _bench.Cache, PluginPath = [_bench.Bin], PluginSource = PluginSource.Path };

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime(_ => options).Check(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal("gone", e.Message);
    }

    [Fact]
    public void What_was_never_attached_differs()
    {
        _bench.AddingPlugin("a");

        Difference difference = Assert.Single(_bench.Runtime().Check(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Null(difference.Actual);
        Assert.Equal("", _bench.Calls());
    }

    [Fact]
    public void Below_0_4_0_there_is_no_check()
    {
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"0.3.1","plugins":[{"type":"a"}]}""");

        CniException e = Assert.Throws<CniException>(() => _bench.Runtime().Check(list, PluginBench.Attachment()));

        Assert.Equal((CniErrorIds.VerbNotSupported, "configuration version \"0.3.1\" does not support the CHECK command"), (e.ErrorId, e.Message));
        Assert.Equal("Raise cniVersion to 0.4.0 or later.", e.RecommendedAction);
    }

    [Fact]
    public void A_corrupt_result_stops_the_check_and_stays()
    {
        Directory.CreateDirectory(_bench.Results);
        File.WriteAllText(Path.Join(_bench.Results, "net1-c1-eth0"), "garbage");

        CniException e = Assert.Throws<CniException>(() => _bench.Runtime().Check(PluginBench.List("a"), PluginBench.Attachment()));

        Assert.Equal(RuntimeErrorIds.CacheUnreadable, e.ErrorId);
        Assert.StartsWith("failed to get network \"net1\" cached result: decoding version from network config: ", e.Message);
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
    }

    [Fact]
    public void Status_stops_at_the_first_that_is_not_ready()
    {
        _bench.Plugin("a");
        _bench.FailingPlugin("b", "STATUS", code: 50, msg: "down");
        NetworkConfigurationList list = PluginBench.Parse("""{"name":"net1","cniVersion":"1.1.0","plugins":[{"type":"a"},{"type":"b"},{"type":"a"}]}""");

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime().Status(list));

        Assert.Equal(("plugin type=\"b\" failed (status): down", CniErrorCode.PluginNotAvailable), (e.Message, e.Code));
        Assert.Equal("a:STATUS b:STATUS", _bench.Calls());
    }

    [Fact]
    public void Status_that_a_version_does_not_have_is_said()
    {
        _bench.Runtime().Status(PluginBench.List("a"));

        Assert.Contains("has no STATUS", Assert.Single(_bench.Observer.Warnings));
        Assert.Equal("", _bench.Calls());
    }

    [Fact]
    public void A_native_plugin_says_which_versions_it_speaks()
    {
        PluginVersionInfo info = _bench.Runtime(o => o with { PluginSource = PluginSource.NativeFirst }).Version("loopback");

        Assert.Contains("1.0.0", info.SupportedVersions);
        Assert.Equal(CniVersion.Current, info.CniVersion);
    }
}
