using System;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The Go programs and ours, delegating to each other and working on the same data.</summary>
public sealed class InterplayTests(NativeExecutable executable)
{
    private const string Configuration =
        """
        CONF='{"cniVersion":"1.0.0","name":"net1","type":"bridge","bridge":"cni0","isGateway":true,
               "ipam":{"type":"host-local","subnet":"10.88.0.0/24","routes":[{"dst":"0.0.0.0/0"}]}}'
        for i in 1 2 3 4; do ip netns add c$i; done
        # add FOLDER PATH CONTAINER
        add() { printf %s "$CONF" | CNI_PATH=$2 plugin $1 bridge ADD $3 /run/netns/$3 eth0 > $3; }
        del() { printf %s "$CONF" | CNI_PATH=$2 plugin $1 bridge DEL $3 /run/netns/$3 eth0; }
        address() { ip -n $1 -o -4 addr show dev eth0 | sed 's/.*inet \([^/]*\).*/\1/'; }

        """;

    [Fact]
    public void EachDelegatesToTheOther()
    {
        Sandbox.Require(goPlugins: true);
        string output = Sandbox.Check(
            executable,
            Configuration +
            """
            # A bridge of either kind alone in a folder, so that the other's host-local must be the one that is found.
            mkdir go ours
            ln -s $GO/bridge go/bridge; ln -s $CNIPS/cnips go/host-local
            ln -s $CNIPS/cnips ours/bridge; ln -s $GO/host-local ours/host-local
            export CNIPS_PLUGIN_SOURCE=path
            add go $PWD/go c1
            add ours $PWD/ours c2
            add $GO $GO c3
            CNIPS_PLUGIN_SOURCE= add $CNIPS $CNIPS c4
            for i in 1 2 3 4; do address c$i; done
            strings=$(ls -l /var/lib/cni/networks/net1 | grep -c ' 10\.'); echo "leases $strings"
            del ours $PWD/ours c1
            del go $PWD/go c2
            del $CNIPS $CNIPS c3
            del $GO $GO c4
            echo "leases $(ls /var/lib/cni/networks/net1 | grep -c '^10\.' || true)"
            ip -o link | grep -c veth || true
            """);

        Assert.Equal(
            ["10.88.0.2", "10.88.0.3", "10.88.0.4", "10.88.0.5", "leases 4", "leases 0", "0"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void NoAddressIsGivenOutTwice()
    {
        Sandbox.Require(goPlugins: true);
        string output = Sandbox.Check(
            executable,
            """
            CONF='{"cniVersion":"1.0.0","name":"net1","type":"host-local","ipam":{"type":"host-local","subnet":"10.88.0.0/24"}}'
            hammer() {
                for i in $(seq 30); do
                    printf %s "$CONF" | plugin $1 host-local ADD $2-$i /proc/1/ns/net eth0 > $2-$i || { cat $2-$i; exit 1; }
                    [ $((i % 3)) = 0 ] && printf %s "$CONF" | plugin $1 host-local DEL $2-$i /proc/1/ns/net eth0 && rm $2-$i
                done
                true
            }
            export CNI_NETNS_OVERRIDE=1
            hammer $GO a & a=$!
            hammer $CNIPS b & b=$!
            hammer $GO c & c=$!
            hammer $CNIPS d & d=$!
            wait $a; wait $b; wait $c; wait $d
            cat [abcd]-* | sed -n 's/.*"address": "\(.*\)\/24".*/\1/p' | sort > given
            ls /var/lib/cni/networks/net1 | grep '^10\.' | sort > held
            wc -l < given; uniq -d given | wc -l; cmp given held && echo same
            # Each finds the other's leases.
            for id in a-1 b-1; do
                for folder in $GO $CNIPS; do
                    printf %s "${CONF%\}},\"prevResult\":$(cat $id)}" | plugin $folder host-local CHECK $id /proc/1/ns/net eth0
                done
            done
            for n in $(ls [abcd]-*); do
                case $n in a*|d*) folder=$CNIPS;; *) folder=$GO;; esac
                printf %s "$CONF" | plugin $folder host-local DEL $n /proc/1/ns/net eth0
            done
            ls /var/lib/cni/networks/net1 | grep -c '^10\.' || true
            """);

        Assert.Equal(["80", "0", "same", "0"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void ForeignListsRun()
    {
        Sandbox.Require(goPlugins: true);
        string output = Sandbox.Check(
            executable,
            """
            cat > net.conflist <<'X'
            {"cniVersion":"0.4.0","name":"chain","plugins":[
              {"type":"bridge","bridge":"cni0","isGateway":true,"ipam":{"type":"host-local","subnet":"10.88.0.0/24"}},
              {"type":"tuning","sysctl":{"net.ipv4.conf.all.log_martians":"1"}},
              {"type":"portmap","capabilities":{"portMappings":true}}]}
            X
            ip netns add c1
            export CNI_PATH=$GO CAP_ARGS='{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
            $CNIPS/cnips add net.conflist c1 > result
            ip netns exec c1 cat /proc/sys/net/ipv4/conf/all/log_martians
            grep -c 10.88.0.2/24 result
            grep -c portMappings /var/lib/cni/results/chain-c1-eth0
            ip -n c1 -o link show eth0 | wc -l
            $CNIPS/cnips del net.conflist c1
            $CNIPS/cnips del net.conflist c1
            ls /var/lib/cni/results | wc -l
            ip -o link | grep -c veth || true
            """);

        Assert.Equal(["1", "1", "1", "1", "0", "0"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
