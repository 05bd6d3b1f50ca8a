using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The Go portmap and ours, one after the other on the same container.</summary>
public sealed class PortmapInterplayTests(NativeExecutable executable)
{
    private const string Setup =
        """
        ip netns add c1; ip netns add c2
        # The networks' own bridges: an address of theirs elsewhere on this machine, in another test's sandbox, is none of theirs.
        for n in 88 99; do ip link add b$n type bridge; ip addr add 10.$n.0.1/16 dev b$n; ip link set b$n up; done
        MAPPINGS='"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"},{"hostPort":5353,"containerPort":53,"protocol":"udp"}]}'
        # result CONTAINER ADDRESS [INTERFACE]
        result() { echo "\"prevResult\":{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"${3:-eth0}\",\"sandbox\":\"/run/netns/$1\"}],\"ips\":[{\"address\":\"$2/16\",\"interface\":0},{\"address\":\"fd00:88::2/64\",\"interface\":0}]}"; }
        # conf NETWORK [KEYS...]
        conf() { name=$1; shift; keys=; for key in "$@"; do keys="$keys,$key"; done; echo "{\"cniVersion\":\"1.0.0\",\"name\":\"$name\",\"type\":\"portmap\"$keys}"; }
        chains() { (iptables -t nat -S; ip6tables -t nat -S) | grep -c 'CNI-DN-' || true; }

        """;

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void BothMakeTheSameChains(string variant)
    {
        string output = Run(
            variant,
            """
            conf n1 '"backend":"iptables"' "$MAPPINGS" "$(result c1 10.88.0.2)" > conf
            dump() { iptables -t nat -S; ip6tables -t nat -S; }
            plugin $GO portmap ADD c1 /run/netns/c1 eth0 < conf > /dev/null; dump > go
            iptables -t nat -F; ip6tables -t nat -F; iptables -t nat -X; ip6tables -t nat -X
            plugin $CNIPS portmap ADD c1 /run/netns/c1 eth0 < conf > /dev/null; dump > ours
            grep -c CNI-DN ours
            diff go ours
            plugin $CNIPS portmap ADD c1 /run/netns/c1 eth0 < conf > /dev/null; dump | diff ours -
            plugin $GO portmap DEL c1 /run/netns/c1 eth0 < conf
            chains
            """);
        Assert.Equal("16\n0\n", output);
    }

    [Theory]
    [InlineData("nft", "\"$MAPPINGS\" \"$(result c1 10.88.0.2)\"")]
    [InlineData("legacy", "\"$MAPPINGS\" \"$(result c1 10.88.0.2)\"")]
    [InlineData("nft", "\"$MAPPINGS\"")]
    [InlineData("nft", "")]
    [InlineData("legacy", "")]
    public void OurDelRemovesWhatTheGoPluginMade(string variant, string keys)
    {
        string output = Run(
            variant,
            $"""
            conf n1 "$MAPPINGS" "$(result c1 10.88.0.2)" | plugin $GO portmap ADD c1 /run/netns/c1 eth0 > /dev/null
            conf n1 "$MAPPINGS" "$(result c2 10.88.0.3)" | plugin $GO portmap ADD c2 /run/netns/c2 eth0 > /dev/null
            chains
            conf n1 {keys} | plugin $CNIPS portmap DEL c1 "" eth0
            conf n1 {keys} | plugin $CNIPS portmap DEL c1 "" eth0
            chains; iptables -t nat -S | grep -c 10.88.0.3
            """);
        Assert.Equal("32\n16\n2\n", output);
    }

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public void OurGcRemovesWhatTheGoPluginMade(string variant)
    {
        string output = Run(
            variant,
            """
            conf n1 "$MAPPINGS" "$(result c1 10.88.0.2)" | plugin $GO portmap ADD c1 /run/netns/c1 eth0 > /dev/null
            conf n1 "$MAPPINGS" "$(result c2 10.88.0.3)" | plugin $GO portmap ADD c2 /run/netns/c2 eth0 > /dev/null
            conf n2 "$MAPPINGS" "$(result c1 10.99.0.2 eth1)" | plugin $GO portmap ADD c1 /run/netns/c1 eth1 > /dev/null
            echo '{"cniVersion":"1.1.0","name":"n1","type":"portmap","cni.dev/valid-attachments":[{"containerID":"c2","ifname":"eth0"}]}' |
                plugin $CNIPS portmap GC "" "" ""
            for address in 10.88.0.2 10.88.0.3 10.99.0.2; do iptables -t nat -S | grep -c $address: || true; done
            """);
        Assert.Equal("0\n2\n2\n", output);
    }

    // As recorded from version 1.9.1: Debian's 1.1.1 has no nftables backend.
    [Fact]
    public void OurDelRemovesTheRulesOfTheGoPluginsNftablesBackend()
    {
        string output = Run(
            "nft",
            """
            nft -f - <<END
            table ip cni_hostport {
                chain hostports {
                    tcp dport 8080 dnat to 10.88.0.2:80 comment "c1"
                    tcp dport 8081 dnat to 10.99.0.2:80 comment "c1"
                    tcp dport 8082 dnat to 10.88.0.3:80 comment "c2"
                }
                chain hostip_hostports {
                }
                chain masquerading {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr 10.88.0.2 ip daddr 10.88.0.2 masquerade comment "c1"
                    ip saddr 127.0.0.1 ip daddr 10.88.0.2 masquerade comment "c1"
                    ip saddr 10.99.0.2 ip daddr 10.99.0.2 masquerade comment "c1"
                }
            }
            END
            conf n1 "$MAPPINGS" "$(result c1 10.88.0.2)" | plugin $CNIPS portmap DEL c1 "" eth0
            for address in 10.88.0.2 10.88.0.3 10.99.0.2; do nft list ruleset | grep -c $address || true; done
            """);
        Assert.Equal("0\n1\n2\n", output);
    }

    // As another runtime calls them: the plugin behind ipam knows the addresses, and whose they are; portmap neither.
    [Fact]
    public void OurGcRemovesTheRulesOfTheGoPluginsNftablesBackend()
    {
        string output = Run(
            "nft",
            """
            mkdir -p /var/lib/cni/networks/n1 /var/lib/cni/networks/n2
            printf 'c1\r\neth0' > /var/lib/cni/networks/n1/10.88.0.2; printf 'c2\r\neth0' > /var/lib/cni/networks/n1/10.88.0.3
            printf 'c4\r\neth0' > /var/lib/cni/networks/n2/10.88.0.4
            nft -f - <<END
            add table ip cni_hostport { comment "CNI portmap plugin" ; }
            add chain ip cni_hostport hostports
            add chain ip cni_hostport hostip_hostports
            add chain ip cni_hostport masquerading { type nat hook postrouting priority 100 ; }
            add rule ip cni_hostport hostports tcp dport 8080 dnat to 10.88.0.2:80 comment "c1"
            add rule ip cni_hostport masquerading ip saddr 10.88.0.2 ip daddr 10.88.0.2 masquerade comment "c1"
            add rule ip cni_hostport masquerading ip saddr 127.0.0.1 ip daddr 10.88.0.2 masquerade comment "c1"
            add rule ip cni_hostport hostports tcp dport 8081 dnat to 10.99.0.2:80 comment "c1"
            add rule ip cni_hostport hostports tcp dport 8082 dnat to 10.88.0.3:80 comment "c2"
            add rule ip cni_hostport hostports tcp dport 8083 dnat to 10.88.0.4:80 comment "c4"
            add rule ip cni_hostport hostports tcp dport 8084 dnat to 10.88.0.5:80 comment "c5"
            END
            VALID='"cni.dev/valid-attachments":[{"containerID":"c2","ifname":"eth0"}]'
            echo '{"cniVersion":"1.1.0","name":"n1","type":"portmap",'"$VALID"'}' | plugin $CNIPS portmap GC "" "" ""
            nft list ruleset | grep -c comment.*c
            echo '{"cniVersion":"1.1.0","name":"n1","type":"bridge","bridge":"b0","ipam":{"type":"host-local","subnet":"10.88.0.0/16"},'"$VALID"'}' |
                plugin $CNIPS bridge GC "" "" ""
            nft list ruleset | grep -o 'dnat.*'
            nft list ruleset | grep -c masquerade || true
            """);
        Assert.Equal(
            "7\ndnat to 10.99.0.2:80 comment \"c1\"\ndnat to 10.88.0.3:80 comment \"c2\"\ndnat to 10.88.0.4:80 comment \"c4\"\n0\n", output);
    }

    private string Run(string variant, string script)
    {
        Sandbox.Require(goPlugins: true);
        Assert.SkipUnless(File.Exists($"/usr/sbin/iptables-{variant}"), $"needs iptables-{variant}");
        string choose =
            $"""
            mkdir variant
            for name in iptables ip6tables; do for end in '' -save -restore; do ln -s /usr/sbin/$name-{variant}$end variant/$name$end; done; done
            export PATH=$PWD/variant:$PATH

            """;
        return Sandbox.Check(executable, choose + Setup + script);
    }
}
