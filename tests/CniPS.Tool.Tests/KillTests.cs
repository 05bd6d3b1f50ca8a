using System;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// kill -9 before each system call by which ADD changes anything: kernel messages, files, kernel parameters. strace strikes at the Nth, N
/// growing until one ADD gets through; whatever comes next for that attachment finds the machine as if it had never begun.
/// </summary>
public sealed class KillTests(NativeExecutable executable)
{
    private const string Prepare =
        """
        cat > net.conflist <<'X'
        {"cniVersion":"1.0.0","name":"mybridge","plugins":[{"type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,"hairpinMode":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"}]}}]}
        X
        ip netns add blue
        cnips() { $CNIPS/cnips "$@"; }
        # What there is of links, addresses, rules, forwarding, leases, cached results and open intents.
        state() {
            ip -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'
            ip -o addr | grep -v fe80 | sed -E 's/^[0-9]+: //; s/valid_lft.*//'
            ip -n blue -o addr | sed -E 's/^[0-9]+: //; s/valid_lft.*//'
            nft list ruleset
            cat /proc/sys/net/ipv4/ip_forward
            ls /var/lib/cni/networks/mybridge /var/lib/cni/results 2>/dev/null | grep -E '^10\.|^mybridge' || true
            find /var/lib/cni/cnips/intents -type f -size +0 2>/dev/null || true
        }
        changes=openat,?open,sendto,write,?unlink,?unlinkat,?rename,?renameat,?mkdir,?mkdirat,pwrite64,ftruncate
        killed() {
            strace -f -qq -o /dev/null -e trace=$changes -e inject=$changes:signal=KILL:when=$1 $CNIPS/cnips add ./net.conflist blue > out 2>&1
        }

        """;

    [Fact]
    public void DelAfterwardsLeavesTheMachineAsIfAddHadNeverBegun()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Prepare +
            """
            state > before
            n=0
            while n=$((n + 1)); ! killed $n; do
                test $n -lt 500
                cnips del ./net.conflist blue
                state > after
                diff before after || { echo "killed before change $n"; exit 1; }
            done
            echo "$n"
            """);
        Assert.True(int.Parse(output) > 20, $"ADD got through after {output} strikes only");
    }

    [Fact]
    public void TheNextAddMakesItWhole()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Prepare +
            """
            n=0
            while n=$((n + 1)); ! killed $n; do
                test $n -lt 500
                if cnips add ./net.conflist blue > out 2>&1; then
                    cnips check ./net.conflist blue
                else
                    # The last change of all is the intent's removal: then the ADD was whole before it was killed.
                    grep -q 'attached to network mybridge already' out
                fi
                test $(ls /var/lib/cni/networks/mybridge | grep -c '^10\.') = 1
                test $(ip -o link show type veth | wc -l) = 1
                cnips check ./net.conflist blue
                cnips del ./net.conflist blue
            done
            echo "$n"
            """);
        Assert.True(int.Parse(output) > 15, $"ADD got through after {output} strikes only");
    }

    [Fact]
    public void OthersOnTheBridgeStayConnected()
    {
        Require();
        Sandbox.Check(
            executable,
            Prepare +
            """
            ip netns add red
            cnips add ./net.conflist red > out
            n=0
            while n=$((n + 1)); ! killed $n; do
                test $n -lt 500
                cnips del ./net.conflist blue
                cnips check ./net.conflist red
            done
            """);
    }

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to strike at a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
    }
}
