using System;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Runtimes;

/// <summary>
/// The executable as the plugins of Debian's containerd (<c>ctr run --cni</c>), with the lists that nodes have. A container that goes on is never
/// given to DEL by ctr: what it had is left to GC.
/// </summary>
public sealed class ContainerdTests(NativeExecutable executable)
{
    private const string FlannelNode =
        """
        mkdir /run/flannel
        printf 'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.3.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n' > /run/flannel/subnet.env

        """;

    /// <summary>A list, what the node must have for it, and the address of its first container.</summary>
    public static TheoryData<string, string, string> Lists() => new()
    {
        { Runtime.ContainerdList, "", "10.89.0.2/16" },
        {
            """
            {"cniVersion":"0.3.1","name":"cbr0","plugins":[
             {"type":"flannel","delegate":{"hairpinMode":true,"isDefaultGateway":true}},
             {"type":"portmap","capabilities":{"portMappings":true}}]}
            """,
            FlannelNode,
            "10.42.3.2/24"
        },
        {
            """
            {"cniVersion":"1.0.0","name":"cbr0","plugins":[
             {"type":"flannel","delegate":{"hairpinMode":true,"forceAddress":true,"isDefaultGateway":true}},
             {"type":"portmap","capabilities":{"portMappings":true}},
             {"type":"bandwidth","capabilities":{"bandwidth":true}}]}
            """,
            FlannelNode,
            "10.42.3.2/24"
        },
        {
            """
            {"cniVersion":"0.3.1","name":"kindnet","plugins":[
             {"type":"ptp","ipMasq":false,"mtu":1500,
              "ipam":{"type":"host-local","dataDir":"/run/cni-ipam-state","routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}],
               "ranges":[[{"subnet":"10.244.0.0/24"}],[{"subnet":"fd00:10:244::/64"}]]}},
             {"type":"portmap","capabilities":{"portMappings":true}}]}
            """,
            "",
            "10.244.0.2/24"
        },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void ContainersReachEachOtherAndLeaveNothing(string list, string node, string address)
    {
        string ip = address[..address.IndexOf('/')];
        string[] output = Run(
            list,
            node + $$"""
            serve a
            inside a /bin/busybox ip -o -4 addr show dev eth0 | grep -o '{{address}}'
            once b /bin/busybox wget -qO- http://{{ip}}/
            leases
            # containerd killed and back: its containers go on
            kill -9 $containerd; containerd_up
            once c /bin/busybox wget -qO- http://{{ip}}/
            $CNIPS/cnips check $network --container-id $(id_of a) && echo checked
            $CNIPS/cnips gc $network > /dev/null
            once d /bin/busybox wget -qO- http://{{ip}}/
            remove a
            $CNIPS/cnips gc $network > /dev/null
            leases
            ip -o link | grep -c veth || true
            nft list ruleset | grep -c "$network" || true
            """);
        int addresses = list.Contains("::/0", StringComparison.Ordinal) ? 2 : 1;
        string[] check = list.Contains("0.3.1", StringComparison.Ordinal) ? [] : ["checked"]; // CHECK came with 0.4.0
        Assert.Equal([address, "a", $"leases {addresses}", "a", .. check, "a", "leases 0", "0", "0"], output);
    }

    [Fact]
    public void TwentyAtATime()
    {
        string[] output = Run(
            Runtime.ContainerdList,
            """
            for i in $(seq 20); do once c$i /bin/busybox ip -o -4 addr show dev eth0 > c$i 2>&1 & done; wait
            cat c* | grep -o '10\.89\.[0-9.]*/16' | sort -u | wc -l
            leases
            ip -o link | grep -c veth || true
            """);
        Assert.Equal(["20", "leases 0", "0"], output);
    }

    private string[] Run(string list, string script)
    {
        Runtime.Require(Runtime.Containerd);
        string network = JsonDocument.Parse(list).RootElement.GetProperty("name").GetString()!;
        return Runtime.Run(executable, $"network={network}\ncat > /etc/cni/net.d/10-node.conflist <<'END'\n{list}\nEND\n" + script, "containerd");
    }
}
