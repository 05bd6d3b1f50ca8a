using System;
using System.Linq;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Firewall;

/// <summary>firewall with a real firewalld.</summary>
public sealed class FirewalldTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\"backend\": \"firewalld\", \"firewalldZone\": \"home\"")]
    public void Addresses_are_sources_of_the_zone(string keys)
    {
        PrivateFirewalld firewalld = null!;
        using FirewallNetwork network = new(keys, sandbox => HostOf(sandbox.HostName, (firewalld = new PrivateFirewalld(sandbox)).Address));
        using PrivateFirewalld _ = firewalld;
        string zone = keys.Length == 0 ? "trusted" : "home";
        network.Add("blue");
        network.Add("red");
        Assert.Equal("10.88.0.2/32 10.88.0.3/32 fd00:88::2/128 fd00:88::3/128", Sources(firewalld, zone));
        Assert.Empty(network.Check("blue"));
        Assert.Equal("", network.Rules());

        firewalld.Command($"--zone={zone} --remove-source=10.88.0.2/32");
        Difference difference = Assert.Single(network.Check("blue"));
        Assert.Equal($"failed to find the address 10.88.0.2/32 in {zone} zone", difference.Message);
        using (LinuxHost host = HostOf(network.Sandbox.HostName, firewalld.Address))
        {
            host.Apply(difference.Repair);
            Assert.Null(Assert.Single(host.Apply(difference.Repair)).Undo);
        }

        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
        network.Delete("blue");
        Assert.Equal("10.88.0.3/32 fd00:88::3/128", Sources(firewalld, zone));
        network.Runtime.Status(network.Default);
    }

    [Fact]
    public void An_unknown_zone_is_refused_in_its_own_words_and_what_was_made_is_undone()
    {
        PrivateFirewalld firewalld = null!;
        using FirewallNetwork network = new(
            "\"backend\": \"firewalld\", \"firewalldZone\": \"nosuch\"", sandbox => HostOf(sandbox.HostName, (firewalld = new PrivateFirewalld(sandbox)).Address));
        using PrivateFirewalld _ = firewalld;
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.FirewalldFailed, e.ErrorId);
        Assert.Contains("INVALID_ZONE: nosuch", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("br-one", network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);
        network.Delete("blue");
        using LinuxHost host = HostOf(network.Sandbox.HostName, firewalld.Address);
        Assert.Null(Assert.Single(host.Apply([new CniPS.Linux.Changes.FirewalldSourceRemove("nosuch", "10.88.0.2/32")])).Undo);
    }

    [Fact]
    public void A_policy_is_for_iptables()
    {
        PrivateFirewalld firewalld = null!;
        using FirewallNetwork network = new("\"ingressPolicy\": \"same-bridge\"", sandbox => HostOf(sandbox.HostName, (firewalld = new PrivateFirewalld(sandbox)).Address));
        using PrivateFirewalld _ = firewalld;
        network.Add("blue");
        Assert.Equal("10.88.0.2/32 fd00:88::2/128", Sources(firewalld, "trusted"));
        Assert.Contains("-A CNI-ISOLATION-STAGE-2 -o br-one", network.Rules(), StringComparison.Ordinal);
        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
        Assert.Equal("", Sources(firewalld, "trusted"));
        Assert.DoesNotContain("10.88.0.2", network.Rules(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_asks_and_changes_nothing()
    {
        PrivateFirewalld firewalld = null!;
        using FirewallNetwork network = new("", sandbox => HostOf(sandbox.HostName, (firewalld = new PrivateFirewalld(sandbox)).Address));
        using PrivateFirewalld _ = firewalld;
        using LinuxHost host = HostOf(network.Sandbox.HostName, firewalld.Address);
        PlannedHost plan = new(host);
        new CniRuntime(plan, RuntimeOptions.Default with { CacheFolder = network.Sandbox.CacheFolder, PluginSource = PluginSource.Native })
            .Add(network.Default, network.Attachment("blue"));
        Assert.Contains("firewall-cmd --zone=trusted --add-source=10.88.0.2/32", plan.Steps.Select(step => step.Text));
        Assert.Equal("", Sources(firewalld, "trusted"));
    }

    [Fact]
    public void Where_it_does_not_run_that_is_said()
    {
        using FirewallNetwork network = new("\"backend\": \"firewalld\"", sandbox => HostOf(sandbox.HostName, "unix:path=/nonexistent"));
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.FirewalldFailed, e.ErrorId);
        Assert.Contains("there is no D-Bus here", e.Message, StringComparison.Ordinal);
        Assert.Contains("firewalld doesn't run", Assert.ThrowsAny<CniException>(() => network.Runtime.Status(network.Default)).Message, StringComparison.Ordinal);
    }

    private static LinuxHost HostOf(string name, string bus) => new(NetworkNamespace.Open(NamedNamespaces.PathOf(name))) { SystemBusAddress = bus };

    private static string Sources(PrivateFirewalld firewalld, string zone) =>
        string.Join(' ', firewalld.Command($"--zone={zone} --list-sources").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
