using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Linux.Changes;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>flannel: what it makes of flanneld's file, has done by another plugin, keeps and removes.</summary>
public sealed class FlannelTests : IDisposable
{
    private const string Dual =
        """
        FLANNEL_NETWORK=10.244.0.0/16
        FLANNEL_SUBNET=10.244.3.1/24
        FLANNEL_IPV6_NETWORK=fd00:244::/48
        FLANNEL_IPV6_SUBNET=fd00:244:0:3::1/64
        FLANNEL_MTU=1450
        FLANNEL_IPMASQ=true

        """;

    private readonly TestNetwork _network = new();

    // As the network.conf of a Kubernetes node has it.
    private const string Delegate = "\"delegate\": {\"hairpinMode\": true, \"isDefaultGateway\": true}";

    public FlannelTests() => Write(Dual);

    [Fact]
    public void Pods_of_a_node_reach_each_other_and_leave_nothing()
    {
        _network.Container("blue");
        _network.Container("red");
        CniResult blue = Add("blue", Delegate);
        Add("red", Delegate);
        Assert.Equal("10.244.3.2/24", blue.Ips[0].Address.ToString());
        Assert.Equal("fd00:244:0:3::2/64", blue.Ips[1].Address.ToString());
        Assert.Contains("1 received", _network.In("blue", "ping -c1 -W2 10.244.3.3"), StringComparison.Ordinal);
        Assert.Contains("mtu 1450", _network.In("blue", "ip link show eth0"), StringComparison.Ordinal);
        Assert.Contains("10.244.0.0/16 via 10.244.3.1", _network.In("blue", "ip route"), StringComparison.Ordinal);
        Assert.Contains("default via 10.244.3.1", _network.In("blue", "ip route"), StringComparison.Ordinal);
        Assert.Empty(Check("blue", Delegate));
        Delete("blue", Delegate);
        Delete("blue", Delegate);
        Delete("red", Delegate);
        Assert.Empty(Directory.GetFiles(Kept));
        Assert.Empty(Leases());
        Assert.DoesNotContain("veth", _network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);
    }

    // The configuration that the Go plugin makes of the same (its own test's cases), whatever the order of its keys.
    [Theory]
    [InlineData(
        "\"delegate\": {\"type\": \"bridge\", \"bridge\": \"br0\"}",
        """{"name":"cbr0","cniVersion":"1.0.0","type":"bridge","bridge":"br0","ipMasq":false,"mtu":1450,"isGateway":true,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:244:0:3::/64"}]],"routes":[{"dst":"10.244.0.0/16"},{"dst":"fd00:244::/48"}]}}""")]
    [InlineData(
        "\"delegate\": {\"type\": \"bridge\", \"mtu\": 1234, \"ipMasq\": true, \"isGateway\": false}",
        """{"name":"cbr0","cniVersion":"1.0.0","type":"bridge","ipMasq":true,"mtu":1234,"isGateway":false,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:244:0:3::/64"}]],"routes":[{"dst":"10.244.0.0/16"},{"dst":"fd00:244::/48"}]}}""")]
    [InlineData(
        "\"ipam\": {\"type\": \"host-local\", \"resolvConf\": \"/etc/resolv.conf\", \"subnet\": \"1.2.3.0/24\", \"routes\": [{\"dst\": \"192.0.2.0/24\", \"gw\": \"10.244.3.9\"}]}",
        """{"name":"cbr0","cniVersion":"1.0.0","type":"bridge","ipMasq":false,"mtu":1450,"isGateway":true,"ipam":{"type":"host-local","resolvConf":"/etc/resolv.conf","subnet":"1.2.3.0/24","ranges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:244:0:3::/64"}]],"routes":[{"dst":"192.0.2.0/24","gw":"10.244.3.9"},{"dst":"10.244.0.0/16"},{"dst":"fd00:244::/48"}]}}""")]
    [InlineData(
        "\"delegate\": {\"type\": \"ptp\"}",
        """{"name":"cbr0","cniVersion":"1.0.0","type":"ptp","ipMasq":false,"mtu":1450,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.244.3.0/24"}],[{"subnet":"fd00:244:0:3::/64"}]],"routes":[{"dst":"10.244.0.0/16"},{"dst":"fd00:244::/48"}]}}""")]
    public void The_delegates_configuration_is_the_Go_plugins(string keys, string wanted)
    {
        // A plan is enough: what is kept is what the delegate is given.
        PlannedHost plan = new(_network.Sandbox.Host);
        try
        {
            new CniRuntime(plan, _network.Options).Add(List(keys, withData: false), _network.Attachment("blue"));
        }
        catch (CniException)
        {
            // host-local refuses subnet beside ranges; the configuration is kept before it is asked.
        }

        string kept = Encoding.UTF8.GetString(plan.Steps.OfType<FileWrite>().Single(write => write.Path == Path.Combine(Kept, "blue")).Content.Span);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(wanted), JsonNode.Parse(kept)), kept);
    }

    [Fact]
    public void Networks_are_listed_once_and_either_family_is_enough()
    {
        Write("FLANNEL_IPV6_NETWORK=fd00:244::/48,fd00:245::/48,fd00:244::/48\nFLANNEL_IPV6_SUBNET=fd00:244:0:3::1/64\nFLANNEL_MTU=1400\nFLANNEL_IPMASQ=false\n");
        CniResult result = Add("blue", "\"delegate\": {}");
        Assert.Equal("fd00:244:0:3::2/64", Assert.Single(result.Ips).Address.ToString());
        Assert.Equal(["fd00:244::/48", "fd00:245::/48"], result.Routes.Select(route => route.Destination.ToString()));
        // flanneld does not masquerade: the delegate does.
        Assert.Contains("\"ipMasq\":true", File.ReadAllText(Path.Combine(Kept, "blue")), StringComparison.Ordinal);
    }

    [Fact]
    public void DEL_needs_no_file_of_flanneld_and_none_that_was_kept_but_one()
    {
        Add("blue", Delegate);
        Add("red", Delegate);
        File.Delete(SubnetFile);
        Delete("blue", Delegate);
        Write(Dual);
        File.Delete(Path.Combine(Kept, "red"));
        Delete("red", Delegate);
        Assert.Empty(Leases());
        File.Delete(SubnetFile);
        Delete("red", Delegate);
    }

    [Fact]
    public void Two_interfaces_of_a_container_leave_nothing()
    {
        _network.Runtime.Add(List(Delegate), _network.Attachment("blue"));
        _network.Runtime.Add(List(Delegate), _network.Attachment("blue", "eth1"));
        _network.Runtime.Delete(List(Delegate), _network.Attachment("blue", "eth1"));
        _network.Runtime.Delete(List(Delegate), _network.Attachment("blue"));
        Assert.Empty(Leases());
    }

    [Fact]
    public void A_failure_behind_it_leaves_nothing()
    {
        _network.Container("blue");
        NetworkConfigurationList list = List(Delegate, more: ", {\"type\": \"tuning\", \"sysctl\": {\"net.ipv4.conf.IFNAME.nonesuch\": \"1\"}}");
        _network.Forward();
        string before = _network.Snapshot();
        Assert.ThrowsAny<CniException>(() => _network.Runtime.Add(list, _network.Attachment("blue")));
        Assert.Equal(before, _network.Snapshot());
        Assert.False(Directory.Exists(Kept) && Directory.GetFiles(Kept).Length > 0);
    }

    [Fact]
    public void CHECK_is_the_delegates_and_misses_what_was_kept()
    {
        Add("blue", Delegate);
        _network.In("blue", "ip route del 10.244.0.0/16");
        File.Delete(Path.Combine(Kept, "blue"));
        IReadOnlyList<Difference> differences = Check("blue", Delegate);
        Assert.Equal(["bridge", "flannel"], differences.Select(difference => difference.PluginType).Order());
        _network.Sandbox.Host.Apply([.. differences.SelectMany(difference => difference.Repair)]);
        Assert.Empty(Check("blue", Delegate));
    }

    [Fact]
    public void GC_removes_what_is_kept_of_containers_that_are_gone()
    {
        Add("blue", Delegate);
        Add("red", Delegate);
        File.WriteAllText(Path.Combine(Kept, "another"), """{"name": "another", "type": "bridge"}""");
        Directory.Delete(_network.Sandbox.CacheFolder, recursive: true);
        _network.RemoveContainer("blue");
        _network.Runtime.CollectGarbage(List(Delegate), [new AttachmentKey("red", "eth0")]);
        Assert.Equal(["another", "red"], Directory.GetFiles(Kept).Select(Path.GetFileName).Order());
        Assert.Equal(2, Leases().Length);
    }

    // The delegate is Debian's program.
    [Fact]
    public void A_delegate_may_be_a_program()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/bridge"), "needs Debian's containernetworking-plugins");
        string folder = Path.Combine(_network.Sandbox.Folder, "plugins");
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Combine(folder, "go-bridge"), "/usr/lib/cni/bridge");
        File.CreateSymbolicLink(Path.Combine(folder, "host-local"), "/usr/lib/cni/host-local");
        CniRuntime runtime = new(_network.Sandbox.Host, _network.Options with { PluginSource = PluginSource.NativeFirst, PluginPath = [folder] });
        NetworkConfigurationList list = List("\"delegate\": {\"type\": \"go-bridge\", \"isGateway\": true}");
        CniResult result = runtime.Add(list, _network.Attachment("blue"))!;
        Assert.Equal("10.244.3.2/24", result.Ips[0].Address.ToString());
        runtime.Check(list, _network.Attachment("blue"));
        runtime.Delete(list, _network.Attachment("blue"));
        Assert.Empty(Leases());
        Assert.Empty(Directory.GetFiles(Kept));
    }

    [Theory]
    [InlineData("FLANNEL_NETWORK=10.244.0.0/16\n", "is missing FLANNEL_SUBNET, FLANNEL_IPV6_SUBNET, FLANNEL_MTU, FLANNEL_IPMASQ")]
    [InlineData("FLANNEL_SUBNET=zz\n", "invalid CIDR address: zz")]
    [InlineData("FLANNEL_MTU\n", "FLANNEL_MTU is no number")]
    [InlineData(null, "no such file or directory")]
    public void What_flanneld_has_not_written_is_said(string? text, string message)
    {
        File.Delete(SubnetFile);
        if (text is not null)
        {
            Write(text);
        }

        CniException e = Assert.ThrowsAny<CniException>(() => Add("blue", Delegate));
        Assert.Contains("failed to load flannel 'subnet.env' file: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(CniErrorCode.TryAgainLater, e.Code);
        Assert.Equal(CniErrorCode.PluginNotAvailable, Assert.ThrowsAny<CniException>(() => _network.Runtime.Status(List(Delegate, version: "1.1.0"))).Code);
    }

    [Theory]
    [InlineData("\"delegate\": {\"type\": 7}", "must have (string) 'type' field")]
    [InlineData("\"delegate\": {\"name\": \"a\"}", "must not have 'name' field")]
    [InlineData("\"delegate\": {\"ipam\": {}}", "must not have 'ipam' field")]
    public void What_is_wrong_with_a_configuration_is_said(string keys, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => Add("blue", keys)).Message, StringComparison.Ordinal);

    public void Dispose() => _network.Dispose();

    private string SubnetFile => Path.Combine(_network.Sandbox.Folder, "subnet.env");

    private string Kept => Path.Combine(_network.Sandbox.Folder, "flannel");

    private void Write(string text) => File.WriteAllText(SubnetFile, text);

    private CniResult Add(string container, string keys) => _network.Runtime.Add(List(keys), _network.Attachment(container))!;

    private void Delete(string container, string keys) => _network.Runtime.Delete(List(keys), _network.Attachment(container));

    private IReadOnlyList<Difference> Check(string container, string keys) => _network.Runtime.Check(List(keys), _network.Attachment(container));

    private string[] Leases() => [.. Directory.GetFiles(Path.Combine(_network.Sandbox.DataFolder, "cbr0")).Select(path => Path.GetFileName(path)!).Where(name => name.StartsWith("10.", StringComparison.Ordinal) || name.StartsWith("fd", StringComparison.Ordinal))];

    private NetworkConfigurationList List(string keys, string more = "", bool withData = true, string version = "1.0.0")
    {
        string ipam = withData ? $", \"ipam\": {{\"dataDir\": {JsonSerializer.Serialize(_network.Sandbox.DataFolder)}}}" : "";
        return NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "{{version}}", "name": "cbr0", "plugins": [
             {"type": "flannel", "subnetFile": "{{SubnetFile}}", "dataDir": "{{Kept}}"{{ipam}}, {{keys}} }{{more}}]}
            """));
    }
}
