using System;
using CniPS.Engine.Tests.Plugins.Firewall;
using CniPS.Engine.Tests.Plugins.Portmap;
using CniPS.Runtime;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Rules that attachments share go while their sets stay: CHECK says so, Repair and the next ADD bring them back.</summary>
public sealed class SharedRulesTests
{
    private const string FlushAll = "flush table inet cnips";

    public static TheoryData<string> Harms =>
    [
        FlushAll, "add table inet cnips { flags dormant; }", "flush chain inet cnips masquerade4-24", "insert rule inet cnips masquerade4-24 accept",
        "add chain inet cnips masquerade4-24 { policy drop; }",
    ];

    [Theory]
    [MemberData(nameof(Harms))]
    public void The_next_ADD_brings_masquerading_back_for_all(string harm)
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        string right = Rules(network);
        network.Sandbox.RunOnHost($"nft '{harm}'");
        Assert.Contains(network.Check("blue"), difference => difference.Message == "10.15.20.2 is not masqueraded");
        network.Add("red");
        Assert.Equal(right, Rules(network));
        Assert.Empty(network.Check("blue"));
        Assert.Empty(network.Check("red"));
    }

    // One runtime, as a module's: what it found right before is looked at again once another has been there.
    [Fact]
    public void A_runtime_that_goes_on_sees_it_too()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        CniRuntime runtime = network.Runtime;
        runtime.Add(network.List, network.Attachment("one"));
        runtime.Add(network.List, network.Attachment("two"));
        string right = Rules(network);
        network.Sandbox.RunOnHost("nft 'flush chain inet cnips masquerade4-24'");
        runtime.Add(network.List, network.Attachment("three"));
        Assert.Equal(right, Rules(network));
    }

    [Fact]
    public void Guarded_ports_are_guarded_again()
    {
        using TestNetwork network = new("\"macspoofchk\": true");
        network.Add("blue");
        string right = network.Sandbox.RunOnHost("nft -s list chain bridge cnips macspoofchk");
        network.Sandbox.RunOnHost("nft flush table bridge cnips");
        Assert.NotEmpty(network.Check("blue"));
        network.Add("red");
        Assert.Equal(right, network.Sandbox.RunOnHost("nft -s list chain bridge cnips macspoofchk"));
        Assert.Empty(network.Check("blue"));
        network.Sandbox.RunOnHost("nft flush table bridge cnips");
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Equal(right, network.Sandbox.RunOnHost("nft -s list chain bridge cnips macspoofchk"));
    }

    [Theory]
    [InlineData("nft flush table inet cnips", "")]
    [InlineData("nft flush chain inet cnips ports4-output", "")]
    [InlineData("nft flush chain inet cnips hairpin4-16", "")]
    [InlineData("nft flush table inet cnips", PortmapConditionTests.Keys)]
    [InlineData("iptables -t nat -F", "\"backend\": \"iptables\"")]
    [InlineData("iptables -t nat -F CNI-HOSTPORT-DNAT", "\"backend\": \"iptables\"")]
    [InlineData("iptables -t nat -D PREROUTING 1", "\"backend\": \"iptables\"")]
    public void Ports_lead_there_again(string harm, string keys)
    {
        using PortmapNetwork network = new(keys);
        string mapping = Mapping(8080, 80);
        network.Add("blue", mapping);
        network.Sandbox.RunOnHost(harm);
        Assert.NotEmpty(network.Check("blue", mapping));
        RepairReport report = network.Runtime.Repair(network.Default, network.Attachment("blue", mapping), TestContext.Current.CancellationToken);
        Assert.Empty(report.Remaining);
        Assert.Empty(network.Check("blue", mapping));

        network.Sandbox.RunOnHost(harm);
        network.Add("red", Mapping(8081, 80));
        Assert.Empty(network.Check("red", Mapping(8081, 80)));
        if (harm.StartsWith("nft", StringComparison.Ordinal))
        {
            Assert.Empty(network.Check("blue", mapping));
        }
    }

    [Theory]
    [InlineData("nft flush table inet cnips", "\"backend\": \"nftables\"")]
    [InlineData("nft flush chain inet cnips forward-isolation", "\"backend\": \"nftables\"")]
    [InlineData("iptables -F", "\"backend\": \"iptables\"")]
    [InlineData("iptables -F FORWARD", "\"backend\": \"iptables\"")]
    public void The_firewall_stands_again(string harm, string keys)
    {
        using FirewallNetwork network = new(keys);
        network.Add("blue");
        network.Sandbox.RunOnHost(harm);
        Assert.NotEmpty(network.Check("blue"));
        Assert.Empty(network.Runtime.Repair(network.Default, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void After_a_flush_of_iptables_masquerading_is_missed_and_mended()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"ipMasqBackend\": \"iptables\"");
        network.Add("blue");
        network.Sandbox.RunOnHost("iptables -t nat -F");
        Assert.NotEmpty(network.Check("blue"));
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Empty(network.Check("blue"));
    }

    private static string Rules(TestNetwork network) => network.Sandbox.RunOnHost("nft -s list chain inet cnips masquerade4-24");
}
