using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>VLANs of bridge ports, on a kernel that has them: each change made, typed as its text, and planned, to the same effect.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class BridgeVlanTests
{
    private static IReadOnlyList<Change> Changes(NetworkNamespace ns, LinkId port) =>
    [
        new BridgeVlanDelete(ns, port, 1, 1),
        new BridgeVlanAdd(ns, port, new BridgeVlans(200, 210)),
        new BridgeVlanAdd(ns, port, BridgeVlans.Access(100)),
        new BridgeVlanAdd(ns, port, new BridgeVlans(4094, 4094)),
        new BridgeVlanDelete(ns, port, 204, 205),
        new BridgeVlanDelete(ns, port, 1, 50),
        new BridgeVlanAdd(ns, port, BridgeVlans.Access(7)),
    ];

    [SecondKernelFact]
    public void Made_typed_and_planned_they_come_to_the_same()
    {
        using Sandbox sandbox = new();
        NetworkNamespace ns = sandbox.Host.Namespace;
        Sandbox.Run($"ip -n {sandbox.HostName} link add other type veth peer name other1");
        sandbox.Host.Apply([new BridgeAdd(ns, "br0", VlanFiltering: true)]);
        sandbox.Host.Apply([new VethAdd(ns, "made", ns, "made1") { Bridge = sandbox.Host.FindLink(ns, "br0")!.Id }]);
        Sandbox.Run($"ip -n {sandbox.HostName} link set other master br0");
        Link made = sandbox.Host.FindLink(ns, "made")!;
        Assert.Equal([BridgeVlans.Access(1)], sandbox.Host.GetBridgeVlans(ns, made.Index));

        PlannedHost plan = new(sandbox.Host);
        foreach (Change change in Changes(ns, made.Id))
        {
            sandbox.Host.Apply([change]);
            plan.Apply([change]);
            Sandbox.Run(change.Text.Replace("dev made", "dev other", StringComparison.Ordinal));
            IReadOnlyList<BridgeVlans> now = sandbox.Host.GetBridgeVlans(ns, made.Index);
            Assert.Equal(now, sandbox.Host.GetBridgeVlans(ns, sandbox.Host.FindLink(ns, "other")!.Index));
            Assert.Equal(now, plan.GetBridgeVlans(ns, made.Index));
        }

        Assert.Equal(
            ["7 pvid untagged", "100 untagged", "200-203", "206-210", "4094"],
            System.Linq.Enumerable.Select(sandbox.Host.GetBridgeVlans(ns, made.Index), vlan => vlan.ToString()));
        Assert.Equal(1 + 12, Sandbox.Run($"bridge -n {sandbox.HostName} vlan show dev made").Trim().Split('\n').Length);
    }

    [SecondKernelFact]
    public void A_planned_port_is_in_its_bridge_s_default_vlan()
    {
        using Sandbox sandbox = new();
        NetworkNamespace ns = sandbox.Host.Namespace;
        Sandbox.Run($"ip -n {sandbox.HostName} link add br0 type bridge vlan_filtering 1 vlan_default_pvid 42");
        foreach (IHost host in (IHost[])[new PlannedHost(sandbox.Host), sandbox.Host])
        {
            Link bridge = host.FindLink(ns, "br0")!;
            Assert.True(bridge.VlanFiltering);
            Assert.Equal(42, bridge.DefaultVlan);
            host.Apply([new VethAdd(ns, "port", ns, "port1") { Bridge = bridge.Id }]);
            Assert.Equal([BridgeVlans.Access(42)], host.GetBridgeVlans(ns, host.FindLink(ns, "port")!.Index));
        }
    }

    [Fact]
    public void Where_the_kernel_has_no_vlans_ports_are_in_none()
    {
        using Sandbox sandbox = new();
        NetworkNamespace ns = sandbox.Host.Namespace;
        Sandbox.Run($"ip -n {sandbox.HostName} link add br0 type bridge; ip -n {sandbox.HostName} link add port master br0 type veth peer name port1");
        Assert.SkipWhen(
            Sandbox.TryRun($"ip -n {sandbox.HostName} link set br0 type bridge vlan_filtering 1").Status == 0, "this kernel has VLANs for bridges");
        Assert.Empty(sandbox.Host.GetBridgeVlans(ns, sandbox.Host.FindLink(ns, "port")!.Index));
    }
}
