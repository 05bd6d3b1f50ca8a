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
        echo 1 > /proc/sys/net/ipv4/ip_forward # an ADD leaves it on
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
        # Takes a whole attachment off again, and what DEL leaves: a machine that was never used.
        unused() {
            cnips del ./net.conflist blue
            ip link del cni_bridge0
            nft flush ruleset
        }
        changes="openat sendto write linkat unlink rename mkdir pwrite64 ftruncate"
        # killed CALL N: whether ADD was killed at its Nth call of that kind (strace counts each kind for itself) before its result was
        # cached, which is the last thing that it does.
        killed() {
            strace -f -qq -o /dev/null -e trace=$1 -e inject=$1:signal=KILL:when=$2 $CNIPS/cnips-cli add ./net.conflist blue > out 2>&1 || true
            ! test -e /var/lib/cni/results/mybridge-blue-eth0
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
            strikes=0
            for call in $changes; do
                n=0
                while n=$((n + 1)); killed $call $n; do
                    strikes=$((strikes + 1))
                    cnips del ./net.conflist blue 2> /dev/null
                    state > after
                    diff before after || { echo "killed at $call $n"; exit 1; }
                done
                # One got through: on to the next kind of call.
                unused
            done
            echo "$strikes"
            """);
        Assert.True(int.Parse(output) > 30, $"{output} strikes only");
    }

    [Fact]
    public void TheNextAddMakesItWhole()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Prepare +
            """
            strikes=0
            for call in $changes; do
                n=0
                while n=$((n + 1)); killed $call $n; do
                    strikes=$((strikes + 1))
                    cnips add ./net.conflist blue > out 2> /dev/null
                    test $(ls /var/lib/cni/networks/mybridge | grep -c '^10\.') = 1
                    test $(ip -o link show type veth | wc -l) = 1
                    cnips check ./net.conflist blue
                    cnips del ./net.conflist blue
                done
                cnips del ./net.conflist blue
            done
            echo "$strikes"
            """);
        Assert.True(int.Parse(output) > 30, $"{output} strikes only");
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
            for call in $changes; do
                n=0
                while n=$((n + 1)); killed $call $n; do
                    cnips del ./net.conflist blue 2> /dev/null
                    cnips check ./net.conflist red
                done
                cnips del ./net.conflist blue
            done
            """);
    }

    [Fact]
    public void APwshThatIsKilledLeavesNoMore()
    {
        Require();
        string module = Repository.Path("out/CniPS/CniPS.psd1");
        string output = Sandbox.Check(
            executable,
            Prepare +
            """
            export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
            state > before
            strikes=0
            # Messages to the kernel, and files that get their names: leases and cached results.
            for call in sendto linkat; do
                n=0
                while
                    n=$((n + 1))
                    strace -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n "$PWSH" -NoProfile -NonInteractive -Command \
                        "Import-Module MODULE; Add-CniAttachment -Network ./net.conflist -Namespace blue" > out 2>&1 || true
                    ! test -e /var/lib/cni/results/mybridge-blue-eth0
                do
                    strikes=$((strikes + 1))
                    cnips del ./net.conflist blue 2> /dev/null
                    state > after
                    diff before after || { echo "killed at $call $n"; exit 1; }
                done
                unused
            done
            echo "$strikes"
            """.Replace("MODULE", module, StringComparison.Ordinal));
        Assert.True(int.Parse(output) > 8, $"{output} strikes only");
    }

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to strike at a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
    }
}
