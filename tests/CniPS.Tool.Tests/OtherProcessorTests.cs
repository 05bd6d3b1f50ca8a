using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// The executable for linux-arm64, compiled here and started in qemu's emulation. qemu-user knows rtnetlink, but neither nf_tables nor the
/// requests for whether a namespace forwards: so the planned ADD is of a bridge that is no gateway.
/// </summary>
public sealed class OtherProcessorTests(NativeExecutable executable)
{
    [Fact]
    public void TheExecutableForArmStartsAndPlansAsThisOne()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            """
            ip netns add blue
            cat > net.conflist <<'X'
            {"cniVersion":"1.0.0","name":"n","plugins":[{"type":"bridge","bridge":"b0","ipam":{"type":"host-local","subnet":"10.9.0.0/16"}}]}
            X
            foreign() { qemu-aarch64 $FOREIGN/cnips-cli "$@"; }
            test "$(foreign version)" = "$($CNIPS/cnips version)"
            foreign validate ./net.conflist
            $CNIPS/cnips add --plan ./net.conflist blue > own
            foreign add --plan ./net.conflist blue > other
            diff own other
            grep -c 'ip link add' other
            test -z "$(ip -br link show type bridge)"
            """,
            new Dictionary<string, string> { ["FOREIGN"] = executable.FolderForArm });
        Assert.Equal("2", output.Trim());
    }

    [Fact]
    public void TheNodesDaemonForArmStarts()
    {
        Require();
        string output = Sandbox.Check(
            executable, "qemu-aarch64 -L /usr/aarch64-linux-gnu $FOREIGN --help", new Dictionary<string, string> { ["FOREIGN"] = executable.DaemonForArm });
        Assert.StartsWith("cnipsd: a node's daemon", output);
    }

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipWhen(RuntimeInformation.OSArchitecture == Architecture.Arm64, "this machine is one");
        Assert.SkipUnless(
            Shell.Has("clang") && Shell.Has("aarch64-linux-gnu-objcopy") && File.Exists("/usr/aarch64-linux-gnu/lib/libc.a"),
            "needs clang, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross");
        Assert.SkipUnless(Shell.Has("qemu-aarch64"), "needs qemu-aarch64 (qemu-user)");
    }
}
