using System;
using System.Collections.Generic;
using System.IO;
using Xunit;

namespace CniPS.Tool.Tests.Support;

/// <summary>
/// Shell scripts in network and mount namespaces of their own, with empty folders in memory over /run and /var/lib. Scripts find the native
/// executable and its links in $CNIPS, the Go plugins in $GO, and PowerShell in $PWSH.
/// </summary>
internal static class Sandbox
{
    public const string GoPlugins = "/usr/lib/cni";

    private const string Prelude =
        """
        umount -R -l /run/netns 2> /dev/null || : # namespaces of others would live as long as this does
        mount -t tmpfs tmpfs /run
        mount -t tmpfs tmpfs /var/lib
        mount -t sysfs sysfs /sys
        mkdir -p /run/netns /run/work
        cd /run/work
        ip link set lo up

        # plugin FOLDER TYPE COMMAND ID NETNS IFNAME, configuration on stdin
        plugin() {
            CNI_COMMAND="$3" CNI_CONTAINERID="$4" CNI_NETNS="$5" CNI_IFNAME="$6" CNI_PATH="${CNI_PATH:-$1}" "$1/$2"
        }

        """;

    /// <summary>Skips the test where sandboxes can't be made.</summary>
    public static void Require(bool goPlugins = false)
    {
        Assert.SkipUnless(Environment.UserName == "root", "private network namespaces need root");
        Assert.SkipUnless(Shell.Has("unshare"), "needs unshare (util-linux)");
        Assert.SkipUnless(Shell.Has("ip"), "needs ip (iproute2) to look at the results");
        Assert.SkipUnless(!goPlugins || File.Exists($"{GoPlugins}/bridge"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
    }

    /// <summary>Runs a script; it stops at the first command that fails.</summary>
    public static Outcome Run(NativeExecutable executable, string script, IReadOnlyDictionary<string, string>? environment = null)
    {
        var all = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["CNIPS"] = executable.Folder,
            ["GO"] = GoPlugins,
            ["PWSH"] = PowerShell.Path,
            ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
            ["LC_ALL"] = "C",
        };
        return Shell.Run("unshare", ["-nm", "--propagation", "private", "sh", "-euc", Prelude + script], all, clearEnvironment: true);
    }

    /// <summary>Runs a script that must succeed.</summary>
    /// <returns>Its standard output.</returns>
    public static string Check(NativeExecutable executable, string script, IReadOnlyDictionary<string, string>? environment = null)
    {
        Outcome outcome = Run(executable, script, environment);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return outcome.Output;
    }
}
