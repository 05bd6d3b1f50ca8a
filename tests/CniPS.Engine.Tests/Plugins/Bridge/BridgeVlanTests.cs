using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>bridge's VLANs, on a kernel that has them.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class BridgeVlanTests
{
    [SecondKernelFact]
    public void Containers_of_one_VLAN_reach_each_other_and_nobody_else()
    {
        using TestNetwork network = new("\"vlan\": 100, \"isGateway\": false");
        network.Add("blue");
        network.Add("red");
        network.List = network.Make("\"vlan\": 200, \"isGateway\": false");
        network.Add("green");
        network.List = network.Make("\"isGateway\": false");
        network.Add("white");
        network.In("red", "ping -c1 -W1 10.15.20.2");
        foreach (string other in (string[])["green", "white"])
        {
            Assert.NotEqual(0, Ping(network, other, "10.15.20.2").Status);
        }
    }

    [SecondKernelFact]
    public void A_port_leaves_the_default_VLAN_unless_it_is_to_stay()
    {
        using TestNetwork network = new("\"vlan\": 100");
        CniResult gone = network.Add("gone");
        Assert.Equal(["100 PVID Egress Untagged"], VlansOf(network, gone.Interfaces[1].Name));
        network.List = network.Make("\"vlan\": 100, \"preserveDefaultVlan\": true");
        CniResult kept = network.Add("kept");
        Assert.Equal(["1 Egress Untagged", "100 PVID Egress Untagged"], VlansOf(network, kept.Interfaces[1].Name));
        Assert.Empty(network.Check("kept"));
    }

    [SecondKernelFact]
    public void A_bridge_s_own_default_VLAN_is_the_one_that_is_left()
    {
        using TestNetwork network = new("\"vlan\": 100");
        network.Sandbox.RunOnHost("ip link add cni_bridge0 up type bridge vlan_filtering 1 vlan_default_pvid 42");
        Assert.Equal(["100 PVID Egress Untagged"], VlansOf(network, network.Add("blue").Interfaces[1].Name));
        Assert.Empty(network.Check("blue"));
    }

    [SecondKernelFact]
    public void A_trunk_carries_its_VLANs_with_their_tags()
    {
        using TestNetwork network = new("\"vlan\": 200, \"isGateway\": false");
        network.Add("blue");
        network.List = network.Make("\"vlanTrunk\": [{\"minID\": 200, \"maxID\": 203}, {\"id\": 7}, {\"id\": 203}, {\"minID\": 201, \"maxID\": 201}], \"isGateway\": false");
        CniResult trunk = network.Add("trunk");
        Assert.Equal(
            ["1 PVID Egress Untagged", "7", "200", "201", "202", "203"],
            VlansOf(network, trunk.Interfaces[1].Name));
        network.In("trunk", "ip link add link eth0 name eth0.200 up type vlan id 200");
        network.In("trunk", "ip addr flush dev eth0");
        network.In("trunk", "ip addr add 10.15.20.99/24 dev eth0.200");
        network.In("trunk", "ping -c1 -W1 10.15.20.2");
        network.In("trunk", "ip link add link eth0 name eth0.204 up type vlan id 204");
        network.In("trunk", "ip addr flush dev eth0.200");
        network.In("trunk", "ip addr add 10.15.20.99/24 dev eth0.204");
        Assert.NotEqual(0, Ping(network, "trunk", "10.15.20.2").Status);
    }

    [SecondKernelFact]
    public void A_VLAN_that_its_own_trunk_names_stays_the_untagged_one()
    {
        using TestNetwork network = new("\"vlan\": 100, \"vlanTrunk\": [{\"minID\": 99, \"maxID\": 101}]");
        Assert.Equal(["99", "100 PVID Egress Untagged", "101"], VlansOf(network, network.Add("blue").Interfaces[1].Name));
        Assert.Empty(network.Check("blue"));
    }

    [SecondKernelFact]
    public void A_trunk_of_nothing_switches_filtering_on_and_leaves_the_port()
    {
        using TestNetwork network = new("\"vlanTrunk\": [{}]");
        Assert.Equal(["1 PVID Egress Untagged"], VlansOf(network, network.Add("blue").Interfaces[1].Name));
        Assert.Contains("vlan_filtering 1", network.Sandbox.RunOnHost("ip -d link show cni_bridge0"));
        Assert.Empty(network.Check("blue"));
    }

    [SecondKernelFact]
    public void A_VLAN_has_a_gateway_of_its_own()
    {
        using TestNetwork network = new("\"vlan\": 100, \"bridge\": \"br\", \"mtu\": 1400");
        CniResult blue = network.Add("blue");
        CniResult red = network.Add("red");
        Assert.Equal("br.100", blue.Interfaces[3].Name);
        Assert.Equal(blue.Interfaces[3].Mac, red.Interfaces[3].Mac);
        Assert.Equal(4, red.Interfaces.Count);
        Assert.All(red.Ips, ip => Assert.Equal(2, ip.Interface));
        Assert.Contains("inet 10.15.20.1/24", network.Sandbox.RunOnHost("ip addr show br.100"));
        Assert.Contains("mtu 1400", network.Sandbox.RunOnHost("ip link show br.100"));
        Assert.DoesNotContain("inet ", network.Sandbox.RunOnHost("ip addr show br"));
        network.In("blue", "ping -c1 -W1 10.15.20.1");
        network.In("red", "ping -c1 -W1 10.15.20.1");
        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
        network.In("red", "ping -c1 -W1 10.15.20.1");

        // A killed ADD's half of a gateway is completed.
        network.Delete("red");
        network.Sandbox.RunOnHost("ip link set br.100 down");
        string port = network.Sandbox.RunOnHost("ip -o link show master br").Split(": ")[1].Split('@')[0];
        network.Sandbox.RunOnHost($"bridge vlan del dev {port} vid 100");
        network.Add("green");
        network.In("green", "ping -c1 -W1 10.15.20.1");
        Assert.Empty(network.Check("green"));
    }

    [SecondKernelFact]
    public void A_failed_ADD_takes_the_gateway_along_that_it_made_and_no_other()
    {
        const string NoWay = "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"1.2.3.0/24\", \"gw\": \"99.9.9.9\"}]";
        using TestNetwork network = new("\"vlan\": 100, \"bridge\": \"br\"");
        network.Container("blue");
        network.Forward();
        string before = network.Snapshot();
        NetworkConfigurationList good = network.List;

        // It fails behind the gateway: this kernel has no nf_tables for IP.
        network.List = network.Make("\"vlan\": 100, \"bridge\": \"br\", \"ipMasq\": true");
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Contains(network.Steps, step => step.Contains("br.100", StringComparison.Ordinal));
        Assert.Equal(before, network.Snapshot());

        network.List = good;
        network.Add("red");
        before = network.Snapshot();
        network.List = network.Make("\"vlan\": 100, \"bridge\": \"br\", \"ipMasq\": true");
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(before, network.Snapshot());
        network.List = network.Make("\"vlan\": 100, \"bridge\": \"br\"", NoWay);
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(before, network.Snapshot());
        network.In("red", "ping -c1 -W1 10.15.20.1");

        // Another VLAN's gateway goes again, though the bridge has ports.
        network.List = network.Make("\"vlan\": 101, \"bridge\": \"br\", \"ipMasq\": true", "\"subnet\": \"10.15.21.0/24\"", name: "other");
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(before, network.Snapshot());
    }

    [SecondKernelFact]
    public void CHECK_names_every_difference_and_its_repairs_mend_them()
    {
        using TestNetwork network = new("\"vlan\": 100, \"vlanTrunk\": [{\"minID\": 200, \"maxID\": 201}], \"bridge\": \"br\"");
        CniResult result = network.Add("blue");
        string port = result.Interfaces[1].Name;
        Assert.Empty(network.Check("blue"));
        network.Sandbox.RunOnHost($"bridge vlan del dev {port} vid 100");
        network.Sandbox.RunOnHost($"bridge vlan del dev {port} vid 201");
        network.Sandbox.RunOnHost($"bridge vlan add dev {port} vid 300");
        network.Sandbox.RunOnHost("ip addr del 10.15.20.1/24 dev br.100");
        IReadOnlyList<Difference> differences = network.Check("blue");
        Assert.Equal(
            ["VLAN 100 of " + port, "VLAN 201 of " + port, "VLAN 300 of " + port, "address of br.100"],
            differences.Select(d => d.Subject).Order(StringComparer.Ordinal));
        foreach (Difference difference in differences)
        {
            network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(network.Check("blue"));
        network.In("blue", "ping -c1 -W1 10.15.20.1");
        network.Sandbox.RunOnHost("ip link set dev br type bridge vlan_filtering 0");
        Assert.Contains(network.Check("blue"), d => d.Subject == "VLAN filtering of br");
        network.Sandbox.RunOnHost("ip link del br.100");
        Assert.Contains(network.Check("blue"), d => d.Subject == "gateway of VLAN 100");
    }

    [SecondKernelFact]
    public void A_bridge_that_does_not_look_at_tags_is_refused()
    {
        using TestNetwork network = new("\"vlan\": 100");
        network.Container("blue");
        network.Sandbox.RunOnHost("ip link add cni_bridge0 up type bridge");
        string before = network.Snapshot();
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.BridgeConflict, e.ErrorId);
        Assert.Contains("does not look at VLAN tags", e.Message);
        Assert.Equal(before, network.Snapshot());
        network.Sandbox.RunOnHost("ip link set cni_bridge0 type bridge vlan_filtering 1");
        network.Add("blue");
    }

    [SecondKernelFact]
    public void A_plan_names_the_commands_and_a_shell_that_takes_them_does_the_same()
    {
        using TestNetwork network = new("\"vlan\": 100, \"vlanTrunk\": [{\"minID\": 200, \"maxID\": 201}], \"bridge\": \"br\"");
        PlannedHost plan = new(network.Sandbox.Host);
        CniResult predicted = new CniRuntime(plan, network.Options).Add(network.List, network.Attachment("blue"))!;
        foreach (Change step in plan.Steps)
        {
            Sandbox.Run(step.Text);
        }

        network.Add("red");
        network.In("red", "ping -c1 -W1 10.15.20.2");
        Assert.Equal("br.100", predicted.Interfaces[3].Name);
        Assert.DoesNotContain(network.Check("blue"), d => !d.Subject.StartsWith("MAC", StringComparison.Ordinal));
    }

    [SecondKernelFact]
    public void The_Go_plugin_makes_the_same()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/bridge"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
        string[] shapes = new string[2];
        for (int i = 0; i < 2; i++)
        {
            // Version 1.1.1 knows no other way than to stay in the default VLAN.
            using TestNetwork network = new("\"vlan\": 100, \"bridge\": \"br\", \"preserveDefaultVlan\": true");
            PluginSource source = i == 0 ? PluginSource.Native : PluginSource.Path;
            CniRuntime runtime = new(network.Sandbox.Host, network.Options with { PluginSource = source, PluginPath = ["/usr/lib/cni"] });
            Attachment attachment = network.Attachment("blue");
            CniResult result = runtime.Add(network.List, attachment)!;
            network.In("blue", "ping -c1 -W1 10.15.20.1");
            shapes[i] = Shape(network, result);
            runtime.Check(network.List, attachment);
            runtime.Delete(network.List, attachment);
            shapes[i] += Shape(network, result);
        }

        Assert.Equal(shapes[1], shapes[0]);
    }

    [Fact]
    public void Where_the_kernel_has_no_VLANs_ADD_says_so_and_leaves_nothing()
    {
        using TestNetwork network = new("\"vlan\": 100");
        network.Container("blue");
        Assert.SkipWhen(
            Sandbox.TryRun($"ip -n {network.HostName} link add t type bridge vlan_filtering 1 && ip -n {network.HostName} link del t").Status == 0,
            "this kernel has VLANs for bridges");
        string before = network.Snapshot();
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Contains("peration not supported", e.Message);
        Assert.Equal(before, network.Snapshot());
    }

    [Theory]
    [InlineData("\"vlan\": 4095", "invalid VLAN ID 4095 (must be between 0 and 4094)")]
    [InlineData("\"vlan\": -1", "invalid VLAN ID -1 (must be between 0 and 4094)")]
    [InlineData("\"vlanTrunk\": [{\"id\": 0}]", "incorrect trunk id parameter")]
    [InlineData("\"vlanTrunk\": [{\"id\": 5}, {\"minID\": 0, \"maxID\": 7}]", "incorrect trunk minID parameter")]
    [InlineData("\"vlanTrunk\": [{\"minID\": 1, \"maxID\": 4095}]", "incorrect trunk maxID parameter")]
    [InlineData("\"vlanTrunk\": [{\"minID\": 9, \"maxID\": 8}]", "minID is greater than maxID in trunk parameter")]
    [InlineData("\"vlanTrunk\": [{\"minID\": 9}]", "minID and maxID should be configured simultaneously, maxID is missing")]
    [InlineData("\"vlanTrunk\": [{\"maxID\": 9}]", "minID and maxID should be configured simultaneously, minID is missing")]
    [InlineData("\"vlanTrunk\": 5", "vlanTrunk")]
    [InlineData("\"vlan\": 4094, \"bridge\": \"br123456789\"", "is too long")]
    public void What_can_t_be_a_VLAN_is_found_before_anything_is_made(string keys, string message)
    {
        using TestNetwork network = new(keys);
        network.Container("blue");
        string before = network.Snapshot();
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.InvalidNetworkConfig, e.ErrorId);
        Assert.Contains(message, e.Message);
        Assert.NotNull(e.Position);
        Assert.Equal(before, network.Snapshot());
    }

    private static (int Status, string Output) Ping(TestNetwork network, string container, string address) =>
        Sandbox.TryRun($"ip netns exec {network.Container(container)} ping -c1 -W1 {address}");

    private static IEnumerable<string> VlansOf(TestNetwork network, string port) =>
        Sandbox.Run($"bridge -n {network.HostName} vlan show dev {port}").Split('\n').Skip(1)
            .Select(line => line.Replace(port, "", StringComparison.Ordinal).Trim()).Where(line => line.Length > 0);

    // What a network with VLANs looks like, without the names and addresses that chance chose.
    private static string Shape(TestNetwork network, CniResult result) =>
        string.Join(' ', result.Interfaces.Select((link, i) => i == 1 ? "port" : link.Name)) + "\n"
        + Sandbox.Run(
            $"bridge -n {network.HostName} vlan show | sed -E 's/veth[0-9a-f]{{8}}/veth/' | tr -s ' ' | sort; "
            + $"ip -n {network.HostName} -o addr | grep inet | grep -v fe80 | sed -E 's/^[0-9]+: //' | sort; "
            + $"ip -n {network.HostName} -d -o link show br | grep -o 'vlan_filtering .'; ip -n {network.HostName} -o link | wc -l");
}
