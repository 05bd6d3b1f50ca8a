using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Diagnosis;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Tests;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>Faults of what a usual kernel of a build machine lacks, or has only one of: VLANs, VRFs, and the room for connections.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class RareFaultTests
{
    [SecondKernelFact]
    public void A_port_in_another_VLAN_or_in_none_is_named_and_mended()
    {
        using TestNetwork network = new("\"vlan\": 100, \"isGateway\": false");
        network.Add("blue");
        network.Add("red");
        IsHealthy(network, "blue", "red");
        string red = HostEnd(network, "red"), blue = HostEnd(network, "blue");

        network.Sandbox.RunOnHost($"bridge vlan del dev {red} vid 100");
        network.Sandbox.RunOnHost($"bridge vlan add dev {red} vid 200 pvid untagged");
        IsMended(network, "VlanDiffers", "blue", "red");

        network.Sandbox.RunOnHost($"bridge vlan del dev {blue} vid 100");
        IsMended(network, "VlanMissing", "blue", "red");
    }

    [SecondKernelFact]
    public void An_interface_in_a_VRF_that_nobody_asked_for_is_named_and_taken_out()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Add("red");
        IsHealthy(network, "blue", "red");
        network.In("red", "ip link add vrf0 up type vrf table 10");
        network.In("red", "ip link set eth0 master vrf0");
        IsMended(network, "VrfUnasked", "red", "blue");
    }

    [SecondKernelFact]
    public void An_address_in_another_VRF_is_named()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Add("red");
        network.In("red", "ip link add d0 up type dummy");
        network.In("red", "ip addr add 10.99.0.1/32 dev d0");
        network.In("blue", "ip route add 10.99.0.1 via 10.15.20.3");
        IsHealthy(network, "blue", "10.99.0.1");
        network.In("red", "ip link add vrf0 up type vrf table 10");
        network.In("red", "ip link set d0 master vrf0");
        Cause cause = Assert.Single(Assert.Single(Follow(network, "blue", "10.99.0.1")).Causes);
        Assert.Equal("VrfDiffers", cause.Id);
        Assert.NotEqual(0, Ping(network, "blue", "10.99.0.1"));
        network.In("red", "ip link set d0 nomaster");
        IsHealthy(network, "blue", "10.99.0.1");
    }

    [SecondKernelFact]
    public void A_VRF_that_a_network_asks_for_is_no_fault()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Use("""{"type": "bridge", "bridge": "cni_bridge0", "isGateway": true, @IPAM@}, {"type": "vrf", "vrfname": "mine"}""");
        network.Add("red");
        IsHealthy(network, "blue", "red");
    }

    [SecondKernelFact]
    public void A_full_table_of_connections_is_named_and_enlarged()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Add("red");
        network.In("red", "iptables -A INPUT -m conntrack --ctstate NEW -j ACCEPT");
        string before = Sandbox.Run("sysctl -n net.netfilter.nf_conntrack_max").Trim();
        using Socket service = Open(network, "red");
        service.Bind(new IPEndPoint(IPAddress.Any, 80));
        service.Listen();
        List<Socket> clients = [];
        try
        {
            for (int i = 0; i < 4; i++)
            {
                Socket client = Open(network, "blue");
                client.Connect(IPAddress.Parse("10.15.20.3"), 80);
                clients.Add(client);
            }

            IsHealthy(network, "blue", "10.15.20.3");
            Sandbox.Run("sysctl -qw net.netfilter.nf_conntrack_max=4");
            Cause cause = Assert.Single(Assert.Single(Follow(network, "blue", "10.15.20.3")).Causes);
            Assert.Equal("ConntrackFull", cause.Id);
            Assert.NotEqual(0, Ping(network, "blue", "10.15.20.3"));
            Sandbox.Run(cause.Advice);
            IsHealthy(network, "blue", "10.15.20.3");
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
            Sandbox.Run($"sysctl -qw net.netfilter.nf_conntrack_max={before}");
        }
    }

    private static Socket Open(TestNetwork network, string container)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(network.Container(container)));
        SafeFileHandle handle = ns.OpenSocket(2, 1, 6);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        return socket;
    }

    private static string HostEnd(TestNetwork network, string container) =>
        network.Runtime.Cache.List().First(attachment => attachment.ContainerId == container).Result!.Interfaces.First(link => link.Name.StartsWith("veth", StringComparison.Ordinal)).Name;

    private static IReadOnlyList<PathReport> Follow(TestNetwork network, string from, string to) =>
        ConnectionDiagnosis.Follow(network.Sandbox.Host, network.Runtime.Cache.List(), new PathQuestion(from, to));

    private static int Ping(TestNetwork network, string from, string to)
    {
        string address = to == "red" ? "10.15.20.3" : to == "blue" ? "10.15.20.2" : to;
        return Sandbox.TryRun($"ip netns exec {network.Container(from)} ping -c 1 -W 2 {address}").Status;
    }

    private static void IsHealthy(TestNetwork network, string from, string to)
    {
        IReadOnlyList<PathReport> reports = Follow(network, from, to);
        Assert.All(reports, report => Assert.True(report.IsReachable, FaultNetwork.Show(reports)));
        Assert.True(Ping(network, from, to) == 0, FaultNetwork.Show(reports));
    }

    private static void IsMended(TestNetwork network, string id, string from, string to)
    {
        Assert.NotEqual(0, Ping(network, from, to));
        IReadOnlyList<PathReport> broken = Follow(network, from, to);
        Cause cause = Assert.Single(broken.SelectMany(report => report.Causes));
        Assert.True(cause.Id == id, FaultNetwork.Show(broken));
        network.Sandbox.Host.Apply(cause.Repair);
        IsHealthy(network, from, to);
    }
}
