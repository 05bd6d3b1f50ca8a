using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>An attachment in the place of a living one: updated, moved, failed, killed.</summary>
public sealed class ReplaceTests
{
    private const string BadSysctl = ", {\"type\": \"tuning\", \"sysctl\": {\"net.ipv4.no_such_thing\": \"1\"}}";

    [Fact]
    public void An_update_applies_the_network_as_it_is_now_and_keeps_address_MAC_and_arguments()
    {
        using TestNetwork network = new();
        Use(network, "\"mtu\": 1500", ", {\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}}");
        Attachment attachment = network.Attachment("blue") with { CapabilityArgs = Ports(8080), Args = CniArgs.Parse("IgnoreUnknown=1;K8S_POD_NAME=p") };
        network.Add("other");
        network.Runtime.Add(network.List, attachment);
        (string mac, string address) = Identity(network);
        Assert.True(Find(network).IsMadeWith(network.List));

        Use(network, "\"mtu\": 1400, \"ipMasq\": true", ", {\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}}, {\"type\": \"firewall\", \"backend\": \"nftables\"}");
        Assert.False(Find(network).IsMadeWith(network.List));
        CniResult result = network.Runtime.Replace(Find(network), network.List, Find(network).ToAttachment())!;

        Assert.Equal((mac, address), Identity(network));
        Assert.Equal("10.15.20.3/24", $"{result.Ips[0].Address}");
        Assert.Contains("mtu 1400", network.In("blue", "ip link show eth0"));
        string rules = network.Sandbox.RunOnHost("nft list ruleset");
        Assert.Contains("8080 comment \"mybridge eth0 blue\"", rules);
        Assert.Contains("10.15.20.3 . 10.15.20.0 comment \"mybridge eth0 blue\"", rules);
        CachedAttachment cached = Find(network);
        Assert.True(cached.IsMadeWith(network.List));
        Assert.Equal("p", cached.Args["K8S_POD_NAME"]);
        Assert.Null(cached.Args["MAC"]);
        Assert.True(cached.HasArgumentsOf(attachment));
        Assert.Empty(network.Runtime.Check(cached));
        Assert.Equal(["10.15.20.2", "10.15.20.3"], network.Leases());
        Assert.Empty(Intents(network));
    }

    [Fact]
    public void An_address_that_does_not_fit_any_more_is_another()
    {
        using TestNetwork network = new();
        network.Add("blue");
        (string mac, _) = Identity(network);
        network.List = network.Make("\"forceAddress\": true", "\"subnet\": \"10.15.21.0/24\"");
        network.Runtime.Replace(Find(network), network.List, Find(network).ToAttachment());
        Assert.Equal((mac, "10.15.21.2/24"), Identity(network));
        Assert.Equal(["10.15.21.2"], network.Leases());
    }

    [Fact]
    public void What_was_asked_for_goes_along_where_it_fits()
    {
        using TestNetwork network = new();
        network.Runtime.Add(network.List, network.Attachment("blue", args: CniArgs.Parse("IgnoreUnknown=1;IP=10.15.20.7;K=V")));
        NetworkConfigurationList same = network.Make("\"mtu\": 1400");
        network.Runtime.Replace(Find(network), same, Find(network).ToAttachment(same));
        Assert.Equal("10.15.20.7", Find(network).Args["IP"]);
        Assert.Equal("10.15.20.7/24", Identity(network).Address);

        NetworkConfigurationList other = Other(network);
        network.Runtime.Replace(Find(network), other, Find(network).ToAttachment(other));
        CachedAttachment moved = network.Runtime.Cache.Find("other", "blue", "eth0")!;
        Assert.Null(moved.Args["IP"]);
        Assert.Equal("V", moved.Args["K"]);
        Assert.Equal("10.15.30.2/24", Identity(network).Address);
    }

    [Fact]
    public void Ports_of_a_living_container_are_changed()
    {
        using TestNetwork network = new();
        Use(network, "\"mtu\": 1500", ", {\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}}");
        network.Runtime.Add(network.List, network.Attachment("blue") with { CapabilityArgs = Ports(8080) });
        CachedAttachment cached = Find(network);
        network.Runtime.Replace(cached, network.List, cached.ToAttachment() with { CapabilityArgs = Ports(8081) });
        string rules = network.Sandbox.RunOnHost("nft list ruleset");
        Assert.Contains("tcp . 8081", rules);
        Assert.DoesNotContain("8080", rules);
        Assert.True(Find(network).HasArgumentsOf(network.Attachment("blue") with { CapabilityArgs = Ports(8081) }));
    }

    [Fact]
    public void A_move_takes_MAC_and_arguments_to_another_network()
    {
        using TestNetwork network = new();
        network.Add("blue");
        (string mac, _) = Identity(network);
        NetworkConfigurationList other = Other(network);
        network.Runtime.Replace(Find(network), other, Find(network).ToAttachment());
        Assert.Null(network.Runtime.Cache.Find("mybridge", "blue", "eth0"));
        CachedAttachment moved = network.Runtime.Cache.Find("other", "blue", "eth0")!;
        Assert.Empty(network.Runtime.Check(moved));
        Assert.Equal((mac, "10.15.30.2/24"), Identity(network));
        Assert.Empty(network.Leases());
        Assert.Empty(Intents(network));
        network.Runtime.Delete(moved);
    }

    // What can be known beforehand is refused with nothing touched; here the kernel refuses, half-way.
    [Fact]
    public void One_that_fails_leaves_the_old_one_there_again()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string before = network.Snapshot();
        (string mac, string address) = Identity(network);
        NetworkConfigurationList old = network.List;
        Use(network, "\"mtu\": 1400", BadSysctl);
        CniException error = Assert.ThrowsAny<CniException>(() => network.Runtime.Replace(Find(network), network.List, Find(network).ToAttachment()));
        Assert.Contains("(the attachment is there again as it was)", error.Message);
        Assert.Equal("UPDATE", error.Verb);
        Assert.Equal((mac, address), Identity(network));
        Assert.Equal(Sorted(before), Sorted(network.Snapshot()));
        Assert.True(Find(network).IsMadeWith(old));
        Assert.Empty(network.Runtime.Check(Find(network)));

        error = Assert.ThrowsAny<CniException>(() => network.Runtime.Replace(Find(network), Other(network, BadSysctl), Find(network).ToAttachment()));
        Assert.Equal("MOVE", error.Verb);
        Assert.Equal((mac, address), Identity(network));
        Assert.Null(network.Runtime.Cache.Find("other", "blue", "eth0"));
        Assert.Empty(network.Runtime.Check(Find(network)));
        Assert.Empty(Intents(network));
    }

    [Fact]
    public void What_is_known_to_fail_touches_nothing()
    {
        using TestNetwork network = new();
        network.Add("blue");
        int index = Index(network);
        NetworkConfigurationList bad = network.Make(ipam: "\"subnet\": \"10.15.21.0/24\""); // the bridge has another address, and no forceAddress
        CniException error = Assert.ThrowsAny<CniException>(() => network.Runtime.Replace(Find(network), bad, Find(network).ToAttachment()));
        Assert.Contains("(nothing was changed)", error.Message);
        Assert.Equal(index, Index(network)); // the same link, not another of its name
    }

    [Fact]
    public void A_stop_leaves_the_old_one_there_again()
    {
        using TestNetwork network = new();
        network.Add("blue");
        (string mac, string address) = Identity(network);
        using CancellationTokenSource stop = new();
        CniRuntime runtime = new(network.Sandbox.Host, network.Options, new StopAtFirstChange(stop));
        Assert.ThrowsAny<OperationCanceledException>(() => runtime.Replace(Find(network), network.Make("\"mtu\": 1400"), Find(network).ToAttachment(), stop.Token));
        Assert.Equal((mac, address), Identity(network));
        Assert.Empty(network.Runtime.Check(Find(network)));
    }

    [Fact]
    public void What_is_gone_is_not_updated()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.In("blue", "ip link del eth0");
        CniException error = Assert.Throws<CniException>(() => network.Runtime.Replace(Find(network), network.Make("\"mtu\": 1400"), Find(network).ToAttachment()));
        Assert.Equal(RuntimeErrorIds.AttachmentNotFound, error.ErrorId);
    }

    [Fact]
    public void A_plan_says_every_step_and_makes_none()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string before = network.Snapshot();
        PlannedHost planned = new(network.Sandbox.Host);
        new CniRuntime(planned, network.Options).Replace(Find(network), network.Make("\"mtu\": 1400"), Find(network).ToAttachment());
        string[] commands = [.. planned.Steps.Select(step => step.Text)];
        int off = Array.FindIndex(commands, text => text.StartsWith("ip link del veth", StringComparison.Ordinal) || text.Contains(" link del veth", StringComparison.Ordinal));
        int on = Array.FindIndex(commands, text => text.Contains("type veth peer name eth0", StringComparison.Ordinal));
        Assert.InRange(off, 0, on - 1);
        Assert.Contains("mtu 1400", commands[on]);
        Assert.Equal(before, network.Snapshot());
    }

    // As a process leaves it that was killed between DEL and ADD.
    [Theory]
    [InlineData("repair")]
    [InlineData("update")]
    [InlineData("gc")]
    [InlineData("add")]
    public void What_a_killed_one_leaves_is_made_again_by_whoever_comes_next(string next)
    {
        using TestNetwork network = new();
        network.Add("blue");
        (string mac, string address) = Identity(network);
        NetworkConfigurationList changed = network.Make("\"mtu\": 1400");
        Leave(network, changed);

        switch (next)
        {
            case "repair": Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue")).Remaining); break;
            case "update": network.Runtime.Replace(Find(network), changed, Find(network).ToAttachment()); break;
            case "gc": Assert.Empty(network.Runtime.CollectGarbage(network.List, null).Things); break;
            default: Assert.Equal(RuntimeErrorIds.AttachmentExists, Assert.Throws<CniException>(() => network.Add("blue")).ErrorId); break;
        }

        Assert.Equal((mac, address), Identity(network));
        Assert.Equal(next == "update", network.In("blue", "ip link show eth0").Contains("mtu 1400", StringComparison.Ordinal));
        Assert.Empty(network.Runtime.Check(Find(network)));
        Assert.Empty(Intents(network));
    }

    [Fact]
    public void What_a_killed_one_leaves_is_removed_where_it_is_removed_anyway()
    {
        using TestNetwork network = new();
        network.Add("blue");
        Leave(network, network.Make("\"mtu\": 1400"));
        network.Delete("blue");
        Assert.Empty(network.Leases());
        Assert.Null(network.Runtime.Cache.Find("mybridge", "blue", "eth0"));
        Assert.Empty(Intents(network));
    }

    // Killed between the last two steps of a move: the cache has both.
    [Fact]
    public void A_move_that_had_been_done_stays_done()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string source = Find(network).Path;
        byte[] old = File.ReadAllBytes(source);
        NetworkConfigurationList other = Other(network);
        network.Runtime.Replace(Find(network), other, Find(network).ToAttachment());
        File.WriteAllBytes(source, old);
        WriteIntent(network, other);
        network.Runtime.CollectGarbage(network.List, null);
        Assert.Null(network.Runtime.Cache.Find("mybridge", "blue", "eth0"));
        Assert.Empty(network.Runtime.Check(network.Runtime.Cache.Find("other", "blue", "eth0")!));
        Assert.Empty(Intents(network));
    }

    private static void Leave(TestNetwork network, NetworkConfigurationList changed)
    {
        byte[] cached = File.ReadAllBytes(Find(network).Path);
        string path = Find(network).Path;
        network.Delete("blue");
        File.WriteAllBytes(path, cached);
        WriteIntent(network, changed);
    }

    private static void WriteIntent(TestNetwork network, NetworkConfigurationList changed)
    {
        string folder = Path.Join(network.Sandbox.CacheFolder, "cnips/intents");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = Path.Join(folder, "mybridge,blue,eth0");
        File.WriteAllBytes(path, Intent.FirstLine(changed.Name, changed.Bytes, network.Attachment("blue"), network.Options, "mybridge").ToArray());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string[] Intents(TestNetwork network)
    {
        string folder = Path.Join(network.Sandbox.CacheFolder, "cnips/intents");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private static CachedAttachment Find(TestNetwork network) => network.Runtime.Cache.Find("mybridge", "blue", "eth0")!;

    private static (string Mac, string Address) Identity(TestNetwork network)
    {
        string mac = network.In("blue", "cat /sys/class/net/eth0/address").Trim();
        string address = network.In("blue", "ip -4 -o addr show eth0 | awk '{print $4}'").Trim();
        return (mac, address);
    }

    private static int Index(TestNetwork network)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(network.Container("blue")));
        return network.Sandbox.Host.FindLink(ns, "eth0")!.Index;
    }

    // The new link has another index, and so stands elsewhere in lists.
    private static string[] Sorted(string snapshot) => [.. snapshot.Split('\n').Where(line => !line.Contains("eth0", StringComparison.Ordinal)).Order()];

    private static void Use(TestNetwork network, string keys, string more) =>
        network.Use($"{{\"type\": \"bridge\", \"bridge\": \"{TestNetwork.Bridge}\", \"isGateway\": true, {keys}, @IPAM@}}{more}");

    private static NetworkConfigurationList Other(TestNetwork network, string more = "") => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
        $$$"""
        {"cniVersion": "1.0.0", "name": "other", "plugins": [{"type": "bridge", "bridge": "oth0", "isGateway": true,
         "ipam": {"type": "host-local", "dataDir": "{{{network.Sandbox.DataFolder}}}", "subnet": "10.15.30.0/24"}}{{{more}}}]}
        """));

    private static System.Collections.Generic.KeyValuePair<string, JsonElement>[] Ports(int host)
    {
        using JsonDocument json = JsonDocument.Parse($"[{{\"hostPort\": {host}, \"containerPort\": 80, \"protocol\": \"tcp\"}}]");
        return [new("portMappings", json.RootElement.Clone())];
    }

    private sealed class StopAtFirstChange(CancellationTokenSource stop) : CniPS.Plugins.IOperationObserver
    {
        public void Calling(string type, PluginRequest request, string? program)
        {
        }

        public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
        {
        }

        public void Changed(CniPS.Linux.Host.Change change) => stop.Cancel();

        public void Warn(string message)
        {
        }
    }
}
