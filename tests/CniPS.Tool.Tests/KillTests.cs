using System;
using System.Collections.Generic;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// kill -9 before each system call by which ADD changes anything: kernel messages, files, kernel parameters. strace strikes at the Nth, N
/// growing until one ADD gets through; whatever comes next for that attachment finds the machine as if it had never begun. pwsh, which takes a second to
/// start, is killed at each third (with CNIPS_CRASH=all at each).
/// </summary>
public sealed class KillTests(NativeExecutable executable)
{
    private static readonly bool s_all = Environment.GetEnvironmentVariable("CNIPS_CRASH") == "all";

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
            { printf 'link\naddr\n' | ip -o -batch -; ip -n blue -o addr; } | sed -E '/ fe80/d; s/^[0-9]+: ([^:@ ]+)[:@].*/\1/; s/^[0-9]+: //; s/valid_lft.*//'
            nft list ruleset
            read -r on < /proc/sys/net/ipv4/ip_forward || true; echo "$on" # read finds no end of the line
            for file in /var/lib/cni/networks/mybridge/10.* /var/lib/cni/results/mybridge*; do test ! -e "$file" || echo "$file"; done
            find /var/lib/cni/cnips/intents -type f -size +0 2>/dev/null || true
        }
        # Takes a whole attachment off again, and what DEL leaves: a machine that was never used.
        unused() {
            cnips del ./net.conflist blue
            ip link del cni_bridge0
            nft flush ruleset
        }
        changes="openat sendto write linkat unlink rename mkdir pwrite64 ftruncate"
        # start CALL: how many calls of that kind come before ADD looks at the network: .NET's own, by which nothing is changed.
        start() { sed '/net.conflist/,$d' trace | grep -c " $1(" || true; }
        strace -f -qq -o trace -e trace=$(echo $changes | tr ' ' ,) $CNIPS/cnips-cli add ./net.conflist blue > out
        unused
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
            before=$(state)
            strikes=0
            for call in $changes; do
                n=$(start $call)
                while n=$((n + 1)); killed $call $n; do
                    strikes=$((strikes + 1))
                    cnips del ./net.conflist blue 2> /dev/null
                    test "$(state)" = "$before" || { echo "killed at $call $n"; state; exit 1; }
                done
                # One got through: on to the next kind of call.
                unused
            done
            echo "$strikes"
            """);
        Assert.True(int.Parse(output) > 20, $"{output} strikes only");
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
                n=$(start $call)
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
        Assert.True(int.Parse(output) > 20, $"{output} strikes only");
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
                n=$(start $call)
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
            before=$(state)
            strikes=0
            # Messages to the kernel, and files that get their names: leases and cached results.
            for call in sendto linkat; do
                n=0
                while
                    n=$((n + STEP))
                    strace -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n "$PWSH" -NoProfile -NonInteractive -Command \
                        "Import-Module MODULE; Add-CniAttachment -Network ./net.conflist -Namespace blue" > out 2>&1 || true
                    ! test -e /var/lib/cni/results/mybridge-blue-eth0
                do
                    strikes=$((strikes + 1))
                    cnips del ./net.conflist blue 2> /dev/null
                    test "$(state)" = "$before" || { echo "killed at $call $n"; state; exit 1; }
                done
                unused
            done
            echo "$strikes"
            """.Replace("MODULE", module, StringComparison.Ordinal),
            new Dictionary<string, string> { ["STEP"] = s_all ? "1" : "3" });
        Assert.True(int.Parse(output) > (s_all ? 8 : 2), $"{output} strikes only");
    }

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to strike at a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
    }
}
