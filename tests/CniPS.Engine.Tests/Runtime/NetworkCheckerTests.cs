using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>What is said of a network's configuration before anybody is attached to it.</summary>
public sealed class NetworkCheckerTests : IDisposable
{
    private readonly PluginBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_good_network_has_no_problem()
    {
        Assert.Empty(Check("""
            {"cniVersion": "1.1.0", "name": "n", "plugins": [
             {"type": "bridge", "bridge": "br77", "isGateway": true, "capabilities": {"ips": true, "mac": true},
              "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.77.0.0/24", "gateway": "10.77.0.1"}], [{"subnet": "fd77::/64", "gateway": "fe80::1"}]],
                       "routes": [{"dst": "0.0.0.0/0", "gw": "10.77.0.9"}]}}]}
            """));
    }

    [Fact]
    public void Everything_is_found_at_once_with_its_place()
    {
        string file = Write("n.conflist", """
            {"cniVersion": "1.1.0", "name": "n", "colour": 1, "plugin": [],
             "plugins": [
              {"type": "bridge", "mtu": "big", "isGatway": true, "hairpinMode": 1,
               "ipam": {"type": "host-local", "subent": "x",
                        "ranges": [[{"subnet": "10.77.0.0/24", "gateway": "10.78.0.1"}]]}},
              {"type": "absent"}]}
            """);
        IReadOnlyList<NetworkProblem> problems = Checker().CheckFile(file);
        Assert.Equal(
            [
                "1:38 Warning CniUnknownKey", "1:51 Warning CniUnknownKey",
                "3:29 Error CniInvalidNetworkConfig", "3:36 Warning CniUnknownKey", "3:69 Error CniInvalidNetworkConfig",
                "4:35 Warning CniUnknownKey", "5:63 Warning CniGatewayOutsideSubnet",
                "6:12 Error CniPluginNotFound",
            ],
            problems.Select(p => $"{p.Line}:{p.Column} {p.Severity} {p.Id}"));
        Assert.All(problems, p => Assert.Equal((file, "n"), (p.File, p.Network)));
        Assert.All(problems, p => Assert.False(string.IsNullOrEmpty(p.RecommendedAction)));
        Assert.Equal("Did you mean \"isGateway\"?", problems[3].RecommendedAction);
        Assert.Equal("Did you mean \"subnet\"?", problems[5].RecommendedAction);
        Assert.Equal("plugins[0].mtu", problems[2].Key);
        Assert.Equal("bridge", problems[2].PluginType);
        Assert.Contains(_bench.Bin, problems[7].Message);
        Assert.StartsWith(file + ":3:36: warning: unknown key \"isGatway\"", problems[3].ToString());
    }

    [Fact]
    public void Whatever_the_plugins_find_is_found_to_the_last()
    {
        IReadOnlyList<NetworkProblem> problems = Check("""
            {"cniVersion": "1.1.0", "name": "n", "plugins": [
             {"type": "bridge", "mtu": 7, "hairpinMode": true, "promiscMode": true,
              "ipam": {"type": "host-local", "ranges": [[{"rangeStart": "10.1.0.9"}], [null],
                       [{"subnet": "10.2.0.0/24", "rangeStart": "10.3.0.1"}], [{"subnet": "10.4.0.0/24"}], [{"subnet": "10.4.0.0/16"}]]}}]}
            """);
        Assert.Equal(
            ["promiscMode", "mtu", "a range needs \"subnet\"", "a range must be an object", "10.3.0.1", "overlaps"],
            ((string[])["promiscMode", "mtu", "a range needs \"subnet\"", "a range must be an object", "10.3.0.1", "overlaps"])
                .Where(text => problems.Any(p => p.Severity == ProblemSeverity.Error && (p.Message + p.Key).Contains(text, StringComparison.Ordinal))));
        Assert.DoesNotContain(problems, p => p.Message.Contains("no IP ranges", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_is_no_JSON_is_one_problem()
    {
        NetworkProblem problem = Assert.Single(Check("{\"name\": \"n\",\n}"));
        Assert.Equal((CniErrorIds.InvalidJson, 2), (problem.Id, problem.Line));
        Assert.Equal(CniErrorIds.NetworkNotFound, Assert.Single(Checker().CheckFile(_bench.Folder + "/none.conf")).Id);
    }

    [Fact]
    public void What_reading_finds_is_not_said_twice()
    {
        NetworkProblem problem = Assert.Single(Check("""{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "bridge", "ipam": 5}]}"""));
        Assert.Equal("plugins[0].ipam", problem.Key);
    }

    [Fact]
    public void A_version_that_a_plugin_does_not_speak_comes_with_the_best_that_all_speak()
    {
        _bench.Plugin("old", """echo '{"cniVersion":"0.4.0","supportedVersions":["0.2.0","0.3.0","0.4.0"]}'""");
        _bench.Plugin("other", """echo '{"cniVersion":"1.0.0","supportedVersions":["0.3.0","1.0.0"]}'""");
        NetworkProblem[] problems = [.. Check("""{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "loopback"}, {"type": "other"}, {"type": "old"}]}""")];
        NetworkProblem problem = Assert.Single(problems);
        Assert.Equal((CniErrorIds.IncompatibleVersion, "old", "plugins[2].type"), (problem.Id, problem.PluginType, problem.Key));
        Assert.Contains("0.2.0, 0.3.0, 0.4.0", problem.Message);
        Assert.Contains("to 0.3.0,", problem.RecommendedAction);
    }

    [Fact]
    public void A_plugin_that_can_not_be_asked_is_a_problem_at_its_name()
    {
        _bench.Plugin("broken", "echo nonsense");
        NetworkProblem problem = Assert.Single(Check("{\"cniVersion\": \"1.0.0\", \"name\": \"n\", \"plugins\": [\n{\"type\": \"broken\"}]}"));
        Assert.Equal((ProblemSeverity.Error, 2, 10), (problem.Severity, problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("""{"type": "bridge", "capabilities": {"ips": true, "mac": true}, "ipam": {"type": "host-local", "subnet": "10.77.0.0/24"}}""", "")]
    [InlineData("""{"type": "bridge", "capabilities": {"portMappings": true}}""", "CniUnknownCapability plugins[0].capabilities.portMappings")]
    [InlineData("""{"type": "bridge", "capabilities": {"ips": true}}""", "CniUnknownCapability plugins[0].capabilities.ips")]
    [InlineData("""{"type": "bridge", "capabilities": {"ips": false}}""", "")]
    [InlineData("""{"type": "foreign", "capabilities": {"anything": true}}""", "")]
    [InlineData("""{"type": "foreign", "capabilities": {"portMapings": true}}""", "CniUnknownCapability plugins[0].capabilities.portMapings")]
    [InlineData("""{"type": "bridge", "runtimeConfig": {"mac": "0a:00:00:00:00:01"}}""", "CniCapabilityNotDeclared plugins[0].runtimeConfig.mac")]
    [InlineData("""{"type": "bridge"}, {"type": "portmap"}""", "CniCapabilityNotDeclared plugins[1].type")]
    [InlineData("""{"type": "bridge"}, {"type": "portmap", "capabilities": {"portMappings": true}}""", "")]
    public void Capabilities_are_held_against_what_plugins_take(string plugins, string expected)
    {
        _bench.Plugin("foreign", Answer);
        _bench.Plugin("portmap", Answer);
        IReadOnlyList<NetworkProblem> problems = Check($$"""{"cniVersion": "1.0.0", "name": "n", "plugins": [{{plugins}}]}""");
        Assert.Equal(expected, string.Join(", ", problems.Select(p => $"{p.Id} {p.Key}")));
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
    }

    [Fact]
    public void A_subnet_of_another_network_is_named_with_that_ones_file()
    {
        Write("10-a.conflist", Bridge("a", "br1", "\"subnet\": \"10.77.0.0/16\""));
        string second = Write("20-b.conflist", Bridge("b", "br2", "\"subnet\": \"10.77.5.0/24\""));
        Write("30-broken.conflist", "{");
        NetworkProblem problem = Assert.Single(Checker().CheckFile(second));
        Assert.Equal((CniErrorIds.SubnetCollision, ProblemSeverity.Error), (problem.Id, problem.Severity));
        Assert.Contains($"10.77.0.0/16 of network a ({_bench.Folder}/10-a.conflist:1:", problem.Message);

        // In a folder it is told once, at the later one.
        Assert.Equal(
            ["20-b.conflist CniSubnetCollision", "30-broken.conflist CniInvalidJson"],
            Checker().CheckFolder(_bench.Folder).Select(p => $"{Path.GetFileName(p.File)} {p.Id}"));
    }

    [Fact]
    public void A_file_elsewhere_is_held_against_the_folder_but_not_against_its_own_older_self()
    {
        string folder = Directory.CreateDirectory(Path.Join(_bench.Folder, "net.d")).FullName;
        Write("net.d/10-a.conflist", Bridge("a", "br1", "\"subnet\": \"10.77.0.0/16\""));
        string file = Write("new.conflist", Bridge("b", "br2", "\"subnet\": \"10.77.5.0/24\""));
        Assert.Equal(CniErrorIds.SubnetCollision, Assert.Single(Checker().CheckFile(file, folder)).Id);
        Assert.Empty(Checker().CheckFile(file));
        File.Delete(file);
        Assert.Empty(Checker().CheckFile(Write("newer.conflist", Bridge("a", "br1", "\"subnet\": \"10.77.0.0/17\"")), folder));
    }

    [Fact]
    public void Two_networks_on_one_bridge_may_share_its_subnet_but_no_address()
    {
        Write("10-a.conflist", Bridge("a", "br1", "\"subnet\": \"10.77.0.0/24\", \"rangeEnd\": \"10.77.0.99\""));
        string second = Write("20-b.conflist", Bridge("b", "br1", "\"subnet\": \"10.77.0.0/24\", \"rangeStart\": \"10.77.0.100\""));
        Assert.Empty(Checker().CheckFile(second));
        Write("20-b.conflist", Bridge("b", "br1", "\"subnet\": \"10.77.0.0/24\", \"rangeStart\": \"10.77.0.99\""));
        Assert.Single(Checker().CheckFile(second));
    }

    [Fact]
    public void A_subnet_that_the_host_routes_elsewhere_is_named_with_the_route()
    {
        using Sandbox sandbox = new();
        Sandbox.Run($"ip -n {sandbox.HostName} link add lan0 type veth peer name lan1 && ip -n {sandbox.HostName} link set lan0 up && ip -n {sandbox.HostName} addr add 10.77.3.1/24 dev lan0 "
            + $"&& ip -n {sandbox.HostName} link add br1 type bridge && ip -n {sandbox.HostName} link set br1 up && ip -n {sandbox.HostName} addr add 10.78.0.1/24 dev br1 "
            + $"&& ip -n {sandbox.HostName} route add 172.16.0.0/12 via 10.77.3.2 && ip -n {sandbox.HostName} route add default via 10.77.3.2");
        NetworkChecker checker = new(sandbox.Host, _bench.Options with { PluginSource = PluginSource.NativeFirst });

        NetworkProblem problem = Assert.Single(checker.CheckText(Encoding.UTF8.GetBytes(Bridge("n", "br0", "\"subnet\": \"10.77.0.0/16\"")), "n"));
        Assert.Equal((CniErrorIds.SubnetCollision, ProblemSeverity.Error), (problem.Id, problem.Severity));
        Assert.Contains("10.77.3.0/24 dev lan0", problem.Message);

        // Only a part of what is routed elsewhere; the network's own bridge; and what nobody routes.
        problem = Assert.Single(checker.CheckText(Encoding.UTF8.GetBytes(Bridge("n", "br0", "\"subnet\": \"172.16.1.0/24\"")), "n"));
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
        Assert.Empty(checker.CheckText(Encoding.UTF8.GetBytes(Bridge("n", "br1", "\"subnet\": \"10.78.0.0/24\"")), "n"));
        Assert.Empty(checker.CheckText(Encoding.UTF8.GetBytes(Bridge("n", "br0", "\"subnet\": \"10.79.0.0/24\"")), "n"));
        Assert.Single(checker.CheckText(Encoding.UTF8.GetBytes(Bridge("n", "br2", "\"subnet\": \"10.78.0.0/24\"")), "n"));
    }

    [Fact]
    public void Plugins_of_a_lists_folder_are_looked_at_in_their_own_files()
    {
        string file = Write("n.conflist", """{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "loopback"}]}""");
        Directory.CreateDirectory(Path.Join(_bench.Folder, "n"));
        string extra = Write("n/10.conf", "{\n\"type\": \"bridge\", \"mtu\": true}");
        NetworkProblem problem = Assert.Single(Checker().CheckFile(file));
        Assert.Equal((extra, 2, "mtu"), (problem.File, problem.Line, problem.Key));
    }

    [Fact]
    public void A_name_and_a_files_name_that_mislead_are_told()
    {
        Write("10-a.conflist", """{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "loopback"}]}""");
        string list = Write("20-b.conf", """{"cniVersion": "1.0.0", "name": "n", "plugins": [{"type": "loopback"}]}""");
        Assert.Equal([CniErrorIds.MisnamedFile, CniErrorIds.NetworkNameTaken], Checker().CheckFile(list).Select(p => p.Id));
        string single = Write("30-c.conflist", """{"cniVersion": "1.0.0", "name": "m", "type": "loopback"}""");
        NetworkProblem problem = Assert.Single(Checker().CheckFile(single));
        Assert.Equal((CniErrorIds.MisnamedFile, ProblemSeverity.Error), (problem.Id, problem.Severity));
        Assert.Contains("30-c.conf.", problem.RecommendedAction);
    }

    [Fact]
    public void A_missing_version_or_name_is_told()
    {
        NetworkProblem problem = Assert.Single(Check("""{"name": "n", "plugins": [{"type": "loopback"}]}"""));
        Assert.Equal((CniErrorIds.VersionNotGiven, ProblemSeverity.Warning), (problem.Id, problem.Severity));
        Assert.Equal(ProblemSeverity.Error, Assert.Single(Check("""{"cniVersion": "1.0.0", "type": "loopback"}""")).Severity);
        Assert.Equal(ProblemSeverity.Error, Assert.Single(Check("""{"cniVersion": "1.0.0", "plugins": [{"type": "loopback"}]}""")).Severity);
        Assert.Single(Check("""{"cniVersion": "9.0.0", "name": "n", "plugins": [{"type": "loopback"}]}"""));
    }

    private const string Answer = """echo '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}'""";

    private static string Bridge(string name, string bridge, string ipam) =>
        $$"""{"cniVersion": "1.0.0", "name": "{{name}}", "plugins": [{"type": "bridge", "bridge": "{{bridge}}", "isGateway": true, "ipam": {"type": "host-local", {{ipam}} } }]}""";

    private NetworkChecker Checker() => new(_bench.Host, _bench.Options with { PluginSource = PluginSource.NativeFirst });

    private IReadOnlyList<NetworkProblem> Check(string json) => Checker().CheckText(Encoding.UTF8.GetBytes(json), "n.conflist");

    private string Write(string name, string json)
    {
        string path = Path.Join(_bench.Folder, name);
        File.WriteAllText(path, json);
        return path;
    }
}
