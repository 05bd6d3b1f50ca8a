using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml.Linq;

namespace CniPS.Tests;

/// <summary>What came of a test inside the second kernel.</summary>
/// <param name="Failure">Message and stack; null if it did not fail.</param>
/// <param name="SkipReason">Why it was skipped; null if it was not.</param>
/// <param name="Output">What it wrote.</param>
internal sealed record SecondKernelOutcome(string? Failure, string? SkipReason, string Output);

/// <summary>One run of the second kernel, from start to power-off.</summary>
/// <param name="Outcomes">What came of each test, by its display name.</param>
/// <param name="Log">What the kernel and the test runner printed.</param>
internal sealed record SecondKernelRun(IReadOnlyDictionary<string, SecondKernelOutcome> Outcomes, string Log)
{
    /// <summary>When the kernel is killed: some minutes are normal, and a machine may be busy.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The second kernel's first process. Arguments come by the environment. The clock and the machine's root folder are those of the
    /// machine; all else is made here.
    /// </summary>
    private const string Init =
        """
        #!/bin/sh
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run/home TMPDIR=/run/tmp LC_ALL=C
        mount -t proc proc /proc
        mount -t sysfs sysfs /sys
        mount -t tmpfs tmpfs /run
        mkdir -p /run/home /run/tmp /run/netns /run/outside /run/kmod/lib/modules /dev/shm
        mount -t tmpfs tmpfs /dev/shm
        mount -t hostfs none /run/outside -o @FOLDER@
        ln -sf /proc/self/fd /dev/fd
        exec >/run/outside/log 2>&1

        # There is no /lib/modules to put them into: the kernel and modprobe are told where they are.
        ln -s /usr/lib/uml/modules/"$(uname -r)" /run/kmod/lib/modules/
        printf '#!/bin/sh\nexec /sbin/modprobe -d /run/kmod "$@"\n' >/run/modprobe
        chmod +x /run/modprobe
        echo /run/modprobe >/proc/sys/kernel/modprobe
        # The kernel lacks what iptables' other variant needs.
        mkdir /run/legacy
        for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
            ln -s /usr/sbin/xtables-legacy-multi /run/legacy/$name
        done
        PATH=/run/legacy:$PATH
        for module in bridge veth 8021q dummy macvlan ipvlan vrf nf_tables; do /run/modprobe $module; done
        ip link set lo up

        export @INSIDE@ DOTNET_ROOT=@DOTNET@ DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1
        cd /run/tmp
        @DOTNET@/dotnet @ASSEMBLY@ -trait @TRAIT@ -parallel none -noColor -noLogo -xml /run/tmp/outcomes.xml
        cp /run/tmp/outcomes.xml /run/outside/
        sync
        echo o >/proc/sysrq-trigger
        sleep 60

        """;

    /// <summary>Runs an assembly's tests in the second kernel, and waits for them.</summary>
    internal static SecondKernelRun Start(Assembly assembly)
    {
        string folder = Directory.CreateTempSubdirectory("cnips-kernel-").FullName;
        try
        {
            string init = Path.Combine(folder, "init");
            File.WriteAllText(init, InitFor(assembly, folder));
            File.SetUnixFileMode(init, (UnixFileMode)0b111_101_101);
            string console = Run(init, folder);
            string log = Path.Combine(folder, "log"), outcomes = Path.Combine(folder, "outcomes.xml");
            return new(
                File.Exists(outcomes) ? Read(XDocument.Load(outcomes)) : new Dictionary<string, SecondKernelOutcome>(),
                $"--- console\n{console}\n--- inside\n{(File.Exists(log) ? File.ReadAllText(log) : "nothing")}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string InitFor(Assembly assembly, string folder)
    {
        // .../shared/Microsoft.NETCore.App/8.0.0/
        DirectoryInfo runtime = new(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        return new StringBuilder(Init)
            .Replace("@FOLDER@", folder)
            .Replace("@INSIDE@", $"{SecondKernel.InsideVariable}={SecondKernel.TraitValue}")
            .Replace("@TRAIT@", $"{SecondKernel.TraitName}={SecondKernel.TraitValue}")
            .Replace("@DOTNET@", Quote(runtime.Parent!.Parent!.Parent!.FullName))
            .Replace("@ASSEMBLY@", Quote(assembly.Location))
            .ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Run(string init, string folder)
    {
        ProcessStartInfo start = new(
            "timeout",
            [
                "-s", "KILL", $"{s_limit.TotalSeconds:0}", "unshare", "--pid", "--fork", "--kill-child", "linux.uml",
                "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", $"init={init}", "mem=1G",
                "con=null", "con0=fd:0,fd:1", "ssl=null", $"uml_dir={folder}/",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        StringBuilder console = new();
        DataReceivedEventHandler add = (_, line) =>
        {
            lock (console)
            {
                console.AppendLine(line.Data);
            }
        };
        process.OutputDataReceived += add;
        process.ErrorDataReceived += add;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        if (process.ExitCode is 124 or 137)
        {
            console.AppendLine($"killed after {s_limit.TotalSeconds:0} seconds");
        }

        return console.ToString();
    }

    /// <summary>Reads xUnit's report.</summary>
    internal static Dictionary<string, SecondKernelOutcome> Read(XDocument report)
    {
        Dictionary<string, SecondKernelOutcome> outcomes = [];
        foreach (XElement test in report.Descendants("test"))
        {
            XElement? failure = test.Element("failure");
            outcomes[test.Attribute("name")!.Value] = new(
                failure is null ? null : $"{failure.Element("message")?.Value}\n{failure.Element("stack-trace")?.Value}",
                test.Element("reason")?.Value,
                test.Element("output")?.Value ?? "");
        }

        return outcomes;
    }
}
