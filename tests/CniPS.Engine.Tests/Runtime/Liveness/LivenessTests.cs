using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What counts as alive, gone and unknown. Addresses are this class's own: those of other tests are on this machine, too.</summary>
public sealed class LivenessTests : IDisposable
{
    private readonly TestNetwork _network = new(ipam: "\"subnet\": \"10.231.7.0/24\"");
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _network.Dispose();
    }

    [Fact]
    public void The_interface_in_its_namespace_is_proof_of_life()
    {
        _network.Add("blue");
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Alive, true), (verdict.State, verdict.PathHolds));
        Assert.Equal($"eth0 is in {PathOf("blue")}", verdict.Reason);
    }

    [Fact]
    public void A_runtime_that_writes_no_netns_names_it_in_the_result()
    {
        _network.Add("blue");
        Edit(json => json.Remove("netns"));
        Assert.Equal(PathOf("blue"), Cached().NetNS);
        Assert.Equal(LifeState.Alive, Judge().State);
    }

    [Theory]
    [InlineData("ip link set eth0 down; ip link set eth0 name net0")]
    [InlineData("ip link set eth0 down; ip link set eth0 address 02:00:00:00:07:07; ip link set eth0 name net0; ip link set net0 up; ip addr add 10.231.7.2/24 dev net0 2>/dev/null || true")]
    public void A_renamed_interface_is_alive(string commands)
    {
        _network.Add("blue");
        _network.In("blue", $"sh -c '{commands}'");
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Alive, "net0"), (verdict.State, verdict.InterfaceName));
    }

    [Fact]
    public void An_interface_that_was_moved_to_another_namespace_is_alive()
    {
        _network.Add("blue");
        _network.In("blue", $"ip link set eth0 netns {_network.Container("red")}");
        Verdict verdict = Judge();
        Assert.Equal(LifeState.Alive, verdict.State);
        Assert.Equal(NetworkNamespace.TryIdentify(PathOf("red")), verdict.Namespace);
    }

    [Fact]
    public void What_is_nowhere_is_gone()
    {
        _network.Add("blue");
        string path = PathOf("blue");
        _network.RemoveContainer("blue");
        Assert.Equal((LifeState.Gone, "its namespace is gone"), (Judge().State, Judge().Reason));

        File.WriteAllText(path, ""); // a named namespace's file whose mount is gone
        try
        {
            Assert.Equal((LifeState.Gone, "its namespace is gone"), (Judge().State, Judge().Reason));
            Assert.Equal("", Judge().Direct(Cached().ToAttachment()).NetNS);
            Assert.Equal("blue", Assert.Single(_network.Runtime.CollectGarbage(_network.List, null)).ContainerId);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_namespace_that_the_kernel_has_yet_to_end_is_gone()
    {
        _network.Add("blue");
        string[] others = [.. Enumerable.Range(0, 40).Select(i => _network.Sandbox.AddNamespace($"late{i}"))];
        foreach (string other in others)
        {
            _network.Sandbox.RemoveNamespace(other); // the kernel ends them one after the other
        }

        _network.Sandbox.RemoveNamespace(_network.Container("blue"));
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Gone, "its namespace is gone"), (verdict.State, verdict.Reason));
    }

    [Fact]
    public void Who_only_looks_at_a_namespace_does_not_keep_it_alive()
    {
        _network.Add("blue");
        Process looker = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 9<{PathOf("blue")}; echo; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _processes.Add(looker);
        looker.StandardOutput.ReadLine();
        _network.Sandbox.RemoveNamespace(_network.Container("blue"));
        Assert.Equal(LifeState.Alive, Judge().State); // it may be one who means to

        using Timer closing = new(_ => looker.StandardInput.Close(), null, dueTime: 200, period: Timeout.Infinite);
        Assert.Equal((LifeState.Gone, "its namespace is gone"), (Judge().State, Judge().Reason));
    }

    [Fact]
    public void An_interface_that_was_deleted_is_gone_though_its_namespace_is_not()
    {
        _network.Add("blue");
        _network.In("blue", "ip link del eth0");
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Gone, true), (verdict.State, verdict.PathHolds));
        Assert.Equal("eth0 is not in its namespace any more", verdict.Reason);
    }

    [Fact]
    public void A_process_keeps_a_namespace_that_has_lost_its_name()
    {
        _network.Add("blue");
        Process sleeper = Start($"ip netns exec {_network.Container("blue")} sleep 600", "sleep");
        NamedNamespaces.Remove(_network.Container("blue"));
        File.WriteAllText(PathOf("blue"), ""); // for the clean-up
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Alive, false), (verdict.State, verdict.PathHolds));
        Assert.Contains($"/proc/{sleeper.Id}/ns/net", verdict.NamespacePath, StringComparison.Ordinal);
        Assert.Empty(_network.Runtime.CollectGarbage(_network.List, null));
        Assert.Equal(["10.231.7.2"], _network.Leases());
        _network.Forget("blue");
    }

    [Fact]
    public void A_process_id_that_was_given_out_again_proves_nothing()
    {
        _network.Add("blue");
        Process other = Start($"ip netns exec {_network.Container("red")} sleep 600", "sleep");
        Sandbox.Run($"ip -n {_network.Container("red")} link add eth0 type bridge");
        Edit(json =>
        {
            json["netns"] = $"/proc/{other.Id}/ns/net";
            json["result"]!["interfaces"]![2]!["sandbox"] = $"/proc/{other.Id}/ns/net";
        });
        File.SetLastWriteTimeUtc(Cached().Path, DateTime.UtcNow.AddHours(-1));
        Assert.Equal(LifeState.Alive, Judge().State); // blue has the MAC address

        _network.RemoveContainer("blue");
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Gone, false), (verdict.State, verdict.PathHolds));
        Assert.Single(_network.Runtime.CollectGarbage(_network.List, null));
        Assert.Contains("eth0", _network.In("red", "ip link"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_of_that_name_that_is_another_is_unknown_and_stays()
    {
        _network.Add("blue");
        _network.In("blue", "sh -c 'ip link del eth0; ip link add eth0 type bridge'");
        Verdict verdict = Judge();
        Assert.Equal((LifeState.Unknown, true), (verdict.State, verdict.IsForeign));
        Assert.Empty(_network.Runtime.CollectGarbage(_network.List, []));
        Assert.Equal(["10.231.7.2"], _network.Leases());
        AttachmentKey blue = new("blue", "eth0");
        Assert.Equal(blue.ContainerId, Assert.Single(_network.Runtime.CollectGarbage(_network.List, null, [blue])).ContainerId);
        Assert.Empty(_network.Leases());
    }

    [Theory]
    [InlineData("""{"kind":"cniCacheV1","networkName":"mybridge","containerId":"blue","ifName":"eth0","result":{"cniVersion":"77"}}""", true)]
    [InlineData("", false)]
    [InlineData("{\"kind\":\"cniCacheV1\",\"contai", false)]
    public void What_cannot_be_read_is_not_gone(string content, bool isListed)
    {
        _network.Add("blue");
        File.WriteAllText(Cached().Path, content);
        _network.Runtime.CollectGarbage(_network.List, null);
        Assert.Equal(["10.231.7.2"], _network.Leases());
        Assert.Contains("eth0", _network.In("blue", "ip link"), StringComparison.Ordinal);

        _network.RemoveContainer("blue");
        if (isListed)
        {
            Assert.Equal((LifeState.Unknown, "what is cached of it can't be read"), (Judge().State, Judge().Reason));
            Assert.Empty(_network.Runtime.CollectGarbage(_network.List, null));
            Assert.Equal(["10.231.7.2"], _network.Leases());
        }
    }

    [Fact]
    public void A_second_ADD_is_refused_while_it_cannot_be_told()
    {
        _network.Add("blue");
        _network.In("blue", "sh -c 'ip link del eth0; ip link add eth0 type bridge'");
        CniException e = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(RuntimeErrorIds.AttachmentExists, e.ErrorId);
        Assert.Contains("it can't be told whether it is gone", e.Message, StringComparison.Ordinal);
        Assert.Equal(["10.231.7.2"], _network.Leases());
    }

    [Fact]
    public void Without_a_cache_living_containers_keep_everything()
    {
        _network.List = _network.Make("\"ipMasq\": true", "\"subnet\": \"10.231.7.0/24\"", "1.1.0");
        _network.Add("blue");
        string before = _network.Snapshot();
        Age("10.231.7.2");
        Assert.Empty(Elsewhere(TimeSpan.Zero).CollectGarbage(_network.List, null).Things);
        Assert.Empty(Elsewhere(TimeSpan.Zero).CollectGarbage(_network.List, []).Things);
        Assert.Equal(before, _network.Snapshot());
        Assert.Empty(_network.Check("blue"));
    }

    [Fact]
    public void Without_a_cache_the_dead_go_when_they_are_older_than_any_runtimes_patience()
    {
        _network.Add("blue");
        _network.RemoveContainer("blue");
        Assert.Empty(Elsewhere(RuntimeOptions.DefaultPatience).CollectGarbage(_network.List, null).Things);
        Assert.Equal(["10.231.7.2"], _network.Leases());
        Assert.Equal(LifeState.Unknown, Held().Verdict.State);
        Age("10.231.7.2");
        Assert.Equal("no attachment in the cache has it, nor any interface", Held().StaleReason);
        CollectedThing lease = Assert.Single(
            Elsewhere(RuntimeOptions.DefaultPatience).CollectGarbage(_network.List, null).Things, thing => thing.Kind == CollectedKind.Lease);
        Assert.Equal(("10.231.7.2", "blue"), (lease.Name, lease.ContainerId));
    }

    [Fact]
    public void What_is_named_goes_without_a_cache_too()
    {
        _network.Add("blue");
        GarbageReport report = Elsewhere(RuntimeOptions.DefaultPatience).CollectGarbage(_network.List, null, [new AttachmentKey("blue", "eth0")]);
        Assert.Contains(report.Things, thing => thing is { Kind: CollectedKind.Lease, Name: "10.231.7.2" });
        Assert.Empty(_network.Leases());
    }

    [Fact]
    public void An_address_that_is_anywhere_keeps_its_lease()
    {
        File.WriteAllText(LeaseOf("10.231.7.99"), "stranger\r\neth0");
        Age("10.231.7.99");
        Sandbox.Run($"ip -n {_network.Container("red")} link add e1 type bridge; ip -n {_network.Container("red")} addr add 10.231.7.99/24 dev e1");
        Assert.Empty(_network.Runtime.CollectGarbage(_network.List, null).Things);
        Assert.Contains("its address is in", Held().Verdict.Reason, StringComparison.Ordinal);
        _network.In("red", "ip link del e1");
        Assert.Equal("10.231.7.99", Assert.Single(_network.Runtime.CollectGarbage(_network.List, null).Things).Name);
    }

    [Fact]
    public void Forwarding_stays_on()
    {
        _network.Add("blue");
        _network.Delete("blue");
        _network.Runtime.CollectGarbage(_network.List, []);
        Assert.Equal("1", _network.Sandbox.Host.ReadSysctl(_network.Sandbox.Host.Namespace, "net/ipv4/ip_forward"));
    }

    [Fact]
    public void CHECK_knows_a_namespace_by_any_name()
    {
        Attachment attachment = _network.Attachment("blue") with { NetNS = PathOf("blue").Replace("/run/", "/var/run/", StringComparison.Ordinal) };
        _network.Runtime.Add(_network.List, attachment);
        Assert.Empty(_network.Runtime.Check(_network.List, _network.Attachment("blue")));
        Assert.Empty(_network.Runtime.Check(_network.List, attachment));
    }

    private Verdict Judge() => new LivenessJudge(_network.Sandbox.Host, _network.Runtime.Cache).Judge(Cached());

    private CachedAttachment Cached() => _network.Runtime.Cache.Find("mybridge", "blue", "eth0")!;

    private HeldAddress Held() => Assert.Single(LeaseInventory.List(
        _network.Sandbox.Host, Elsewhere(TimeSpan.Zero).Cache, _network.Sandbox.DataFolder, "mybridge"));

    /// <summary>A runtime with a cache of its own.</summary>
    private CniRuntime Elsewhere(TimeSpan patience) => new(
        _network.Sandbox.Host, _network.Options with { CacheFolder = _network.Sandbox.Folder + "/elsewhere", Patience = patience });

    private string PathOf(string container) => NamedNamespaces.PathOf(_network.Container(container));

    private string LeaseOf(string address) => Path.Join(Directory.CreateDirectory(Path.Join(_network.Sandbox.DataFolder, "mybridge")).FullName, address);

    private void Age(string address) => File.SetLastWriteTimeUtc(LeaseOf(address), DateTime.UtcNow.AddHours(-1));

    private void Edit(Action<JsonObject> change)
    {
        string path = Cached().Path;
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Starts a program that goes on, and waits until it is the one that was meant.</summary>
    private Process Start(string command, string name)
    {
        Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec " + command]))!;
        _processes.Add(process);
        for (int i = 0; i < 1000 && File.ReadAllText($"/proc/{process.Id}/comm").Trim() != name; i++)
        {
            Thread.Sleep(10);
        }

        return process;
    }
}
