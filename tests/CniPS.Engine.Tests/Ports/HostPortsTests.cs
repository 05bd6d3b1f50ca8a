using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Engine.Tests.Plugins;
using CniPS.Engine.Tests.Plugins.Portmap;
using CniPS.Ports;
using Xunit;

namespace CniPS.Engine.Tests.Ports;

/// <summary>Who has which port of the host: whoever made the rules, and whether they are there.</summary>
public sealed class HostPortsTests
{
    [Fact]
    public void Ours_are_known_by_container_network_and_interface()
    {
        using PortmapNetwork network = new();
        network.Add("blue", $"{PortmapNetwork.Mapping(8080, 80)},{PortmapNetwork.Mapping(5353, 53, "udp", PortmapNetwork.HostAddress)}");

        Assert.Equal(
            [
                "5353/Udp at 192.0.2.1 to 10.88.0.2:53: CniPS Nftables served, mynet blue eth0 cached",
                "8080/Tcp to 10.88.0.2:80: CniPS Nftables served, mynet blue eth0 cached",
                "8080/Tcp to [fd00:88::2]:80: CniPS Nftables served, mynet blue eth0 cached",
            ],
            List(network));
    }

    [Fact]
    public void What_was_asked_for_and_is_not_there_is_said()
    {
        using PortmapNetwork network = new();
        network.Add("blue", PortmapNetwork.Mapping(8080, 80));
        network.Sandbox.RunOnHost("nft flush map inet cnips ports6");
        network.Sandbox.RunOnHost("nft flush chain inet cnips ports4-prerouting");

        Assert.Equal(
            ["8080/Tcp to 10.88.0.2:80: CniPS Nftables idle, mynet blue eth0 cached", "8080/Tcp to [fd00:88::2]:80: nobody's, mynet blue eth0 cached"],
            List(network));
    }

    [Fact]
    public void The_Go_plugins_with_iptables_are_known_by_their_comment()
    {
        using PortmapNetwork network = new("\"backend\": \"iptables\"");
        network.Add("blue", PortmapNetwork.Mapping(8080, 80, hostIP: PortmapNetwork.HostAddress));
        Directory.GetFiles(network.Runtime.Cache.Folder, "mynet-blue-eth0", SearchOption.AllDirectories).ToList().ForEach(File.Delete);
        Assert.Equal(["8080/Tcp at 192.0.2.1 to 10.88.0.2:80: Portmap Iptables served, mynet blue ?"], List(network));
        network.Sandbox.RunOnHost("iptables -t nat -F PREROUTING");
        Assert.Equal(["8080/Tcp at 192.0.2.1 to 10.88.0.2:80: Portmap Iptables idle, mynet blue ?"], List(network));
    }

    [Fact]
    public void The_Go_plugins_with_nftables_are_known_by_container_and_address()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        GoRules.OpenPort(network.Sandbox, "blue", "10.88.0.2");
        GoRules.OpenPort(network.Sandbox, "gone", "fd00:88::9", hostIP: "2001:db8::1");
        Assert.Equal(
            ["8080/Tcp to 10.88.0.2:80: Portmap Nftables served, mynet blue eth0 cached", "8080/Tcp at 2001:db8::1 to [fd00:88::9]:80: Portmap Nftables served, ? gone ?"],
            List(network));
    }

    // As netavark 1.4 writes them: a range of ports is one rule.
    [Fact]
    public void Podmans_with_iptables_are_known_by_their_comment()
    {
        using PortmapNetwork network = new();
        Load(network, "iptables-restore --noflush <", """
            *nat
            :NETAVARK-HOSTPORT-DNAT - [0:0]
            :NETAVARK-DN-1D8721804F16F - [0:0]
            -A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
            -A NETAVARK-DN-1D8721804F16F -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80
            -A NETAVARK-DN-1D8721804F16F -d 127.0.0.1/32 -p udp -m udp --dport 5353:5354 -j DNAT --to-destination 10.88.0.2:53-54/5353
            -A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 8080 -m comment --comment "dnat name: podman id: 2d0ee1c1c0ffee" -j NETAVARK-DN-1D8721804F16F
            -A NETAVARK-HOSTPORT-DNAT -p udp -m udp --dport 5353:5354 -m comment --comment "dnat name: podman id: 2d0ee1c1c0ffee" -j NETAVARK-DN-1D8721804F16F
            COMMIT
            """);
        Assert.Equal(
            [
                "5353/Udp at 127.0.0.1 to 10.88.0.2:53: Netavark Iptables served, podman 2d0ee1c1c0ffee ?",
                "5354/Udp at 127.0.0.1 to 10.88.0.2:54: Netavark Iptables served, podman 2d0ee1c1c0ffee ?",
                "8080/Tcp to 10.88.0.2:80: Netavark Iptables served, podman 2d0ee1c1c0ffee ?",
            ],
            List(network));
    }

    // netavark has one chain for all containers of a network: whose a port is stands in the rule that leads there with it.
    [Fact]
    public void Containers_of_one_network_of_podmans_are_told_apart_by_their_ports()
    {
        using PortmapNetwork network = new();
        Load(network, "iptables-restore --noflush <", """
            *nat
            :NETAVARK-HOSTPORT-DNAT - [0:0]
            :NETAVARK-DN-1D8721804F16F - [0:0]
            -A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT
            -A NETAVARK-DN-1D8721804F16F -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80
            -A NETAVARK-DN-1D8721804F16F -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.88.0.3:80
            -A NETAVARK-DN-1D8721804F16F -d 127.0.0.1/32 -p tcp -m tcp --dport 8443 -j DNAT --to-destination 10.88.0.2:443
            -A NETAVARK-DN-1D8721804F16F -d 192.0.2.1/32 -p tcp -m tcp --dport 8443 -j DNAT --to-destination 10.88.0.3:443
            -A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 8080 -m comment --comment "dnat name: podman id: 2810266e" -j NETAVARK-DN-1D8721804F16F
            -A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 8443 -m comment --comment "dnat name: podman id: 2810266e" -j NETAVARK-DN-1D8721804F16F
            -A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 8081 -m comment --comment "dnat name: podman id: cc7785ff" -j NETAVARK-DN-1D8721804F16F
            -A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 8443 -m comment --comment "dnat name: podman id: cc7785ff" -j NETAVARK-DN-1D8721804F16F
            COMMIT
            """);
        Assert.Equal(
            [
                "8080/Tcp to 10.88.0.2:80: Netavark Iptables served, podman 2810266e ?",
                "8081/Tcp to 10.88.0.3:80: Netavark Iptables served, podman cc7785ff ?",
                "8443/Tcp at 127.0.0.1 to 10.88.0.2:443: Netavark Iptables served, ? ? ?",
                "8443/Tcp at 192.0.2.1 to 10.88.0.3:443: Netavark Iptables served, ? ? ?",
            ],
            List(network));
    }

    [Fact]
    public void Podmans_with_nftables_are_known_by_their_address()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        Load(network, "nft -f", """
            table inet netavark {
                chain nv_2f259bab_10_88_0_0_nm16_dnat {
                    ip saddr 10.88.0.0/16 tcp dport 8080 accept
                    tcp dport 8080 dnat ip to 10.88.0.2:80
                    ip daddr 192.0.2.1 udp dport 53 dnat ip to 10.88.0.9:53
                }
                chain NETAVARK-HOSTPORT-DNAT { tcp dport 8080 jump nv_2f259bab_10_88_0_0_nm16_dnat; }
                chain PREROUTING { type nat hook prerouting priority dstnat; fib daddr type local jump NETAVARK-HOSTPORT-DNAT; }
            }
            """);
        Assert.Equal(
            ["53/Udp at 192.0.2.1 to 10.88.0.9:53: Netavark Nftables served, ? ? ?", "8080/Tcp to 10.88.0.2:80: Netavark Nftables served, mynet blue eth0 cached"],
            List(network));
    }

    private static void Load(PortmapNetwork network, string program, string rules)
    {
        string file = Path.Join(network.Sandbox.Folder, "rules");
        File.WriteAllText(file, rules + "\n");
        network.Sandbox.RunOnHost($"{program} {file}");
    }

    private static IEnumerable<string> List(PortmapNetwork network)
    {
        IReadOnlyList<HostPort> ports = HostPorts.List(network.Sandbox.Host, network.Runtime.Cache.List(), warning => Assert.Fail(warning));
        return ports.Select(port =>
            $"{port.Port}/{port.Protocol}{(port.HostAddress is { } at ? $" at {at}" : "")} to {port.Target}: "
            + $"{(port.Maker is { } maker ? $"{maker} {port.Backend} {(port.IsServed ? "served" : "idle")}" : "nobody's")}, "
            + $"{port.Network ?? "?"} {port.ContainerId ?? "?"} {port.Interface ?? "?"}{(port.Attachment is null ? "" : " cached")}");
    }
}
