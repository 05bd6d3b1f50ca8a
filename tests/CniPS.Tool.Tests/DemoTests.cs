using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary><c>cnips demo</c>: inside a sandbox, whose state before and after is compared.</summary>
public sealed class DemoTests(NativeExecutable executable)
{
    private const string Look = """ ip -d link; ip addr; ip route; find /run /var/lib | sort; cat /proc/mounts; cat /proc/sys/net/ipv4/ip_forward """;

    [Fact]
    public void Native() => Tell("$CNIPS/cnips demo");

    [Fact]
    public void NativeWithoutAnyOtherProgram() => Tell("PATH=$PWD/tools $CNIPS/cnips demo");

    [Fact]
    public void ForAnOrdinaryUser()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("setpriv"), "needs setpriv (util-linux)");
        Assert.SkipUnless(
            Shell.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "unshare", "-Urnm", "true"]).ExitCode == 0,
            "the kernel lets ordinary users make no namespaces here");
        Tell("setpriv --reuid 65534 --regid 65534 --clear-groups $CNIPS/cnips demo");
    }

    [Fact]
    public void JustInTime() => Tell($"HOME=/tmp {Shell.DotNet} {Path.Combine(AppContext.BaseDirectory, "cnips-cli.dll")} demo");

    private void Tell(string demo)
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            $"""
            mkdir tools; ln -s $(command -v unshare) tools/unshare
            look() ( {Look} )
            look > /dev/shm/before-$$
            {demo}
            look > /dev/shm/after-$$
            cmp /dev/shm/before-$$ /dev/shm/after-$$ && echo untouched
            rm /dev/shm/*-$$
            """);

        Assert.EndsWith("untouched\n", output, StringComparison.Ordinal);
        Assert.Contains("things looked at are as they should be, after", output, StringComparison.Ordinal);
        Assert.Contains("$ cnips add", output, StringComparison.Ordinal);
        Assert.Matches("ip link add name cni_bridge0 up address [0-9a-f:]{17} type bridge", output);
        Assert.Contains("1234567890 reaches 10.15.20.3", output, StringComparison.Ordinal);
        Assert.Contains("it was masqueraded", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NO ", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }
}
