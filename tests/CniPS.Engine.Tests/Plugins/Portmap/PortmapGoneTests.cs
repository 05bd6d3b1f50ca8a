using System;
using System.IO;
using System.Net;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A port whose holder is proven gone is free for the next, without GC.</summary>
public sealed class PortmapGoneTests
{
    [Theory]
    [InlineData("nftables", false)]
    [InlineData("nftables", true)]
    [InlineData("iptables", false)]
    [InlineData("iptables", true)]
    public void The_port_of_one_that_is_gone_is_taken_over(string backend, bool isForgotten)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        string mappings = $"{Mapping(8080, 80)}, {Mapping(8081, 80, hostIP: HostAddress)}";
        network.Add("red", mappings);
        Kill(network, "red", isForgotten);
        network.Add("blue", mappings);
        Assert.Empty(network.Check("blue", mappings));
        Assert.Contains("10.88.0.3", network.Ruleset);
        network.Delete("blue", mappings);
        network.Add("green", mappings);
        Assert.Empty(network.Check("green", mappings));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void So_is_one_that_overlaps(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("red", Mapping(8080, 80));
        string one = Mapping(8080, 80, hostIP: HostAddress);
        network.Container("blue");
        Assert.ThrowsAny<CniException>(() => network.Add("blue", one));
        Kill(network, "red", isForgotten: true);
        network.Add("blue", one);
        Assert.Empty(network.Check("blue", one));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void The_port_of_one_that_lives_is_refused_though_nobody_remembers_it(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("red", Mapping(8080, 80));
        Forget(network);
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue", Mapping(8080, 80)));
        Assert.Equal(CniErrorIds.PortTaken, e.ErrorId);
        Assert.Contains("its address is in ", e.Message);
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_failed_ADD_gives_it_back(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        NetworkConfigurationList failing = network.List(
            "failing", $"\"backend\": \"{backend}\"", subnet: "10.98.0.0/16", subnet6: "fd00:98::/64",
            more: ", {\"type\": \"tuning\", \"sysctl\": {\"net.there.is.none\": \"1\"}}");
        network.Add("red", Mapping(8080, 80));
        Kill(network, "red", isForgotten: false);
        network.Container("blue");
        string before = network.Ruleset;
        Assert.ThrowsAny<CniException>(() => network.Add("blue", Mapping(8080, 80), failing));
        foreach (string line in before.Split('\n'))
        {
            if (line.Contains("8080", StringComparison.Ordinal))
            {
                Assert.Contains(line, network.Ruleset);
            }
        }

        Assert.DoesNotContain("10.98.0.2", network.Ruleset);
    }

    private static void Kill(PortmapNetwork network, string container, bool isForgotten)
    {
        network.Sandbox.RemoveNamespace(network.Container(container));
        // The kernel takes its links away a little later.
        Sandbox.Run($"timeout 20 sh -c 'while ip -n {network.HostName} -o link | grep -q veth; do sleep 0.05; done'");
        if (isForgotten)
        {
            Forget(network);
        }
    }

    private static void Forget(PortmapNetwork network)
    {
        Directory.Delete(network.Sandbox.CacheFolder, recursive: true);
        foreach (string file in Directory.GetFiles(network.Sandbox.DataFolder, "*", SearchOption.AllDirectories))
        {
            if (IPAddress.TryParse(Path.GetFileName(file), out _))
            {
                File.Delete(file); // the last address that was given out stays known: the next one is another
            }
        }
    }
}
