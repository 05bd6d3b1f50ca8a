using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace CniPS.Engine.Tests.Fuzz;

/// <summary>Sound inputs, from which the fuzz targets make unsound ones.</summary>
internal static class Samples
{
    private const string HostLocal =
        """
        {"type":"host-local","ranges":[[{"subnet":"10.20.0.0/24","rangeStart":"10.20.0.10","rangeEnd":"10.20.0.20","gateway":"10.20.0.1"}],[{"subnet":"fd00:20::/64"}]],
         "routes":[{"dst":"0.0.0.0/0","gw":"10.20.0.1","mtu":1400,"advmss":1300,"priority":5,"table":100,"scope":0}],"resolvConf":"/etc/resolv.conf","dataDir":"/run/nowhere"}
        """;

    private const string Result =
        """
        {"cniVersion":"1.1.0","interfaces":[{"name":"br0","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:03","sandbox":"/run/netns/a","mtu":1500}],
         "ips":[{"address":"10.9.0.2/28","gateway":"10.9.0.1","interface":1}],"routes":[{"dst":"0.0.0.0/0","gw":"10.9.0.1","mtu":1400}],"dns":{"nameservers":["1.1.1.1"],"search":["x"]}}
        """;

    /// <summary>Lists with every native plugin, and one without a list.</summary>
    internal static IReadOnlyList<byte[]> Networks { get; } = Bytes(
        List($$$"""{"type":"bridge","bridge":"br0","isGateway":true,"isDefaultGateway":true,"ipMasq":true,"hairpinMode":true,"mtu":1400,"vlanTrunk":[{"id":7},{"minID":10,"maxID":20}],"macspoofchk":true,"runtimeConfig":{"mac":"02:00:00:00:00:05"},"args":{"cni":{"ips":["10.20.0.12"]}},"ipam":{{{HostLocal}}}}"""),
        List($$$"""{"type":"ptp","ipMasq":true,"dns":{"nameservers":["1.1.1.1"]},"ipam":{{{HostLocal}}}},{"type":"portmap","backend":"nftables","snat":true,"markMasqBit":13,"conditionsV4":["ip saddr 1.2.3.4"],"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp","hostIP":"127.0.0.1"}]}}"""),
        List($$$"""{"type":"macvlan","master":"lo","mode":"bridge","ipam":{{{HostLocal}}}},{"type":"tuning","sysctl":{"net.ipv4.conf.eth0.log_martians":"1"},"mac":"02:00:00:00:00:08","mtu":1400,"promisc":false,"txQLen":100}"""),
        List($$$"""{"type":"ipvlan","master":"lo","mode":"l2","ipam":{{{HostLocal}}}},{"type":"sbr","table":100,"addSourceHints":true},{"type":"vrf","vrfname":"blue","table":1001}"""),
        List($$$"""{"type":"vlan","master":"lo","vlanId":5,"ipam":{{{HostLocal}}}},{"type":"bandwidth","ingressRate":1000000,"ingressBurst":1000000,"unshapedSubnets":["10.0.0.0/8"]}"""),
        List("""{"type":"tap","multiQueue":true,"owner":1,"ipam":{"type":"static","addresses":[{"address":"10.1.1.2/24","gateway":"10.1.1.1"}],"routes":[{"dst":"0.0.0.0/0"}]}},{"type":"firewall","backend":"nftables","ingressPolicy":"same-bridge"}"""),
        List("""{"type":"host-device","device":"dm1","hwaddr":"02:00:00:00:00:07","ipam":{"type":"dhcp","provide":[{"option":"host-name","value":"x"}],"request":[{"option":"routers","skipDefault":true}]}},{"type":"loopback"},{"type":"dummy","ipam":{"type":"host-local","subnet":"10.9.0.0/28"}}"""),
        List("""{"type":"flannel","subnetFile":"/run/nowhere/subnet.env","dataDir":"/run/nowhere","delegate":{"bridge":"br0","isDefaultGateway":true}}"""),
        """{"cniVersion":"0.3.1","name":"n","type":"bridge","ipam":{"type":"host-local","subnet":"10.9.0.0/28"}}""");

    /// <summary>Results of every shape.</summary>
    internal static IReadOnlyList<byte[]> Results { get; } = Bytes(
        Result,
        """{"cniVersion":"0.4.0","interfaces":[{"name":"eth0"}],"ips":[{"version":"4","address":"10.9.0.2/28","interface":0}],"dns":{}}""",
        """{"cniVersion":"0.2.0","ip4":{"ip":"10.9.0.2/28","gateway":"10.9.0.1","routes":[{"dst":"0.0.0.0/0"}]},"ip6":{"ip":"fd00::2/64"},"dns":{"nameservers":["1.1.1.1"]}}""");

    /// <summary>libcni's cache entries.</summary>
    internal static IReadOnlyList<byte[]> CacheEntries { get; } = Bytes(
        $$$"""
        {"kind":"cniCacheV1","containerId":"a","config":"{{{System.Convert.ToBase64String(Networks[0])}}}","ifName":"eth0","networkName":"n","netns":"/run/netns/a",
         "cniArgs":[["K","V"]],"capabilityArgs":{"portMappings":[{"hostPort":8080}]},"result":{{{Result}}}}
        """);

    /// <summary>What ADD writes down before it changes anything.</summary>
    internal static IReadOnlyList<byte[]> Journals { get; } = Bytes(
        $$$"""
        {"network":"n","containerId":"a","ifName":"eth0","netns":"/run/netns/a","config":"{{{System.Convert.ToBase64String(Networks[0])}}}","args":[["K","V"]],"capabilityArgs":{},"source":0,"path":["/opt/cni/bin"]}
        {"started":0,"type":"bridge"}
        {"shared":{"kind":"bridge","name":"br0"}}
        {"shared":{"kind":"sysctl","name":"net/ipv4/ip_forward","old":"0","new":"1"}}

        """,
        """
        {"shared":{"kind":"bridge","name":"br0"}}

        """);

    private static string List(string plugins) => $$$"""{"cniVersion":"1.0.0","name":"n","plugins":[{{{plugins}}}]}""";

    private static IReadOnlyList<byte[]> Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
