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
    private const int All = 0;

    private const string Script =
        """
        cat > net.conflist <<'X'
        {"cniVersion":"1.1.0","name":"mybridge","plugins":[{"type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,"hairpinMode":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"}]}}]}
        X
        ip netns add blue
        cnips() { timeout 10 $CNIPS/cnips "$@"; }
        # What there is of links, addresses, rules, leases, cached results, open intents and records. Forwarding stays as it is.
        state() {
            { printf 'link\naddr\n' | ip -o -batch -; ip -n blue -o addr; } | sed -E '/ fe80/d; s/^[0-9]+: ([^:@ ]+)[:@].*/\1/; s/^[0-9]+: //; s/valid_lft.*//'
            nft list ruleset
            for file in /var/lib/cni/networks/mybridge/10.* /var/lib/cni/results/mybridge*; do test ! -e "$file" || echo "$file"; done
            find /var/lib/cni/cnips -type f 2>/dev/null || true
        }
        same() { test "$(state)" = "$before" || { echo "$at: $1"; cat err; state; exit 1; }; }
        cnips add ./net.conflist blue > out
        cnips del ./net.conflist blue
        cnips gc ./net.conflist > out
        before=$(state)
        # .NET's own start comes before the first look at the network's file.
        strace -f -qq -o trace -e trace=openat,$CALL $CNIPS/cnips-cli add ./net.conflist blue > out
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
            timeout 10 strace -f --seccomp-bpf -qq -o trace -e trace=$CALL -e inject=$CALL:error=$ERRNO:when=$n $CNIPS/cnips-cli add ./net.conflist blue --json > out 2> err || rc=$?
            grep -q INJECTED trace || break
            strikes=$((strikes + 1))
            if test $rc = 0; then
                cnips check ./net.conflist blue > out || { echo "$at: ADD succeeded, CHECK fails"; cat out; exit 1; }
            else
                test $rc = 1 || { echo "$at: ended with $rc"; exit 1; }
                grep -q '"id": "Cni' err || { echo "$at: no id"; cat err; exit 1; }
                ! grep -q CniUnforeseen err || { echo "$at: unforeseen"; cat err; exit 1; }
                same "ADD left something"
            fi
            cnips del ./net.conflist blue || { echo "$at: DEL afterwards"; exit 1; }
            cnips gc ./net.conflist > out || { echo "$at: GC afterwards"; exit 1; }
            same "left after DEL and GC"
            n=$((n + step))
        done
        echo $strikes
        """;

    [Theory]
    [InlineData("openat", "EMFILE", 5)]
    [InlineData("openat", "ENOSPC", 5)]
    [InlineData("openat", "EINTR", 5)]
    [InlineData("openat2", "EMFILE", 5)]
    [InlineData("openat2", "EINTR", 5)]
    [InlineData("write", "ENOSPC", All)]
    [InlineData("write", "EINTR", 5)]
    [InlineData("pwrite64", "EIO", 5)]
    [InlineData("linkat", "EIO", 5)]
    [InlineData("unlink", "EROFS", 5)]
    [InlineData("flock", "ENOLCK", 5)]
    [InlineData("recvfrom", "ENOBUFS", 5)]
    [InlineData("recvfrom", "EAGAIN", 5)]
    [InlineData("sendto", "ENOBUFS", 5)]
    [InlineData("sendto", "EINTR", 5)]
    [InlineData("setns", "ENOMEM", 5)]
    [InlineData("statx", "EIO", All)]
    public void ARefusedCallLeavesNothing(string call, string errno, int points)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to refuse a given system call");
        Assert.SkipUnless(Shell.Has("nft"), "needs nft to look at the rules");
        Outcome outcome = Sandbox.Run(executable, Script, new Dictionary<string, string>
        {
            ["CALL"] = call,
            ["ERRNO"] = errno,
            ["POINTS"] = points == All || Environment.GetEnvironmentVariable("CNIPS_REFUSE") == "all" ? "all" : $"{points}",
        });
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.True(int.Parse(outcome.Output.Trim()) > 0, "no call was refused");
    }

    [Theory]
    [InlineData("getdents64", "EIO")]
    [InlineData("openat", "EMFILE")]
    public void WhatAProcessHasOpenIsNotGoneWhereThatCanNotBeRead(string call, string errno)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace, to refuse a given system call");
        Sandbox.Check(executable,
            """
            ip link add dm0 type veth peer name dm1; ip link set dm0 up
            echo '{"cniVersion":"1.1.0","name":"n","plugins":[{"type":"macvlan","master":"dm0","ipam":{"type":"host-local","subnet":"10.9.0.0/24"}}]}' > n.conflist
            ip netns add a
            $CNIPS/cnips add ./n.conflist a > /dev/null
            exec 9< /run/netns/a; ip netns del a
            strace -f -qq -o trace -P /proc/$$/fd -e trace=$CALL -e inject=$CALL:error=$ERRNO $CNIPS/cnips-cli gc ./n.conflist > out
            grep -q INJECTED trace
            [ -e /var/lib/cni/results/n-a-eth0 ]
            [ -e /var/lib/cni/networks/n/10.9.0.2 ]
            $CNIPS/cnips gc ./n.conflist > out
            [ -e /var/lib/cni/results/n-a-eth0 ]
            exec 9<&-
            # The kernel destroys it in its own time.
            for i in $(seq 600); do $CNIPS/cnips gc ./n.conflist > out; [ -e /var/lib/cni/results/n-a-eth0 ] || exit 0; sleep 0.1; done
            exit 1
            """,
            new Dictionary<string, string> { ["CALL"] = call, ["ERRNO"] = errno });
    }
}
