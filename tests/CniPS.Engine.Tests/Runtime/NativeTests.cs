using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>The runtime with native plugins, in namespaces of their own.</summary>
public sealed class NativeTests : IDisposable
{
    private readonly PluginBench _bench = new();
    private readonly List<string> _namespaces = [];

    public void Dispose()
    {
        foreach (string name in _namespaces)
        {
            NamedNamespaces.Remove(name);
        }

        _bench.Dispose();
    }

    [Fact]
    public void A_native_plugin_and_a_program_work_in_one_list()
    {
        string netns = Namespace("c");
        _bench.Plugin("b", "cat > /dev/null; echo '{}'");
        CniRuntime runtime = _bench.Runtime(o => o with { PluginSource = PluginSource.NativeFirst });
        Attachment attachment = PluginBench.Attachment(ifName: "lo", netns: netns);

        runtime.Add(PluginBench.List("loopback", "b"), attachment);

        PluginLog call = Assert.Single(_bench.TakeCalls());
        Assert.Equal("127.0.0.1/8", call.Config.GetProperty("prevResult").GetProperty("ips")[0].GetProperty("address").GetString());
        Assert.True(IsUp(netns));
        Assert.Equal(["loopback:ADD", "b:ADD"], _bench.Observer.Calls);

        runtime.Delete(PluginBench.List("loopback", "b"), attachment);
        Assert.False(IsUp(netns));
    }

    [Fact]
    public void What_a_native_plugin_changed_is_undone()
    {
        string netns = Namespace("c");
        _bench.FailingPlugin("b", "ADD");

        CniException e = Assert.ThrowsAny<CniException>(() => _bench.Runtime(o => o with { PluginSource = PluginSource.NativeFirst })
            .Add(PluginBench.List("loopback", "b"), PluginBench.Attachment(ifName: "lo", netns: netns)));

        Assert.Contains("rolled back", e.Message);
        Assert.False(IsUp(netns));
    }

    [Fact]
    public void The_hosts_own_namespace_is_refused_at_ADD_and_taken_for_gone_at_DEL()
    {
        CniRuntime runtime = _bench.Runtime(o => o with { PluginSource = PluginSource.Native });
        Attachment attachment = PluginBench.Attachment(ifName: "lo", netns: "/proc/self/ns/net");

        CniException e = Assert.ThrowsAny<CniException>(() => runtime.Add(PluginBench.List("loopback"), attachment));
        runtime.Delete(PluginBench.List("loopback"), attachment);

        Assert.Equal((CniErrorIds.InvalidNamespace, CniErrorCode.InvalidNetNS), (e.ErrorId, e.Code));
        Assert.Contains(_bench.Observer.Warnings, w => w.Contains("host's own network namespace"));
        Assert.Empty(_bench.Observer.Changes);
    }

    [Fact]
    public void A_namespace_that_is_none_is_an_error_at_ADD_and_none_at_DEL()
    {
        CniRuntime runtime = _bench.Runtime(o => o with { PluginSource = PluginSource.Native });

        CniException e = Assert.ThrowsAny<CniException>(() => runtime.Add(PluginBench.List("loopback"), PluginBench.Attachment(ifName: "lo")));
        runtime.Delete(PluginBench.List("loopback"), PluginBench.Attachment(ifName: "lo"));

        Assert.Equal(CniErrorIds.InvalidNamespace, e.ErrorId);
        Assert.IsType<LinuxException>(e.InnerException);
    }

    [Fact]
    public void What_CHECK_finds_can_be_repaired_until_its_report_is_disposed()
    {
        string netns = Namespace("c");
        CniRuntime runtime = _bench.Runtime(o => o with { PluginSource = PluginSource.Native });
        Attachment attachment = PluginBench.Attachment(ifName: "lo", netns: netns);
        runtime.Add(PluginBench.List("loopback"), attachment);
        using (NetworkNamespace ns = NetworkNamespace.Open(netns))
        {
            _bench.Host.Apply([new LinkSet(ns, _bench.Host.FindLink(ns, "lo")!.Id) { Up = false }]);
        }

        using (CheckReport report = runtime.Check(PluginBench.List("loopback"), attachment))
        {
            Difference difference = Assert.Single(report);
            Assert.Equal("loopback", difference.PluginType);
            _bench.Host.Apply(difference.Repair);
        }

        Assert.Empty(runtime.Check(PluginBench.List("loopback"), attachment));
    }

    [Fact]
    public void The_kernels_refusal_is_inside_the_error_and_has_advice()
    {
        LinuxException refusal = new("add address 10.0.0.2/24 to eth0", 1, "words");
        ChangeException change = new(new FileDelete("/x"), [], refusal);
        PluginCallException e = new(PluginBench.List("bridge").Plugins[0], CniVerb.Add, KernelErrors.Wrap(change, "bridge", CniVerb.Add));

        Assert.Equal("plugin type=\"bridge\" failed (add): add address 10.0.0.2/24 to eth0: operation not permitted (words)", e.Message);
        Assert.Same(change, e.InnerException);
        Assert.Same(refusal, e.InnerException!.InnerException);
        Assert.Equal((CniErrorIds.PrivilegeRequired, "bridge", "ADD"), (e.ErrorId, e.PluginType, e.Verb));
        Assert.NotNull(e.RecommendedAction);
    }

    [Fact]
    public void Forwarding_stays_on_whatever_an_earlier_version_wrote_down_of_it()
    {
        Namespace("h");
        using LinuxHost host = new(NetworkNamespace.Open(NamedNamespaces.PathOf(_namespaces[0])));
        host.Apply([new SysctlWrite(host.Namespace, "net/ipv4/ip_forward", "1")]);
        Attachment attachment = PluginBench.Attachment();
        StringBuilder text = new();
        text.Append(Encoding.UTF8.GetString(Intent.FirstLine("net1", PluginBench.List("a", "gone").Bytes, attachment, _bench.Options).Span));
        text.Append(Encoding.UTF8.GetString(Intent.SharedLine(new SharedSysctl("net/ipv4/ip_forward", "0", "1")).Span));
        Directory.CreateDirectory(_bench.Intents);
        File.WriteAllText(Path.Join(_bench.Intents, "net1,c1,eth0"), text.ToString());

        new CniRuntime(host, _bench.Options).CollectGarbage(PluginBench.List("a"), []);

        Assert.Equal("1", host.ReadSysctl(host.Namespace, "net/ipv4/ip_forward"));
        Assert.Empty(_bench.IntentFiles());
        Assert.Equal("", _bench.Calls()); // neither program had been started
    }

    [Fact]
    public void A_planned_ADD_of_native_plugins_is_whole_and_changes_nothing()
    {
        string netns = Namespace("c");
        PlannedHost plan = new(_bench.Host);

        CniResult result = new CniRuntime(plan, _bench.Options with { PluginSource = PluginSource.Native }, _bench.Observer)
            .Add(PluginBench.List("loopback"), PluginBench.Attachment(ifName: "lo", netns: netns))!;

        Assert.Equal("lo", result.Interfaces[0].Name);
        Assert.False(IsUp(netns));
        Assert.False(Directory.Exists(_bench.Cache));
        Assert.Contains(_bench.Observer.Changes, c => c.Contains("link set lo up"));
        Assert.Contains(_bench.Observer.Changes, c => c.Contains("net1-c1-lo"));
    }

    private bool IsUp(string netns)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(netns);
        return _bench.Host.FindLink(ns, "lo")!.IsUp;
    }

    private string Namespace(string suffix)
    {
        string name = $"cnips-{suffix}-{Guid.NewGuid():n}"[..24];
        try
        {
            NamedNamespaces.Create(name).Dispose();
        }
        catch (LinuxException e) when (e.IsPermission)
        {
            Assert.Skip("needs root");
        }

        _namespaces.Add(name);
        return NamedNamespaces.PathOf(name);
    }
}
