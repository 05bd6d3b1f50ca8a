using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using Xunit;

namespace CniPS.Tests;

/// <summary>
/// Tests for what the machine's own kernel may lack (VLAN filtering, dummy, vlan, ipvlan, vrf, bonding ...): Debian's user-mode-linux, a
/// whole Linux kernel that runs as an ordinary program.
/// <para>
/// A test says <c>[SecondKernelFact]</c> in place of <c>[Fact]</c>; that is all. The first such test that is to run starts the kernel, once for
/// the whole assembly (three seconds and what the tests take): it has the machine's root folder, read-only, as its own, runs this very
/// assembly with a filter for these tests, writes their outcomes as XML into a folder made for it, and powers off. Each test then reports,
/// outside, what came of it inside, with its output. Its body never runs outside, nor is its class made there.
/// </para>
/// <para>
/// Inside, root is root; /run, TMPDIR and /dev/shm are in memory and everything else can't be written; /run/netns is empty; kernel modules
/// are loaded as they are asked for. There is one CPU, so tests run one after another. The machine's nf_tables tables aren't there, nor can
/// tables of family inet or ip be made: only bridge and netdev. So iptables is the legacy variant.
/// </para>
/// <para>
/// It is skipped, with the reason, where <c>linux.uml</c> or <c>modprobe</c> is not installed (Debian: user-mode-linux, kmod). When its time is
/// up, the kernel is killed with all of its processes: they live in a process namespace of their own.
/// </para>
/// </summary>
internal static class SecondKernel
{
    /// <summary>The trait by which the kernel inside is told which tests to run: <c>--filter Kernel=second</c> selects them outside.</summary>
    internal const string TraitName = "Kernel", TraitValue = "second";

    /// <summary>Set inside.</summary>
    internal const string InsideVariable = "CNIPS_TEST_KERNEL";

    private static readonly string[] s_needed = ["/usr/bin/linux.uml", "/sbin/modprobe", "/usr/bin/unshare", "/usr/bin/timeout"];

    private static readonly Lazy<SecondKernelRun> s_run = new(() => SecondKernelRun.Start(Assembly.GetExecutingAssembly()));

    /// <summary>Whether this process runs in the second kernel.</summary>
    internal static bool IsInside => Environment.GetEnvironmentVariable(InsideVariable) == TraitValue;

    /// <summary>Why there can't be a second kernel here; null where there can.</summary>
    internal static string? Hindrance
    {
        get
        {
            foreach (string program in s_needed)
            {
                if (!File.Exists(program))
                {
                    return $"the second kernel needs {program} (Debian: user-mode-linux, kmod, util-linux, coreutils)";
                }
            }

            return RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "user-mode-linux is for x86-64 only"
                : Environment.IsPrivilegedProcess ? null
                : "network namespaces need root";
        }
    }

    /// <summary>Ends as a test did inside: returns, skips or fails.</summary>
    internal static void Repeat(string test)
    {
        if (Hindrance is { } hindrance)
        {
            Assert.Skip(hindrance);
        }

        SecondKernelRun run = s_run.Value;
        if (!run.Outcomes.TryGetValue(test, out SecondKernelOutcome? outcome))
        {
            throw new InvalidOperationException($"\"{test}\" did not run in the second kernel.\n{run.Log}");
        }

        TestContext.Current.TestOutputHelper?.Write(outcome.Output);
        if (outcome.SkipReason is { } reason)
        {
            Assert.Skip(reason);
        }

        Assert.True(outcome.Failure is null, $"in the second kernel:\n{outcome.Failure}");
    }
}
