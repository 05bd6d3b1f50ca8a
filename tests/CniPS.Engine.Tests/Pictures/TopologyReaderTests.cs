using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Machine;
using CniPS.Pictures;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Pictures;

/// <summary>What is seen of real interfaces. Other tests make namespaces at the same time, so each looks at its own only.</summary>
public class TopologyReaderTests
{
    private const string Bridge = "host/" + TestNetwork.Bridge;

    [Fact]
    public void Sees_bridge_pair_addresses_masquerade_and_ports()
    {
        using TestNetwork network = new();
        network.List = WithPorts(network);
        network.Runtime.Add(network.List, WithPort(network, "blue"));
        NetworkTopology seen = Look(network, []);

        TopologyLink inside = Assert.Single(Assert.Single(seen.Namespaces).Links);
        Assert.Equal(("eth0", "mybridge", "blue", true), (inside.Name, inside.Network, inside.ContainerId, inside.IsUp));
        Assert.Equal(["10.15.20.2/24", "masqueraded", "host port 127.0.0.1:8080/tcp → 80"], inside.Facts.Select(PictureText.Describe));
        Assert.Equal(network.In("blue", "cat /sys/class/net/eth0/address").Trim(), inside.Mac);

        TopologyLink veth = Assert.Single(seen.Links, link => link.Role == TopologyRole.Veth);
        TopologyLink bridge = Assert.Single(seen.Links, link => link.Role == TopologyRole.Bridge);
        Assert.Equal(["10.15.20.1/24"], bridge.Facts.Select(fact => fact.Text));
        Assert.Equal(
            [(Bridge, veth.Id, TopologyConnectionKind.Port), (veth.Id, inside.Id, TopologyConnectionKind.Pair), (Bridge, "outside", TopologyConnectionKind.Masquerade)],
            seen.Connections.Select(line => (line.From, line.To, line.Kind)));
        Assert.False(seen.HasPlan);
    }

    [Fact]
    public void Sees_what_iptables_does()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"ipMasqBackend\": \"iptables\"");
        network.List = WithPorts(network, ", \"backend\": \"iptables\"", "\"ipMasqBackend\": \"iptables\"");
        network.Runtime.Add(network.List, WithPort(network, "blue"));
        TopologyLink inside = Assert.Single(Assert.Single(Look(network, []).Namespaces).Links);
        Assert.Equal(["10.15.20.2/24", "masqueraded", "host port 127.0.0.1:8080/tcp → 80"], inside.Facts.Select(PictureText.Describe));
    }

    [Fact]
    public void Sees_what_a_plan_adds_and_changes_nothing()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.Container("red");
        string before = network.Snapshot();
        NetworkTopology seen = Look(network, [Plan(network, "ADD", runtime => runtime.Add(network.List, network.Attachment("red")), "red")]);
        Assert.Equal(before, network.Snapshot());

        Assert.Equal(PictureStanding.Present, seen.Links.Single(link => link.Role == TopologyRole.Bridge).Standing);
        TopologyLink red = Assert.Single(seen.Namespaces.Single(ns => ns.Name == network.Container("red")).Links);
        Assert.Equal((PictureStanding.Added, "mybridge", null), (red.Standing, red.Network, red.Mac));
        Assert.Equal(["10.15.20.3/24", "masqueraded"], red.Facts.Select(PictureText.Describe));
        TopologyConnection pair = Assert.Single(seen.Connections, line => line.To == red.Id);
        Assert.Equal((PictureStanding.Added, TopologyConnectionKind.Pair), (pair.Standing, pair.Kind));
        Assert.Equal(PictureStanding.Added, Assert.Single(seen.Connections, line => line.To == pair.From).Standing);
        Assert.Equal(PictureStanding.Present, Assert.Single(seen.Namespaces.Single(ns => ns.Name == network.Container("blue")).Links).Standing);
    }

    [Fact]
    public void A_plan_on_an_empty_host_adds_the_bridge_too()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Container("blue");
        NetworkTopology seen = Look(network, [Plan(network, "ADD", runtime => runtime.Add(network.List, network.Attachment("blue")), "blue")]);
        Assert.All(seen.AllLinks, link => Assert.Equal(PictureStanding.Added, link.Standing));
        Assert.Equal(3, seen.AllLinks.Count());
        Assert.All(seen.Connections, line => Assert.Equal(PictureStanding.Added, line.Standing));
    }

    [Fact]
    public void Sees_what_a_plan_removes_at_both_ends()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.Add("red");
        NetworkTopology seen = Look(network, [Plan(network, "DEL", runtime => runtime.Delete(network.List, network.Attachment("red")), "red")]);
        Assert.Equal(
            ["eth0", "veth"], seen.AllLinks.Where(link => link.Standing == PictureStanding.Removed).Select(link => link.Name[..4]).Order());
        Assert.Equal(network.Container("red"), seen.Namespaces.Single(ns => ns.Links[0].Standing == PictureStanding.Removed).Name);
    }

    [Fact]
    public void A_pair_is_found_by_the_kernels_numbers_not_by_guessing_from_indexes()
    {
        using Sandbox sandbox = new();
        string a = sandbox.AddNamespace("a"), b = sandbox.AddNamespace("b"), c = sandbox.AddNamespace("c");
        // Indexes that mislead: x of b and y of c have the same, and both pairs' host ends say only that one.
        Sandbox.Run($"ip -n {sandbox.HostName} link add v1 index 70 type veth peer name x index 50 netns {b}");
        Sandbox.Run($"ip -n {sandbox.HostName} link add v2 index 71 type veth peer name y index 50 netns {c}");
        Sandbox.Run($"ip -n {a} link add p index 70 type veth peer name q index 51 netns {b}");
        NetworkTopology seen = TopologyReader.Read(sandbox.Host, []);
        string[] pairs = [.. seen.Connections.Where(line => line.Kind == TopologyConnectionKind.Pair && IsOurs(line.To)).Select(line => $"{line.From}-{line.To}")];
        Assert.Equivalent((string[])[$"host/v1-{b}/x", $"host/v2-{c}/y", $"{a}/p-{b}/q"], pairs, strict: true);

        bool IsOurs(string id) => ((string[])[a, b, c]).Any(name => id.StartsWith(name + "/", StringComparison.Ordinal));
    }

    [Fact]
    public void Selecting_an_interface_keeps_what_it_leads_to_on_the_host_only()
    {
        NetworkTopology some = Drawn.Make(5, 2).Select((ns, _) => ns.Name == "c3");
        Assert.Equal(["eth0", "cni1", "veth00000003"], some.Links.Select(link => link.Name));
        Assert.Equal(["c3"], some.Namespaces.Select(ns => ns.Name));
        Assert.Equal(4, some.Connections.Count); // uplink, masquerade, port, pair
        Assert.Empty(Drawn.Make(5, 2).Select((_, _) => false).AllLinks);
    }

    [Fact]
    public void A_tree_shows_each_interface_once_with_what_leads_to_it_above() => Assert.Equal(
        [
            "node7  host",
            "├─ cni0  bridge  10.0.0.1/16",
            "│  ├─ veth00000000  veth",
            "│  │  └─ c0 eth0  10.0.0.2/16",
            "│  │     ├─ masqueraded",
            "│  │     └─ host port 8000/tcp → 80",
            "│  └─ veth00000001  veth  planned",
            "│     └─ c1 eth0  10.0.0.3/16  planned",
            "│        └─ masqueraded",
            "└─ eth0  uplink  192.168.1.5/24",
        ],
        TopologyTree.Draw(Drawn.Make(1, 1).With(Drawn.Make(2, 1))).Select(line => line.ToString()));

    private static NetworkTopology Look(TestNetwork network, IReadOnlyList<OperationPlan> plans)
    {
        string mine = network.HostName[..^"host".Length];
        return PlannedTopology.Read(network.Sandbox.Host, network.Options, plans).Select((ns, _) => ns.Name.StartsWith(mine, StringComparison.Ordinal));
    }

    private static OperationPlan Plan(TestNetwork network, string verb, Action<CniRuntime> operation, string container)
    {
        PlanRecorder recorder = new();
        operation(new CniRuntime(new PlannedHost(network.Sandbox.Host), network.Options, recorder));
        return recorder.ToPlan(verb, "mybridge", network.Attachment(container));
    }

    private static NetworkConfigurationList WithPorts(TestNetwork network, string portmap = "", string bridge = "\"mtu\": 1500") => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$"""
        {"cniVersion": "1.0.0", "name": "mybridge", "plugins": [
         {"type": "bridge", "bridge": "{{TestNetwork.Bridge}}", "isGateway": true, "ipMasq": true, {{bridge}},
          "ipam": {"type": "host-local", "dataDir": "{{network.Sandbox.DataFolder}}", "subnet": "10.15.20.0/24"} },
         {"type": "portmap", "capabilities": {"portMappings": true}{{portmap}} } ] }
        """));

    private static Attachment WithPort(TestNetwork network, string container) => network.Attachment(container) with
    {
        CapabilityArgs =
        [
            new("portMappings", JsonDocument.Parse("""[{"hostPort": 8080, "containerPort": 80, "protocol": "tcp", "hostIP": "127.0.0.1"}]""").RootElement),
        ],
    };
}
