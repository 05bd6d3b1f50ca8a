using System;
using System.Collections.Generic;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// The same configuration to Debian's Go programs and to ours: then results, links, addresses, routes, parameters and files are compared.
/// What the kernel or chance chooses (MACs, the host interface's name) is masked, and so is what reference/plugins.md section 8 says that
/// the two versions of the Go programs do differently.
/// </summary>
public sealed class SideBySideTests(NativeExecutable executable)
{
    private const string Ipv4 = """ "ipam":{"type":"host-local","subnet":"10.88.0.0/16","routes":[{"dst":"0.0.0.0/0"}]} """;

    private const string Both =
        """
        "ipam":{"type":"host-local","ranges":[[{"subnet":"10.88.0.0/16"}],[{"subnet":"fd00:88::/64"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}
        """;

    public static TheoryData<string, string> Configurations() => new()
    {
        { "0.1.0", $$""" "isGateway":true, {{Ipv4}} """ },
        { "0.2.0", $$""" "isGateway":true, {{Ipv4}} """ },
        { "0.3.0", $$""" "isGateway":true, {{Ipv4}} """ },
        { "0.3.1", $$""" "isGateway":true,"hairpinMode":true, {{Ipv4}} """ },
        { "0.4.0", $$""" "isGateway":true,"mtu":1400, {{Ipv4}} """ },
        { "1.0.0", $$""" "isGateway":true, {{Ipv4}} """ },
        { "1.0.0", $$""" "isGateway":true, {{Both}} """ },
        { "0.2.0", $$""" "isGateway":true, {{Both}} """ },
        { "1.0.0", $$""" {{Ipv4}} """ },
        { "1.0.0", $$""" "promiscMode":true, {{Ipv4}} """ },
        { "1.0.0", """ "isDefaultGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16"} """ },
        { "1.0.0", """ "isGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16","rangeStart":"10.88.1.5","rangeEnd":"10.88.1.9","gateway":"10.88.0.254"} """ },
        { "1.0.0", """ "isGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16","routes":[{"dst":"192.168.0.0/16","gw":"10.88.0.7"},{"dst":"172.16.0.0/12","gw":"10.88.0.8"}]} """ },
        { "1.0.0", """ "mtu":1400 """ },
        { "1.0.0", """ "isGateway":true,"dns":{"nameservers":["9.9.9.9"],"search":["a.example"]},"ipam":{"type":"host-local","subnet":"10.88.0.0/16"} """ },
    };

    public static TheoryData<string> Faults() =>
    [
        """ "hairpinMode":true,"promiscMode":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16"} """,
        """ "ipam":{"type":"host-local","subnet":"10.88.0.0/33"} """,
        """ "ipam":{"type":"host-local","subnet":"10.88.0.0/30","rangeStart":"10.88.0.1","rangeEnd":"10.88.0.1"} """,
        """ "ipam":{"type":"host-local"} """,
        """ "ipam":{"type":"host-local","subnet":"10.88.0.0/16","resolvConf":"/nonexistent"} """,
        """ "ipam":{"type":"no-such"} """,
        """ "isGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/16","routes":[{"dst":"1.0.0.0/8","gw":"99.9.9.9"}]} """,
        """ "vlan":4095,"ipam":{"type":"host-local","subnet":"10.88.0.0/16"} """,
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void BothRefuse(string settings)
    {
        Sandbox.Require(goPlugins: true);
        string output = Sandbox.Check(
            executable,
            """
            ip netns add one
            for folder in $GO $CNIPS; do
                printf %s "$CONF" | plugin $folder bridge ADD one /run/netns/one eth0 > out && exit 9
                grep -q '"msg"' out
                # What the Go program left is no concern of this test.
                if [ $folder = $GO ]; then
                    ip -n one link del eth0 2> /dev/null || true
                    ip link del cni0 2> /dev/null || true
                    rm -rf /var/lib/cni
                fi
            done
            ip -o link; ip -n one -o link; find /var/lib -name '[0-9]*'
            """,
            new Dictionary<string, string>
            {
                ["CONF"] = $$"""{"cniVersion":"1.0.0","name":"net1","type":"bridge","bridge":"cni0",{{settings}}}""",
            });

        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length); // lo and lo
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void BridgeLeavesTheSame(string version, string settings)
    {
        Sandbox.Require(goPlugins: true);
        BothLeaveTheSame("bridge", $$"""{"cniVersion":"{{version}}","name":"net1","type":"bridge","bridge":"cni0",{{settings}}}""");
    }

    public static TheoryData<string, string> PtpConfigurations() => new()
    {
        { "0.1.0", Ipv4 },
        { "0.2.0", Both },
        { "0.3.0", Ipv4 },
        { "0.3.1", $$""" "mtu":1400, {{Ipv4}} """ },
        { "0.4.0", Ipv4 },
        { "1.0.0", Both },
        { "1.0.0", """ "ipam":{"type":"host-local","subnet":"10.88.0.0/16","gateway":"10.88.7.7","routes":[{"dst":"192.168.0.0/16","gw":"10.88.7.7"}]} """ },
        { "1.0.0", """ "ipam":{"type":"host-local","ranges":[[{"subnet":"10.88.0.0/16"}],[{"subnet":"10.99.0.0/16"}]],"routes":[{"dst":"0.0.0.0/0"}]} """ },
        { "1.0.0", """ "dns":{"nameservers":["9.9.9.9"]},"ipam":{"type":"host-local","subnet":"10.88.0.0/16"} """ },
    };

    [Theory]
    [MemberData(nameof(PtpConfigurations))]
    public void PtpLeavesTheSame(string version, string settings)
    {
        Sandbox.Require(goPlugins: true);
        BothLeaveTheSame("ptp", $$"""{"cniVersion":"{{version}}","name":"net1","type":"ptp",{{settings}}}""");
    }

    public static TheoryData<string> Tunings() =>
    [
        """ "mac":"02:11:22:33:44:55","promisc":true,"mtu":1300,"allmulti":true """,
        """ "sysctl":{"net.core.somaxconn":"500","net.ipv4.conf.eth0.arp_filter":"1"},"mtu":1400 """,
        """ "sysctl":{"net.core.somaxconn":"500"} """,
        """ "sysctl":{"kernel.shmmax":"1"} """,
    ];

    // The backup of either is put back by the other.
    [Theory]
    [MemberData(nameof(Tunings))]
    public void TuningSetsKeepsAndPutsBackTheSame(string settings)
    {
        Sandbox.Require(goPlugins: true);
        string[] seen = new string[4];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = Sandbox.Check(
                executable,
                """
                ip netns add one
                ip link add v0 type veth peer name eth0 netns one
                ip -n one link set eth0 address 02:00:00:00:00:01
                see() {
                    ip -n one -d -o link show eth0 | sed -E 's/^[0-9]+: //; s/@if[0-9]+//; s/ qdisc.*(qlen [0-9]+)/ \1/; s/link-netns.*(promiscuity.*minmtu).*/\1/'
                    ip netns exec one cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/conf/eth0/arp_filter
                    (cd /run/cni 2> /dev/null && find . -type f ! -path '*/.cnips/*' -exec sh -c 'stat -c "%a %n" $0; cat $0; echo' {} \;) || true
                }
                PREV='{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:01","sandbox":"/run/netns/one"}],"ips":[{"address":"10.1.0.2/16","interface":0}]}'
                CONF="{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"type\":\"tuning\",$SETTINGS,\"prevResult\":$PREV}"
                echo "$CONF" | plugin $ADD tuning ADD one /run/netns/one eth0 > out && echo added || echo refused
                grep -q '"msg"' out || grep '"mac"' out | tr -d ' ,'
                see
                if ! grep -q '"msg"' out; then
                    echo "$CONF" | plugin $DEL tuning CHECK one /run/netns/one eth0
                    echo "$CONF" | plugin $DEL tuning DEL one /run/netns/one eth0
                    see
                fi
                """,
                new Dictionary<string, string>
                {
                    ["SETTINGS"] = settings,
                    ["ADD"] = i % 2 == 0 ? Sandbox.GoPlugins : executable.Folder,
                    ["DEL"] = i < 2 ? Sandbox.GoPlugins : executable.Folder,
                });
        }

        Assert.All(seen, text => Assert.Equal(seen[0], text));
    }

    [Theory]
    [InlineData("static", "ADD", """ "ipam":{"type":"static","addresses":[{"address":"10.1.2.3/24","gateway":"10.1.2.1"},{"address":"fd00::5/64"}],"routes":[{"dst":"0.0.0.0/0"}],"dns":{"nameservers":["1.1.1.1"]}} """)]
    [InlineData("static", "ADD", """ "ipam":{"type":"static"} """)]
    [InlineData("static", "ADD", """ "args":{"cni":{"ips":["10.7.0.1/16"]}},"ipam":{"type":"static","addresses":[{"address":"10.1.2.3/24"}]} """)]
    [InlineData("static", "ADD", """ "runtimeConfig":{"ips":["10.8.0.1/16"]},"args":{"cni":{"ips":["10.7.0.1/16"]}},"ipam":{"type":"static"} """)]
    [InlineData("static", "ADD", """ "ipam":{"type":"static","addresses":[{"address":"10.1.2.3"}]} """)]
    [InlineData("static", "DEL", """ "ipam":{"type":"static"} """)]
    [InlineData("static", "CHECK", """ "ipam":{"type":"static"} """)]
    [InlineData("loopback", "ADD", """ "x":1 """)]
    [InlineData("loopback", "ADD", """ "prevResult":{"cniVersion":"1.0.0","ips":[{"address":"10.1.2.3/24"}]} """)]
    [InlineData("loopback", "CHECK", """ "x":1 """)]
    [InlineData("loopback", "DEL", """ "x":1 """)]
    public void BothAnswerTheSame(string type, string verb, string settings)
    {
        Sandbox.Require(goPlugins: true);
        string Answer(string folder) => Normal.Of(Sandbox.Check(
            executable,
            """
            ip netns add one
            printf %s "$CONF" | CNI_ARGS="$ARGS" plugin $FOLDER $TYPE $VERB one /run/netns/one eth0 || true
            echo
            ip -n one -j addr show lo
            """,
            new Dictionary<string, string>
            {
                ["FOLDER"] = folder, ["TYPE"] = type, ["VERB"] = verb, ["ARGS"] = type == "static" ? "IP=10.9.9.9/24;GATEWAY=10.9.9.1,10.1.2.254" : "",
                ["CONF"] = $$"""{"cniVersion":"1.0.0","name":"n","type":"{{type}}",{{settings}}}""",
            }));
        Assert.Equal(Answer(Sandbox.GoPlugins), Answer(executable.Folder));
    }

    private void BothLeaveTheSame(string type, string configuration)
    {
        IReadOnlyList<State> go = Record(Sandbox.GoPlugins, type, configuration), ours = Record(executable.Folder, type, configuration);
        Assert.Equal(go.Count, ours.Count);
        for (int i = 0; i < go.Count; i++)
        {
            Assert.Equal(go[i].Text, ours[i].Text);
        }
    }

    // ADD of two containers, CHECK, ADD once more, DEL, DEL once more, each with all that can be seen afterwards.
    private IReadOnlyList<State> Record(string folder, string type, string configuration)
    {
        string output = Sandbox.Check(
            executable,
            """
            ip netns add one
            ip netns add two
            see() {
                echo "== $1: $2"
                cat out 2>/dev/null || true
                echo; echo "-- host links"; ip -d -j link
                echo "-- host addresses"; ip -j addr
                echo "-- host routes"; ip -j route; ip -6 -j route
                for n in one two; do
                    echo "-- $n links"; ip -n $n -d -j link
                    echo "-- $n addresses"; ip -n $n -j addr
                    echo "-- $n routes"; ip -n $n -j route; ip -n $n -6 -j route
                    echo "-- $n parameters"
                    ip netns exec $n sh -c 'cd /proc/sys/net; grep -H . ipv4/conf/eth0/arp_notify ipv6/conf/eth0/disable_ipv6 ipv6/conf/lo/disable_ipv6 2>/dev/null || true'
                done
                echo "-- parameters"; (cd /proc/sys/net; grep -H . ipv4/ip_forward ipv6/conf/all/forwarding ipv6/conf/cni0/accept_ra 2>/dev/null || true)
                echo "-- files"; (cd /var/lib; find . -type f ! -path '*/.cnips/*' | sort | while read f; do echo "$f $(od -An -c < "$f" | tr -d '\n')"; done)
                echo "== end"
            }
            run() {
                printf %s "$CONF" | plugin $FOLDER $TYPE "$1" "$2" /run/netns/$2 eth0 > out && r=0 || r=$?
                see "$1 $2" $r
            }
            run ADD one
            run ADD two
            # The Go bridge can't check a network without addresses.
            if echo "$CONF" | grep -q '"ipam"'; then
                PLAIN="$CONF"; CONF="${CONF%\}},\"prevResult\":$(cat out)}"; run CHECK two; CONF="$PLAIN"
            fi
            run ADD two
            run DEL one
            run DEL two
            run DEL two
            """,
            new Dictionary<string, string> { ["FOLDER"] = folder, ["TYPE"] = type, ["CONF"] = configuration });
        return State.ReadAll(output);
    }

    /// <summary>What can be seen after one call.</summary>
    private sealed record State(string Text)
    {
        public static IReadOnlyList<State> ReadAll(string output)
        {
            var states = new List<State>();
            foreach (string part in output.Split("== end\n", StringSplitOptions.RemoveEmptyEntries))
            {
                states.Add(new State(Normal.Of(part)));
            }

            return states;
        }
    }
}
