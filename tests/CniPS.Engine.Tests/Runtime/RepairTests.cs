using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>Attachments broken with ip and nft, mended, and checked again.</summary>
public sealed class RepairTests
{
    [Theory]
    [InlineData("ip -n $C addr del 10.15.20.2/24 dev eth0")]
    [InlineData("ip -n $C addr flush dev eth0")]
    [InlineData("ip -n $C route del default")]
    [InlineData("ip -n $C link set eth0 down")]
    [InlineData("ip -n $C link set eth0 address 02:00:00:00:00:07")]
    [InlineData("ip -n $H link set $V down")]
    [InlineData("ip -n $H link set $V address 02:00:00:00:00:07")]
    [InlineData("ip -n $H link set $V nomaster")]
    [InlineData("ip -n $H link set $V mtu 1300")]
    [InlineData("bridge -n $H link set dev $V hairpin off")]
    [InlineData("bridge -n $H link set dev $V isolated on")]
    [InlineData("ip -n $H link set cni_bridge0 down")]
    [InlineData("ip -n $H link set cni_bridge0 promisc off", "\"promiscMode\": true")]
    [InlineData("ip -n $H link set cni_bridge0 address 02:00:00:00:00:07")]
    [InlineData("ip -n $H addr del 10.15.20.1/24 dev cni_bridge0")]
    [InlineData("ip -n $H link del cni_bridge0")]
    [InlineData("ip netns exec $H sysctl -qw net.ipv4.ip_forward=0")]
    [InlineData("ip netns exec $H nft flush set inet cnips masquerade4-24")]
    [InlineData("ip netns exec $H nft delete table inet cnips")]
    [InlineData("ip netns exec $H nft flush table inet cnips")]
    [InlineData("ip netns exec $H nft flush chain inet cnips masquerade4-24")]
    [InlineData("ip netns exec $H nft 'add table inet cnips { flags dormant; }'")]
    [InlineData("ip netns exec $H nft 'insert rule inet cnips masquerade4-24 accept'")]
    [InlineData("rm $D/mybridge/10.15.20.2")]
    [InlineData("rm -r $D/mybridge")]
    [InlineData("ip -n $C addr flush dev eth0; ip -n $H link del cni_bridge0; rm -r $D/mybridge; ip netns exec $H nft flush ruleset")]
    public void WhatBreaksIsFoundAndMended(string breaking, string mode = "\"hairpinMode\": true")
    {
        using TestNetwork network = new($"\"ipMasq\": true, \"mtu\": 1400, {mode}");
        CniResult result = network.Add("blue");
        network.Add("red");
        CniPS.Tests.Sandbox.Run(
            $"C={network.Container("blue")} H={network.HostName} D={network.Sandbox.DataFolder} V={result.Interfaces[1].Name}; {breaking}");
        Assert.NotEmpty(network.Check("blue"));

        RepairReport report = network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Empty(report.Remaining);
        Assert.NotEmpty(report.Mended);
        Assert.Empty(network.Check("blue"));
        network.In("blue", "ping -c1 -W1 -q 10.15.20.1");
        network.Delete("blue");
    }

    [Theory]
    [InlineData("ip -n $C addr flush dev eth0")]
    [InlineData("ip -n $C link set eth0 down")]
    [InlineData("ip -n $C route del default")]
    [InlineData("ip -n $C link set eth0 address 02:00:00:00:00:07")]
    [InlineData("ip -n $H addr flush dev $V")]
    [InlineData("ip -n $H link set $V down")]
    [InlineData("ip -n $H route del 10.89.0.2")]
    [InlineData("ip netns exec $H sysctl -qw net.ipv4.ip_forward=0")]
    [InlineData("ip netns exec $H nft delete table inet cnips")]
    [InlineData("rm $D/p2p/10.89.0.2")]
    public void WhatBreaksOfAPointToPointLinkIsMended(string breaking)
    {
        using TestNetwork network = new();
        network.List = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$$"""
            {"cniVersion": "1.0.0", "name": "p2p", "plugins": [{"type": "ptp", "ipMasq": true, "ipam": {"type": "host-local",
             "dataDir": "{{{network.Sandbox.DataFolder}}}", "subnet": "10.89.0.0/24", "routes": [{"dst": "0.0.0.0/0"}]}}]}
            """));
        CniResult result = network.Add("blue");
        CniPS.Tests.Sandbox.Run(
            $"C={network.Container("blue")} H={network.HostName} D={network.Sandbox.DataFolder} V={result.Interfaces[0].Name}; {breaking}");
        Assert.NotEmpty(network.Check("blue"));
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Empty(network.Check("blue"));
        network.In("blue", "ping -c1 -W1 -q 10.89.0.1");
    }

    [Fact]
    public void APlanOfARepairChangesNothingAndForeseesItsEnd()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.Sandbox.RunOnHost("ip link del cni_bridge0");
        string before = network.Snapshot();
        PlanRecorder recorder = new();
        CniRuntime plan = new(new PlannedHost(network.Sandbox.Host), network.Options, recorder);
        RepairReport foreseen = plan.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Empty(foreseen.Remaining);
        Assert.Equal(before, network.Snapshot());

        network.Steps.Clear();
        network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Equal(network.Steps, recorder.Steps.Select(s => s.Text));
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void WhatOnlyAddCanMakeRemains()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.In("blue", "ip link del eth0");
        RepairReport report = network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Empty(report.Mended);
        Difference remaining = Assert.Single(report.Remaining);
        Assert.Equal("link eth0", remaining.Subject);
    }

    [Fact]
    public void AnAddressThatAnotherHoldsByNowIsLeftToIt()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string lease = Path.Combine(network.Sandbox.DataFolder, "mybridge/10.15.20.2");
        File.WriteAllText(lease, "other\r\neth0");
        RepairReport report = network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Single(report.Remaining);
        Assert.Equal("other\r\neth0", File.ReadAllText(lease));
    }

    [Fact]
    public void AFailedRepairTakesBackWhatItsStepHasChanged()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.In("blue", "ip link set eth0 down");
        network.In("blue", "ip addr del 10.15.20.2/24 dev eth0");
        string before = Settled(network);
        int changes = 0;
        CountingHost host = new(network.Sandbox.Host, () =>
        {
            if (++changes == 3)
            {
                throw new CniPS.Linux.LinuxException("be struck", 1); // EPERM, at the route
            }
        });
        CniRuntime runtime = new(host, network.Options);
        CniException e = Assert.Throws<CniException>(
            () => runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken));
        Assert.Equal(RuntimeErrorIds.RepairFailed, e.ErrorId);
        Assert.Contains("taken back", e.Message);
        Assert.Equal(before, Settled(network));
    }

    // The kernel tells a little later that a port is down.
    private static string Settled(TestNetwork network) =>
        network.Snapshot().Replace("linkdown ", "") + network.In("blue", "ip link show eth0").Replace("LOWERLAYERDOWN", "DOWN");

    [Fact]
    public void WhereNothingIsWrongNothingIsDone()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Steps.Clear();
        RepairReport report = network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken);
        Assert.Empty(report.Mended);
        Assert.Empty(report.Remaining);
        Assert.Empty(network.Steps);
    }
}
