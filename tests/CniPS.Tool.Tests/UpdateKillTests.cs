using System;
using System.Collections.Generic;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// kill -9 before each system call by which an update or a move changes anything. Whatever comes next finds the attachment as it was, or as it was to be,
/// with the same address and the same MAC address: the container is never left without a network. Each fourth call; with CNIPS_CRASH=all each.
/// </summary>
public sealed class UpdateKillTests(NativeExecutable executable)
{
    private static readonly Dictionary<string, string> s_step = new() { ["STEP"] = Environment.GetEnvironmentVariable("CNIPS_CRASH") == "all" ? "1" : "4" };

    private const string Prepare =
        """
        # network NAME SUBNET MTU
        network() {
            printf '{"cniVersion":"1.0.0","name":"%s","plugins":[{"type":"bridge","bridge":"%s0","isGateway":true,"ipMasq":true,"mtu":%s,"ipam":{"type":"host-local","subnet":"%s","routes":[{"dst":"0.0.0.0/0"}]}},{"type":"portmap","capabilities":{"portMappings":true}}]}' $1 $1 $3 $2 > $1.conflist
        }
        cnips() { $CNIPS/cnips "$@"; }
        network one 10.15.20.0/24 1500
        network two 10.15.21.0/24 1500
        ip netns add blue
        cnips add ./one.conflist blue --capability-args '{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}' > out
        mac=$(ip netns exec blue cat /sys/class/net/eth0/address)
        changes="openat sendto write linkat unlink rename mkdir ftruncate"
        # start CALL ARGUMENTS: how many calls of that kind come before cnips looks at the network: .NET's own, by which nothing is changed.
        start() { sed '/one.conflist/,$d' trace | grep -c " $1(" || true; }
        network one 10.15.20.0/24 1499
        strace -f -qq -o trace -e trace=$(echo $changes | tr ' ' ,) $CNIPS/cnips-cli update ./one.conflist > out
        # struck CALL N ARGUMENTS: whether cnips was killed at its Nth call of that kind.
        struck() {
            call=$1; n=$2; shift 2
            code=0
            strace -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n $CNIPS/cnips-cli "$@" > out 2>&1 || code=$?
            test $code = 137 || { test $code = 0 || { cat out; exit 1; }; false; }
        }
        # whole NETWORK: one attachment, on that network, sound, with its MAC address and its port.
        whole() {
            test "$(echo /var/lib/cni/results/*)" = /var/lib/cni/results/$1-blue-eth0 &&
                case $(ip -n blue -o link show eth0) in *" $mac "*) ;; *) false ;; esac &&
                cnips check $1 blue &&
                test $(ip -o link show type veth | wc -l) = 1 &&
                test $(nft list ruleset | grep -c 'tcp . 8080') = 1
        }
        # closed NETWORK: after GC nothing is open, and it is whole still.
        closed() {
            cnips gc ./$1.conflist > out && test -z "$(find /var/lib/cni/cnips/intents -type f -size +0)" && whole $1
        }

        """;

    [Theory]
    [InlineData("gc ./one.conflist")]
    [InlineData("update ./one.conflist")]
    public void AnUpdateThatIsKilledIsMadeOrUnmade(string next)
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Prepare +
            $$"""
            strikes=0
            mtu=1300
            for call in $changes; do
                n=$(($(start $call) - STEP + 1))
                while
                    n=$((n + STEP)); mtu=$((mtu + 1))
                    network one 10.15.20.0/24 $mtu
                    struck $call $n update ./one.conflist
                do
                    strikes=$((strikes + 1))
                    cnips {{next}} > out 2>&1 || { cat out; echo "killed at $call $n"; exit 1; }
                    whole one && closed one || { echo "killed at $call $n"; exit 1; }
                    case $(ip -n blue -4 -o addr show eth0) in *" inet 10.15.20.2/24 "*) ;; *) exit 1 ;; esac
                done
            done
            echo "$strikes"
            """, s_step);
        Assert.True(int.Parse(output) > 10, $"{output} strikes only");
    }

    [Fact]
    public void AMoveThatIsKilledIsMadeOrUnmade()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Prepare +
            """
            strikes=0
            from=one; to=two
            for call in $changes; do
                n=$(($(start $call) - STEP + 1))
                while n=$((n + STEP)); struck $call $n update ./$from.conflist --to ./$to.conflist; do
                    strikes=$((strikes + 1))
                    cnips gc ./$from.conflist > out 2>&1 || { cat out; echo "killed at $call $n"; exit 1; }
                    test "$(ls /var/lib/cni/results)" = $from-blue-eth0 || { swap=$from; from=$to; to=$swap; }
                    whole $from && closed $from || { echo "killed at $call $n"; exit 1; }
                done
                swap=$from; from=$to; to=$swap
            done
            echo "$strikes"
            """, s_step);
        Assert.True(int.Parse(output) > 10, $"{output} strikes only");
    }

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to strike at a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
    }
}
