using System;
using System.Collections.Generic;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// The kernel says no, once, at a system call of ADD (strace injects the errno): ADD is whole, and CHECK agrees, or it fails with an id within ten
/// seconds and has left nothing; and DEL and GC find nothing to stumble over. A few calls of each kind; with CNIPS_REFUSE=all each one.
/// </summary>
public sealed class RefusalTests(NativeExecutable executable)
{
    private const string Script =
        """
        cat > net.conflist <<'X'
        {"cniVersion":"1.1.0","name":"mybridge","plugins":[{"type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,"hairpinMode":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"}]}}]}
        X
        ip netns add blue
        cnips() { timeout 10 $CNIPS/cnips "$@"; }
        # What there is of links, addresses, rules, leases, cached results and open intents. Forwarding stays as it is.
        state() {
            ip -o link | sed -E 's/^[0-9]+: ([^:@]+).*/\1/'
            ip -o addr | grep -v fe80 | sed -E 's/^[0-9]+: //; s/valid_lft.*//'
            ip -n blue -o addr | sed -E 's/^[0-9]+: //; s/valid_lft.*//'
            nft list ruleset
            ls /var/lib/cni/networks/mybridge /var/lib/cni/results 2>/dev/null | grep -E '^10\.|^mybridge' || true
            find /var/lib/cni/cnips -type f -size +0 2>/dev/null || true
        }
        cnips add ./net.conflist blue > out
        cnips del ./net.conflist blue
        cnips gc ./net.conflist > out
        state > before
        # .NET's own start comes before the first look at the network's file.
        strace -f -qq -o trace -e trace=openat,$CALL $CNIPS/cnips add ./net.conflist blue > out
        start=$(sed '/net.conflist/,$d' trace | grep -c " $CALL(" || true)
        total=$(grep -c " $CALL(" trace || true)
        cnips del ./net.conflist blue
        cnips gc ./net.conflist > out
        step=1
        test "$POINTS" = all || step=$(( (total - start) / POINTS + 1 ))
        strikes=0
        n=$((start + 1))
        while test $n -le $total; do
            at="$ERRNO at $CALL $n"
            rc=0
            timeout 10 strace -f -qq -o trace -e trace=$CALL -e inject=$CALL:error=$ERRNO:when=$n $CNIPS/cnips add ./net.conflist blue --json > out 2> err || rc=$?
            grep -q INJECTED trace || break
            strikes=$((strikes + 1))
            if test $rc = 0; then
                cnips check ./net.conflist blue > out || { echo "$at: ADD succeeded, CHECK fails"; cat out; exit 1; }
            else
                test $rc = 1 || { echo "$at: ended with $rc"; exit 1; }
                grep -q '"id": "Cni' err || { echo "$at: no id"; cat err; exit 1; }
                ! grep -q CniUnforeseen err || { echo "$at: unforeseen"; cat err; exit 1; }
                # An ADD that can't be told is taken off again, as by DEL: what is shared stays for GC.
                grep -q "standard output can't be written" err || { state > after; diff before after || { echo "$at: ADD left something"; cat err; exit 1; }; }
            fi
            cnips del ./net.conflist blue || { echo "$at: DEL afterwards"; exit 1; }
            cnips gc ./net.conflist > out || { echo "$at: GC afterwards"; exit 1; }
            state > after
            diff before after || { echo "$at: left after DEL and GC"; exit 1; }
            n=$((n + step))
        done
        echo $strikes
        """;

    [Theory]
    [InlineData("openat", "EMFILE")]
    [InlineData("openat", "ENOSPC")]
    [InlineData("write", "ENOSPC")]
    [InlineData("write", "EINTR")]
    [InlineData("pwrite64", "EIO")]
    [InlineData("linkat", "EIO")]
    [InlineData("unlink", "EROFS")]
    [InlineData("flock", "ENOLCK")]
    [InlineData("recvfrom", "ENOBUFS")]
    [InlineData("recvfrom", "EAGAIN")]
    [InlineData("sendto", "ENOBUFS")]
    [InlineData("sendto", "EINTR")]
    [InlineData("setns", "ENOMEM")]
    [InlineData("statx", "EIO")]
    public void ARefusedCallLeavesNothing(string call, string errno)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to refuse a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
        Outcome outcome = Sandbox.Run(executable, Script, new Dictionary<string, string>
        {
            ["CALL"] = call,
            ["ERRNO"] = errno,
            ["POINTS"] = Environment.GetEnvironmentVariable("CNIPS_REFUSE") == "all" ? "all" : "5",
        });
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.True(int.Parse(outcome.Output.Trim()) > 0, "no call was refused");
    }
}
