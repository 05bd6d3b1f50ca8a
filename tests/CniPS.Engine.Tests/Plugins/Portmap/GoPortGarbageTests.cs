using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>GC of what the Go portmap left in nf_tables: its rules name container and address, and no network.</summary>
public sealed class GoPortGarbageTests
{
    [Fact]
    public void What_leads_to_the_networks_addresses_and_nobodys_attachment_goes()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        GoRules.OpenPort(network.Sandbox, "gone", "10.88.0.50");
        GoRules.OpenPort(network.Sandbox, "gone", "fd00:88::50");
        GoRules.OpenPort(network.Sandbox, "hosted", "10.88.0.51", hostIP: "10.88.0.1");
        GoRules.OpenPort(network.Sandbox, "masqueraded", "10.88.0.52", masqueradeAll: true);
        GoRules.OpenPort(network.Sandbox, "stale", "10.88.0.53");
        Lease(network, "mynet", "10.88.0.53", "stale");
        GoRules.OpenPort(network.Sandbox, "former", "10.88.0.2"); // it is blue's now
        GoRules.OpenPort(network.Sandbox, "blue", "10.88.0.2");
        GoRules.OpenPort(network.Sandbox, "valid", "10.88.0.54"); // neither leased nor cached
        GoRules.OpenPort(network.Sandbox, "gone", "10.99.0.50");
        GoRules.OpenPort(network.Sandbox, "gone", "10.88.0.1", hostIP: "10.88.0.60"); // the gateway's is never given out

        GarbageReport report = Collect(network.Runtime, network, "blue", "valid");

        Assert.Equal(
            [
                "Lease 10.88.0.53 stale", "Rule ports to 10.88.0.2 former", "Rule ports to 10.88.0.50 gone", "Rule ports to 10.88.0.51 hosted",
                "Rule ports to 10.88.0.52 masqueraded", "Rule ports to 10.88.0.53 stale", "Rule ports to fd00:88::50 gone",
            ],
            Told(report));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "blue", "10.88.0.2"));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "valid", "10.88.0.54"));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "gone", "10.99.0.50"));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "gone", "10.88.0.1"));
        string rules = network.Ruleset;
        Assert.DoesNotContain("hosted", rules);
        Assert.DoesNotContain("masqueraded", rules);
        Assert.DoesNotContain("fd00:88::50", rules);
        Assert.DoesNotContain("10.88.0.50", rules);
        Assert.Equal(12, rules.Split('\n').Count(rule => rule.Contains("dnat to", StringComparison.Ordinal) || rule.Contains("masquerade comment", StringComparison.Ordinal)));
        Assert.Empty(Collect(network.Runtime, network, "blue", "valid").Things);
    }

    [Fact]
    public void Whoever_has_the_address_on_another_network_keeps_the_ports()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        Lease(network, "other", "10.88.0.50", "leased");
        NetworkConfigurationList unleased = Fixed("unleased", "10.88.0.51/16");
        network.Runtime.Add(unleased, network.Attachment("cached", ""));
        LeaveIntent(network, "beginning");
        foreach ((string container, string address) in ((string, string)[])[("leased", "10.88.0.50"), ("cached", "10.88.0.51"), ("beginning", "10.88.0.52")])
        {
            GoRules.OpenPort(network.Sandbox, container, address);
        }

        // The same containers, with what they don't have.
        GoRules.OpenPort(network.Sandbox, "leased", "10.88.0.51");
        GoRules.OpenPort(network.Sandbox, "cached", "10.88.0.50");

        GarbageReport report = Collect(network.Runtime, network, "blue");

        Assert.Equal(["Rule ports to 10.88.0.50 cached", "Rule ports to 10.88.0.51 leased"], Told(report));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "leased", "10.88.0.50"));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "cached", "10.88.0.51"));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "beginning", "10.88.0.52"));
    }

    [Fact]
    public void The_ports_of_who_is_being_added_stay()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        GoRules.OpenPort(network.Sandbox, "gone", "10.88.0.51");
        HostWithAnAdd host = new(network.Sandbox.Host, () =>
        {
            Lease(network, "other", "10.88.0.50", "adding");
            GoRules.OpenPort(network.Sandbox, "adding", "10.88.0.50");
        });

        GarbageReport report = Collect(new CniRuntime(host, Options(network)), network, "blue");

        Assert.Equal(["Rule ports to 10.88.0.51 gone"], Told(report));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "adding", "10.88.0.50"));
    }

    [Fact]
    public void The_one_address_of_static_is_the_networks()
    {
        using PortmapNetwork network = new();
        NetworkConfigurationList mine = Fixed("mine", "10.88.0.51/16"), others = Fixed("others", "10.88.0.52/16");
        network.Runtime.Add(others, network.Attachment("red", ""));
        foreach (string address in (string[])["10.88.0.51", "10.88.0.52"])
        {
            GoRules.OpenPort(network.Sandbox, "red", address);
        }

        Assert.Equal(["Rule ports to 10.88.0.51 red"], Told(network.Runtime.CollectGarbage(mine, [])));
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "red", "10.88.0.52"));
    }

    [Fact]
    public void A_plan_says_what_would_go_and_changes_nothing()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        GoRules.OpenPort(network.Sandbox, "gone", "10.88.0.50");
        GoRules.OpenPort(network.Sandbox, "stale", "10.88.0.53");
        Lease(network, "mynet", "10.88.0.53", "stale");
        string before = network.Ruleset;
        PlannedHost plan = new(network.Sandbox.Host);

        Collect(new CniRuntime(plan, Options(network)), network, "blue");

        Assert.Equal(before, network.Ruleset);
        Assert.Equal(6, plan.Steps.Count(step => step.Text.Contains("nft delete rule ip cni_hostport", StringComparison.Ordinal)));
        Assert.Equal(
            plan.Steps.Select(step => step.Text), Collect(network.Runtime, network, "blue").Things.SelectMany(thing => thing.Changes).Select(change => change.Text));
    }

    [Fact]
    public void Cleaning_up_after_a_killed_ADD_leaves_the_containers_ports_on_other_networks()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        LeaveIntent(network, "red", network.Default);
        GoRules.OpenPort(network.Sandbox, "red", "10.99.0.50");
        Collect(network.Runtime, network, "blue");
        Assert.Equal(3, GoRules.CountPorts(network.Sandbox, "red", "10.99.0.50"));
    }

    private static RuntimeOptions Options(PortmapNetwork network) =>
        RuntimeOptions.Default with
        {
            CacheFolder = network.Sandbox.CacheFolder,
            PluginSource = PluginSource.Native,
            Patience = TimeSpan.Zero,
        };

    private static GarbageReport Collect(CniRuntime runtime, PortmapNetwork network, params string[] valid) =>
        runtime.CollectGarbage(network.Default, [.. valid.Select(container => new AttachmentKey(container, "eth0"))]);

    private static IEnumerable<string> Told(GarbageReport report) =>
        report.Things.Select(thing => $"{thing.Kind} {thing.Name} {thing.ContainerId}").Order(StringComparer.Ordinal);

    private static void Lease(PortmapNetwork network, string name, string address, string container)
    {
        string folder = Path.Join(network.Sandbox.DataFolder, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Join(folder, address), container + "\r\neth0");
    }

    private static NetworkConfigurationList Fixed(string name, string address) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
        $$"""
        {"cniVersion": "1.1.0", "name": "{{name}}", "plugins": [
         {"type": "bridge", "bridge": "br-{{name}}", "ipam": {"type": "static", "addresses": [{"address": "{{address}}"}] } }]}
        """));

    // As an ADD leaves it that runs, or was killed, before it changed anything.
    private static void LeaveIntent(PortmapNetwork network, string container, NetworkConfigurationList? list = null)
    {
        list ??= Fixed("beginning", "10.88.0.52/16");
        string folder = Path.Join(network.Sandbox.CacheFolder, "cnips", "intents");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(
            Path.Join(folder, $"{list.Name},{container},eth0"),
            Intent.FirstLine(list.Name, list.Bytes, network.Attachment(container, ""), Options(network)).ToArray());
    }

    /// <summary>A machine on which another program adds an attachment to another network just when the rules are about to be read.</summary>
    private sealed class HostWithAnAdd(IHost real, Action add) : DelegatingHost(real)
    {
        private bool _added;

        public override INftablesView Nftables(NetworkNamespace ns)
        {
            if (!_added)
            {
                _added = true;
                add();
            }

            return base.Nftables(ns);
        }
    }
}
