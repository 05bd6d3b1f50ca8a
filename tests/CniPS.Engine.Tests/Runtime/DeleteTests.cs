using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

public sealed class DeleteTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Runs_in_reverse_with_the_cached_result_and_what_ADD_was_given()
    {
        _bench.AddingPlugin("a");
        _bench.AddingPlugin("b", "10.0.0.6/24");
        NetworkConfigurationList list = PluginBench.Parse(
            """{"name":"net1","cniVersion":"1.0.0","plugins":[{"type":"a","capabilities":{"mac":true}},{"type":"b"}]}""");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(list, PluginBench.Attachment() with
        {
            Args = CniArgs.Parse("K=V"),
            CapabilityArgs = [new("mac", JsonDocument.Parse("\"c2:11:22:33:44:55\"").RootElement)],
        });
        _bench.TakeCalls();

        runtime.Delete(list, PluginBench.Attachment(netns: ""));

        List<PluginLog> calls = _bench.TakeCalls();
        Assert.Equal("b:DEL a:DEL", string.Join(' ', calls));
        Assert.All(calls, c => Assert.Equal("10.0.0.6/24", c.Config.GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString()));
        Assert.All(calls, c => Assert.Equal(("/run/netns/none", "K=V"), (c.Environment["CNI_NETNS"], c.Environment["CNI_ARGS"])));
        Assert.Equal("c2:11:22:33:44:55", calls[1].Config.GetProperty("runtimeConfig").GetProperty("mac").GetString());
        Assert.Empty(_bench.CacheFiles());
        Assert.Empty(_bench.IntentFiles());
    }

    [Fact]
    public void Twice_is_fine()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());

        runtime.Delete(PluginBench.List("a"), PluginBench.Attachment());
        runtime.Delete(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Equal("a:ADD a:DEL a:DEL", _bench.Calls());
    }

    [Fact]
    public void Goes_on_past_a_failure_and_keeps_the_result_for_the_next_time()
    {
        _bench.AddingPlugin("a");
        _bench.FailingPlugin("b", "DEL", msg: "busy");
        _bench.AddingPlugin("c");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a", "b", "c"), PluginBench.Attachment());
        _bench.TakeCalls();

        PluginCallException e = Assert.Throws<PluginCallException>(() => runtime.Delete(PluginBench.List("a", "b", "c"), PluginBench.Attachment()));

        Assert.Equal("plugin type=\"b\" failed (delete): busy", e.Message);
        Assert.Equal("c:DEL b:DEL a:DEL", _bench.Calls());
        Assert.Equal(["net1-c1-eth0"], _bench.CacheFiles());
    }

    [Fact]
    public void Several_failures_are_reported_together()
    {
        _bench.FailingPlugin("a", "DEL", msg: "one");
        _bench.FailingPlugin("b", "DEL", msg: "two");

        CniException e = Assert.Throws<CniException>(() => _bench.Runtime().Delete(PluginBench.List("a", "zz", "b"), PluginBench.Attachment()));

        Assert.Equal(CniErrorIds.DeleteIncomplete, e.ErrorId);
        Assert.Equal(3, Assert.IsType<AggregateException>(e.InnerException).InnerExceptions.Count);
        Assert.StartsWith("plugin type=\"b\" failed (delete): two; plugin type=\"zz\" failed (delete): failed to find", e.Message);
    }

    [Fact]
    public void A_container_that_the_plugin_does_not_know_is_deleted()
    {
        _bench.FailingPlugin("a", "DEL", code: 3, msg: "unknown container");

        _bench.Runtime().Delete(PluginBench.List("a"), PluginBench.Attachment());

        Assert.Contains(_bench.Observer.Warnings, w => w.Contains("nothing to remove"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("""{"kind":"cniCacheV1","networkName":"net1","containerId":"c1","ifName":"eth0","result":{"cniVersion":"7.0.0"}}""")]
    public void A_corrupt_result_is_set_aside(string content)
    {
        _bench.AddingPlugin("a");
        Directory.CreateDirectory(_bench.Results);
        File.WriteAllText(Path.Join(_bench.Results, "net1-c1-eth0"), content);

        _bench.Runtime().Delete(PluginBench.List("a"), PluginBench.Attachment());

        Assert.False(Assert.Single(_bench.TakeCalls()).Config.TryGetProperty("prevResult", out _));
        Assert.Empty(_bench.CacheFiles());
        string aside = Assert.Single(Directory.GetFiles(Path.Join(_bench.Cache, "cnips", "corrupt")));
        Assert.StartsWith("net1,c1,eth0,", Path.GetFileName(aside));
        Assert.Equal(content, File.ReadAllText(aside));
        Assert.Contains(_bench.Observer.Warnings, w => w.Contains("set aside"));
    }

    [Fact]
    public void A_bare_result_of_an_old_libcni_is_used()
    {
        _bench.AddingPlugin("a");
        Directory.CreateDirectory(_bench.Results);
        File.WriteAllText(Path.Join(_bench.Results, "net1-c1-eth0"), """{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.9/24"}]}""");

        _bench.Runtime().Delete(PluginBench.List("a"), PluginBench.Attachment());

        JsonElement previous = Assert.Single(_bench.TakeCalls()).Config.GetProperty("prevResult");
        Assert.Equal("10.0.0.9/24", previous.GetProperty("ips")[0].GetProperty("address").GetString());
        Assert.Empty(_bench.CacheFiles());
    }

    [Fact]
    public void Without_a_configuration_the_cached_one_is_used()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
        _bench.TakeCalls();

        runtime.Delete(null, PluginBench.Attachment());
        runtime.Delete(null, PluginBench.Attachment());

        Assert.Equal("a:DEL", _bench.Calls());
        Assert.Empty(_bench.CacheFiles());
    }

    [Fact]
    public void Without_a_configuration_the_network_must_be_clear()
    {
        _bench.AddingPlugin("a");
        CniRuntime runtime = _bench.Runtime();
        runtime.Add(PluginBench.List("a"), PluginBench.Attachment());
        runtime.Add(PluginBench.Parse("""{"name":"net2","cniVersion":"1.0.0","plugins":[{"type":"a"}]}"""), PluginBench.Attachment());

        CniException e = Assert.Throws<CniException>(() => runtime.Delete(null, PluginBench.Attachment()));

        Assert.Equal(RuntimeErrorIds.AttachmentNotFound, e.ErrorId);
        Assert.Contains("net1, net2", e.Message);
    }
}
