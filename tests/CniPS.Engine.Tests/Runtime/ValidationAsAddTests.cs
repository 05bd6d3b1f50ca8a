using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Engine.Tests.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>Validation says the same as ADD would.</summary>
public sealed class ValidationAsAddTests
{
    private const string Static = """{"type": "TYPE", "master": "MASTER", "ipam": {"type": "static", "addresses": [{"address": "ADDRESS", "gateway": "192.168.100.1"}]}}""";

    [Theory]
    [InlineData("macvlan lan0 192.168.100.4/24", "macvlan lan0 192.168.100.5/24", true)]
    [InlineData("macvlan lan0 192.168.100.4/24", "ipvlan lan0 192.168.100.5/24", true)]
    [InlineData("macvlan lan0 192.168.100.4/24", "macvlan lan0 192.168.100.4/24", false)]
    [InlineData("macvlan lan0 192.168.100.4/24", "ipvlan lan0 192.168.100.4/24", false)]
    [InlineData("macvlan lan0 192.168.100.4/24", "macvlan lan1 192.168.100.4/24", true)]
    [InlineData("macvlan lan0 192.168.100.4/24", "ptp x 192.168.100.5/24", false)]
    public void Networks_of_one_link_may_share_its_subnet_but_no_address(string first, string second, bool isGood)
    {
        using PluginBench bench = new();
        int n = 0;
        string last = "";
        foreach (string network in (string[])[first, second])
        {
            string[] words = network.Split(' ');
            last = Path.Join(bench.Folder, $"{++n}.conflist");
            string plugin = Static.Replace("TYPE", words[0]).Replace("MASTER", words[1]).Replace("ADDRESS", words[2]);
            File.WriteAllText(last, $$"""{"cniVersion": "1.0.0", "name": "app{{n}}", "plugins": [{{plugin}}]}""");
        }

        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(bench.Host, bench.Options with { PluginSource = PluginSource.Native }).CheckFile(last);
        Assert.Equal(!isGood, problems.Any(problem => problem.Id == CniErrorIds.SubnetCollision && problem.Severity == ProblemSeverity.Error));
    }

    /// <summary>Whether ADD succeeds is asked of ADD itself.</summary>
    [Theory]
    [InlineData("ptp", "10.1.0.9/32", "169.254.1.1", """{"dst": "0.0.0.0/0"}""")]
    [InlineData("ptp", "10.1.0.9/24", "10.1.0.1", """{"dst": "0.0.0.0/0"}""")]
    [InlineData("macvlan", "10.1.0.9/32", "169.254.1.1", """{"dst": "0.0.0.0/0"}""")]
    [InlineData("macvlan", "10.1.0.9/32", "169.254.1.1", """{"dst": "169.254.1.1/32", "scope": 253}, {"dst": "0.0.0.0/0"}""")]
    [InlineData("macvlan", "10.1.0.9/24", "10.2.0.1", "")]
    [InlineData("macvlan", "10.1.0.9/24", "10.1.0.1", """{"dst": "0.0.0.0/0", "gw": "10.3.0.1"}""")]
    [InlineData("macvlan", "10.1.0.9/24", "10.1.0.1", """{"dst": "10.3.0.0/16", "scope": 253}, {"dst": "0.0.0.0/0", "gw": "10.3.0.1"}""")]
    [InlineData("macvlan", "fd00::9/64", "fe80::1", """{"dst": "::/0"}""")]
    public void Gateways(string type, string address, string gateway, string routes)
    {
        using TestNetwork network = new();
        network.Sandbox.RunOnHost("sh -c 'ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up'");
        network.Use(
            $$"""{"type": "{{type}}", "master": "lan0", "ipam": {"type": "static", "addresses": [{"address": "{{address}}", "gateway": "{{gateway}}"}], "routes": [{{routes}}]} }""",
            version: "1.1.0");
        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(network.Sandbox.Host, network.Options).CheckText(network.List.Bytes, null);
        bool added = true;
        try
        {
            network.Add("blue");
        }
        catch (CniException)
        {
            added = false;
        }

        Assert.Equal(added, problems.All(problem => problem.Severity != ProblemSeverity.Error));
    }

    /// <summary>Those that only change what another plugin has made, and no others.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void A_plugin_that_cannot_be_the_first(string type)
    {
        using TestNetwork network = new();
        network.Use($$"""{"type": "{{type}}", "master": "nosuch0", "device": "nosuch0", "vlanId": 5, "vrfname": "red", "mtu": 1400, "ipam": {} }""", version: "1.1.0");
        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(network.Sandbox.Host, network.Options).CheckText(network.List.Bytes, null);
        CniException? refused = Record.Exception(() => network.Add("blue")) as CniException;
        string[] words = ["prevResult", "chained"];
        bool cannot = refused is not null && words.Any(word => refused.Message.Contains(word));
        Assert.Equal(cannot, problems.Any(problem => problem.Message.Contains("first plugin") && problem.Severity == ProblemSeverity.Error));
        Assert.Equal(cannot, ChainCheck.Chained.Contains(type));
    }

    /// <summary>All of the built-in ones.</summary>
    public static TheoryData<string> Types => [.. NativePlugins.Types];

    [Theory]
    [InlineData("10.99.0.1/24", "", false)]
    [InlineData("10.99.0.1/24", "\"forceAddress\": true", true)]
    [InlineData("10.15.20.1/24", "", true)]
    [InlineData("fd00::1/64", "", true)]
    public void A_bridge_that_has_another_address(string present, string keys, bool isGood)
    {
        using TestNetwork network = new(keys);
        network.Sandbox.RunOnHost($"sh -c 'ip link add {TestNetwork.Bridge} type bridge; ip link set {TestNetwork.Bridge} up; ip addr add {present} dev {TestNetwork.Bridge}'");
        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(network.Sandbox.Host, network.Options).CheckText(network.List.Bytes, null);
        Assert.Equal(!isGood, problems.Any(problem => problem.Id == CniErrorIds.BridgeConflict && problem.Severity == ProblemSeverity.Error));
        if (isGood)
        {
            network.Add("blue");
        }
        else
        {
            Assert.Equal(CniErrorIds.BridgeConflict, Assert.ThrowsAny<CniException>(() => network.Add("blue")).ErrorId);
        }
    }

    [Theory]
    [InlineData("", "\"mac\": \"02:00:00:00:00:07\"", true)]
    [InlineData("", "\"capabilities\": {\"mac\": true}", true)]
    [InlineData("\"capabilities\": {\"mac\": true},", "\"capabilities\": {\"mac\": true}", false)]
    [InlineData("", "\"mtu\": 1400", false)]
    public void A_guarded_port_and_another_address_behind_it(string bridge, string tuning, bool warns)
    {
        using PluginBench bench = new();
        string json = $$"""{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "bridge", {{bridge}} "macspoofchk": true, "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"} }, {"type": "tuning", {{tuning}} }]}""";
        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(bench.Host, bench.Options with { PluginSource = PluginSource.Native }).CheckText(Encoding.UTF8.GetBytes(json), null);
        Assert.Equal(warns, problems.Any(problem => problem.Severity == ProblemSeverity.Warning && problem.Message.Contains("macspoofchk")));
    }

    [Theory]
    [InlineData("iptables -P FORWARD DROP", true)]
    [InlineData("ip6tables -P FORWARD DROP", true)]
    [InlineData("iptables -P FORWARD ACCEPT", false)]
    [InlineData("sh -c \"iptables -P FORWARD DROP; iptables -A FORWARD -s 10.0.0.0/8 -j ACCEPT\"", false)]
    public void A_firewall_that_accepts_in_vain(string command, bool isDropped)
    {
        using TestNetwork network = new();
        network.Sandbox.RunOnHost(command);
        network.Use("""{"type": "bridge", @IPAM@}, {"type": "firewall", "backend": "nftables"}""", version: "1.1.0");
        IReadOnlyList<NetworkProblem> problems = new NetworkChecker(network.Sandbox.Host, network.Options).CheckText(network.List.Bytes, null);
        Assert.Equal(isDropped, problems.Any(problem => problem.Id == CniErrorIds.ForwardingDropped));
        if (isDropped)
        {
            CniException e = Assert.ThrowsAny<CniException>(() => network.Runtime.Status(network.List, TestContext.Current.CancellationToken));
            Assert.Equal((CniErrorIds.ForwardingDropped, CniErrorCode.LimitedConnectivity), (e.ErrorId, e.Code));
        }
        else
        {
            network.Runtime.Status(network.List, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void One_name_in_two_files_is_the_same_for_every_command()
    {
        using PluginBench bench = new();
        File.WriteAllText(Path.Join(bench.Folder, "10-weave.conf"), """{"cniVersion": "1.0.0", "name": "weave", "type": "loopback"}""");
        string list = Path.Join(bench.Folder, "20-weave.conflist");
        File.WriteAllText(list, """{"cniVersion": "1.0.0", "name": "weave", "plugins": [{"type": "loopback"}]}""");
        NetworkConfigurationFolder folder = new(bench.Folder);
        Assert.Equal(list, NetworkChecker.FindFile(bench.Folder, "weave"));
        Assert.Equal(list, folder.Load("weave", strict: false).Source);
        Assert.Equal(list, Assert.Single(folder.LoadUsed()).Source);
    }

    [Theory]
    [InlineData("mtu", "{\n\"type\": \"bridge\",\n  \"mtu\": -5}")]
    [InlineData("hairpinMode", "{\n\"type\": \"bridge\",\n  \"hairpinMode\": 1}")]
    [InlineData("ipam.subnet", "{\n\"type\": \"bridge\", \"ipam\": {\"type\": \"host-local\",\n  \"subnet\": \"10.1.0.0/33\"} }")]
    [InlineData("ipam.ranges", "{\n\"type\": \"bridge\", \"ipam\": {\"type\": \"host-local\", \"ranges\": [[\n {\"subnet\": \"10.1.0.0/24\"},\n {\"subnet\": \"fd00::/64\"}]]} }")]
    public void An_error_of_ADD_is_where_validation_says(string key, string plugin)
    {
        using TestNetwork network = new();
        string file = Path.Join(network.Sandbox.Folder, "3.conflist");
        File.WriteAllText(file, $$"""
            {
             "cniVersion": "1.0.0",
             "name": "n3",
             "plugins": [
              {{plugin}}, {"type": "tuning"}
             ]
            }
            """);
        network.List = NetworkConfigurationList.Load(file);
        NetworkProblem problem = new NetworkChecker(network.Sandbox.Host, network.Options).CheckFile(file).First(p => p.Severity == ProblemSeverity.Error);
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.NotNull(problem.Position);
        Assert.Equal(problem.Position, e.Position);
        Assert.StartsWith(file + ":", e.Position!.ToString());
        Assert.Contains(key, problem.Key);
    }
}
