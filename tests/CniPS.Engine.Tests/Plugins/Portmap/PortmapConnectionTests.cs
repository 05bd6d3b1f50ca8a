using System.Net.Sockets;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A real connection through every kind of mapping, with both backends.</summary>
public sealed class PortmapConnectionTests
{
    public static TheoryData<string, ProtocolType> Kinds => new()
    {
        { "nftables", ProtocolType.Tcp }, { "nftables", ProtocolType.Udp }, { "iptables", ProtocolType.Tcp }, { "iptables", ProtocolType.Udp },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everybody_reaches_a_port(string backend, ProtocolType protocol)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        string mappings = Mapping(8080, 80, Word(protocol));
        network.Add("blue", mappings);
        network.Add("red", "");
        network.Serve("blue", protocol, 80);
        string blue = network.Container("blue"), red = network.Container("red");

        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, protocol, HostAddress, 8080));
        Assert.Equal($"blue sees {OutsideAddress6}", network.Ask(network.Outside, protocol, HostAddress6, 8080));

        Assert.Equal($"blue sees {HostAddress}", network.Ask(network.HostName, protocol, HostAddress, 8080));
        Assert.Equal($"blue sees {HostAddress6}", network.Ask(network.HostName, protocol, HostAddress6, 8080));
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.HostName, protocol, "127.0.0.1", 8080));

        // From the container to itself, and from its neighbour: both lie behind the same bridge.
        foreach (string inside in (string[])[blue, red])
        {
            Assert.Equal($"blue sees {Gateway}", network.Ask(inside, protocol, HostAddress, 8080));
            Assert.Equal($"blue sees {Gateway}", network.Ask(inside, protocol, Gateway, 8080));
            Assert.Equal($"blue sees {Gateway6}", network.Ask(inside, protocol, HostAddress6, 8080));
        }

        Assert.Null(network.Ask(network.Outside, protocol, HostAddress, 8081));
        network.Delete("blue", mappings);
        Assert.Null(network.Ask(network.Outside, protocol, HostAddress, 8080));
        Assert.Null(network.Ask(network.Outside, protocol, HostAddress6, 8080));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_port_is_open_on_the_address_that_is_given(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("blue", $"{Mapping(8080, 80, hostIP: HostAddress)}, {Mapping(8081, 80, hostIP: "127.0.0.1")}, {Mapping(8082, 80, hostIP: HostAddress6)}, {Mapping(8083, 80, hostIP: "0.0.0.0")}");
        network.Serve("blue", ProtocolType.Tcp, 80);
        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Null(network.Ask(network.HostName, ProtocolType.Tcp, "127.0.0.1", 8080));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8080));
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.HostName, ProtocolType.Tcp, "127.0.0.1", 8081));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8081));
        Assert.Equal($"blue sees {OutsideAddress6}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8082));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8082));
        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8083));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8083));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void One_port_on_two_addresses_leads_to_two_containers(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("blue", Mapping(8080, 80, hostIP: HostAddress));
        network.Add("red", Mapping(8080, 80, hostIP: Gateway));
        network.Serve("blue", ProtocolType.Tcp, 80);
        network.Serve("red", ProtocolType.Tcp, 80);
        Assert.Equal($"blue sees {HostAddress}", network.Ask(network.HostName, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"red sees {Gateway}", network.Ask(network.HostName, ProtocolType.Tcp, Gateway, 8080));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void All_that_comes_through_gets_the_address_of_the_host_if_asked(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\", \"masqAll\": true");
        network.Add("blue", Mapping(8080, 80));
        network.Serve("blue", ProtocolType.Tcp, 80);
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"blue sees {Gateway6}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8080));
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.HostName, ProtocolType.Tcp, "127.0.0.1", 8080));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Without_snat_others_reach_a_port_and_the_container_itself_does_not(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\", \"snat\": false");
        network.Add("blue", Mapping(8080, 80));
        network.Serve("blue", ProtocolType.Tcp, 80);
        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Null(network.Ask(network.Container("blue"), ProtocolType.Tcp, HostAddress, 8080));
        Assert.Null(network.Ask(network.HostName, ProtocolType.Tcp, "127.0.0.1", 8080));
        Assert.Equal("0\n", network.Sandbox.RunOnHost("cat /proc/sys/net/ipv4/conf/br-mynet/route_localnet"));
    }

    [Theory]
    [InlineData("nftables", "\"ip\", \"saddr\", \"!=\", \"192.0.2.2\"", "\"ip6 saddr != 2001:db8::/64\"")]
    [InlineData("nftables", "\"ip saddr != { 192.0.2.2, 198.51.100.0/24 }\", \"tcp dport 8000-8999\"", "\"ip6 saddr { fd00::/8, 2001:db8::1 }\"")]
    [InlineData("iptables", "\"!\", \"-s\", \"192.0.2.2\"", "\"!\", \"-s\", \"2001:db8::/64\"")]
    public void Conditions_are_for_the_network_that_has_them(string backend, string v4, string v6)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\", \"conditionsV4\": [{v4}], \"conditionsV6\": [{v6}]");
        network.Add("blue", Mapping(8080, 80));
        network.Add("green", Mapping(8081, 80), network.List("free", $"\"backend\": \"{backend}\"", subnet: "10.99.0.0/16", subnet6: "fd00:99::/64"));
        network.Serve("blue", ProtocolType.Tcp, 80);
        network.Serve("green", ProtocolType.Tcp, 80);
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Null(network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8080));
        Assert.Equal($"blue sees {HostAddress}", network.Ask(network.HostName, ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"green sees {OutsideAddress}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8081));
        Assert.Equal($"green sees {OutsideAddress6}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress6, 8081));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void Masquerading_of_the_network_does_not_get_in_the_way(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"", "\"ipMasq\": true");
        network.Add("blue", Mapping(8080, 80));
        network.Add("red", "");
        network.Serve("blue", ProtocolType.Tcp, 80);
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.Container("blue"), ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"blue sees {Gateway}", network.Ask(network.Container("red"), ProtocolType.Tcp, HostAddress, 8080));
        Assert.Equal($"blue sees {OutsideAddress}", network.Ask(network.Outside, ProtocolType.Tcp, HostAddress, 8080));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_packet_of_SCTP_arrives_at_the_container(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("blue", Mapping(3868, 1234, "sctp"));
        using SctpListener listener = new(network.Container("blue"));
        SctpListener.Send(network.Outside, HostAddress, 3868);
        Assert.Equal(1234, listener.ReceivePort());
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_sender_of_UDP_that_goes_on_reaches_the_new_container(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        using UdpSender sender = new(network.Outside, HostAddress, 5353);
        string mappings = Mapping(5353, 53, "udp");
        network.Add("blue", mappings);
        network.Serve("blue", ProtocolType.Udp, 53);
        Assert.Equal($"blue sees {OutsideAddress}", sender.Ask());
        network.Delete("blue", mappings);
        network.Add("red", mappings);
        network.Serve("red", ProtocolType.Udp, 53);
        Assert.Equal($"red sees {OutsideAddress}", sender.Ask());
        Assert.Contains(network.Steps, step => step.EndsWith("conntrack -D -f ipv4 -p udp --orig-port-dst 5353", System.StringComparison.Ordinal));
    }

    private static string Word(ProtocolType protocol) => protocol == ProtocolType.Tcp ? "tcp" : "udp";
}
