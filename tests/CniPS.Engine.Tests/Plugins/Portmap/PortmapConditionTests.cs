using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>Conditions that only the program nft can read: it makes the shared chains, and all else is as ever.</summary>
public sealed class PortmapConditionTests
{
    // What the encoder knows, what it doesn't, and things that are no condition at all but may stand there.
    internal const string Keys = "\"conditionsV4\": [\"ip saddr != { 192.0.2.2-192.0.2.9, 198.51.100.0/24 } counter limit rate 1000/second\"], \"conditionsV6\": [\"ip6 hoplimit > 3\", \"tcp flags syn\"]";

    [Fact]
    public void A_condition_lets_one_client_through_and_not_another()
    {
        using PortmapNetwork network = new(Keys);
        network.Add("blue", $"{Mapping(8080, 80)}, {Mapping(8080, 80, "udp")}");
        network.Serve("blue", ProtocolType.Tcp, 80);
        network.Serve("blue", ProtocolType.Udp, 80);
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"blue sees {HostAddress}", network.Ask(network.HostName, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"blue sees {OutsideAddress6}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8080));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Udp, HostAddress6, 8080));
    }

    [Fact]
    public void An_attachment_comes_and_goes_and_is_mended()
    {
        using PortmapNetwork network = new(Keys);
        network.Container("blue");
        string none = network.Snapshot();
        string mappings = Mapping(8080, 80);
        network.Add("red", Mapping(9000, 90));
        string before = network.Snapshot();
        network.Add("blue", mappings);
        Assert.Empty(network.Check("blue", mappings));
        network.Delete("blue", mappings);
        Assert.Equal(before, network.Snapshot());

        network.Sandbox.RunOnHost("nft delete table inet cnips");
        IReadOnlyList<Difference> differences = network.Check("red", Mapping(9000, 90));
        network.Sandbox.Host.Apply([.. differences.SelectMany(difference => difference.Repair).Distinct()]);
        Assert.Empty(network.Check("red", Mapping(9000, 90)));
        Assert.Equal(before, network.Snapshot());

        network.Delete("red", Mapping(9000, 90));
        network.Runtime.CollectGarbage(network.Default, []);
        Assert.DoesNotContain("cnips", network.Ruleset);
        Assert.DoesNotContain("cnips", none);
    }

    [Fact]
    public void What_is_there_already_stays_and_conditions_add_to_it()
    {
        using PortmapNetwork network = new(Keys);
        network.Add("green", Mapping(8081, 80), network.List("free", subnet: "10.99.0.0/16", subnet6: "fd00:99::/64", isDefault: false));
        const string Look = "nft -a list chain inet cnips ports4-prerouting";
        string before = network.Sandbox.RunOnHost(Look);
        network.Add("blue", Mapping(8080, 80));
        Assert.Equal(before, network.Sandbox.RunOnHost(Look));
        Assert.Contains("ip6 hoplimit > 3 tcp flags syn fib daddr type local jump ports6-", network.Ruleset);
    }

    [Fact]
    public void A_person_who_types_the_plan_gets_the_same()
    {
        using PortmapNetwork network = new(Keys);
        Attachment blue = network.Attachment("blue", Mapping(8080, 80));
        PlannedHost plan = Plan(network, blue);
        network.Runtime.Add(network.Default, blue);
        string ruleset = network.Ruleset;
        network.Sandbox.RunOnHost("nft flush ruleset");
        foreach (Change step in plan.Steps)
        {
            if (step is NftChange)
            {
                Sandbox.Run(step.Text);
            }
        }

        Assert.Equal(Sorted(ruleset), Sorted(network.Ruleset));

        // Without what was counted meanwhile.
        static IEnumerable<string> Sorted(string rules) =>
            Regex.Replace(rules, @"packets \d+ bytes \d+", "").Split('\n').Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("tcp flagz syn", "syntax error, unexpected string")]
    [InlineData("ip saddr", "syntax error, unexpected fib: fib")]
    [InlineData("ip6 hoplimit 3", "conflicting protocols specified: ip vs. ip6: ip6 hoplimit")]
    [InlineData("iif \\\"nosuch0\\\"", "Interface does not exist: \"nosuch0\"")]
    [InlineData("accept", "Statement after terminal statement has no effect")]
    public void What_nft_refuses_is_refused_in_its_words_and_leaves_nothing(string condition, string words)
    {
        using PortmapNetwork network = new($"\"conditionsV4\": [\"{condition}\"]");
        Attachment blue = network.Attachment("blue", Mapping(8080, 80));
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Runtime.Add(network.Default, blue));
        Assert.Equal(CniErrorIds.NftFailed, e.ErrorId);
        Assert.Contains(words, e.Message);
        Assert.Equal(before, network.Snapshot());
        Assert.Contains(words, Assert.ThrowsAny<CniException>(() => Plan(network, blue)).Message);
        Assert.Contains(words, Assert.ThrowsAny<CniException>(() => network.Runtime.Status(network.Default)).Message);
        network.Runtime.Delete(network.Default, blue);
        Assert.Equal(before, network.Snapshot());
    }

    private static PlannedHost Plan(PortmapNetwork network, Attachment attachment)
    {
        PlannedHost plan = new(network.Sandbox.Host);
        new CniRuntime(plan, RuntimeOptions.Default with { CacheFolder = network.Sandbox.CacheFolder, PluginSource = PluginSource.Native })
            .Add(network.Default, attachment);
        return plan;
    }
}
