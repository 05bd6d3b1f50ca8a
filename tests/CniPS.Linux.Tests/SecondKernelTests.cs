using System;
using System.Collections.Generic;
using System.IO;
using System.Xml.Linq;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests;

/// <summary>The second kernel is another one, and can't touch the machine.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class SecondKernelTests
{
    public SecondKernelTests() => Assert.True(SecondKernel.IsInside, "a class with tests for the second kernel was made outside");

    [SecondKernelFact]
    public void It_is_user_mode_linux()
    {
        Assert.True(SecondKernel.IsInside);
        Assert.Contains("User Mode Linux", File.ReadAllText("/proc/cpuinfo"), StringComparison.Ordinal);
    }

    [SecondKernelFact]
    public void It_has_what_the_first_may_lack()
    {
        using Sandbox sandbox = new();
        string ip = $"ip -n {sandbox.HostName} link";
        Sandbox.Run($"{ip} add br0 type bridge vlan_filtering 1");
        foreach (string link in (string[])["x0 type dummy", "x0 type vrf table 7", "link br0 x0 type vlan id 5", "link br0 x0 type ipvlan"])
        {
            Sandbox.Run($"{ip} add {link} && {ip} del x0");
        }
    }

    [SecondKernelFact]
    public void The_machine_s_files_cannot_be_written() => Assert.Throws<IOException>(() => File.WriteAllText("/usr/cnips", ""));
}

/// <summary>What comes out of the second kernel is reported as it was.</summary>
public sealed class SecondKernelReportTests
{
    [Fact]
    public void A_report_says_what_failed_and_what_was_skipped()
    {
        IReadOnlyDictionary<string, SecondKernelOutcome> outcomes = SecondKernelRun.Read(XDocument.Parse(
            """
            <assemblies><assembly><collection>
              <test name="A.passes" result="Pass"><output>said</output></test>
              <test name="A.fails" result="Fail"><failure><message>wrong</message><stack-trace>at A</stack-trace></failure></test>
              <test name="A.skips" result="Skip"><reason>nothing there</reason></test>
            </collection></assembly></assemblies>
            """));
        Assert.Equal(new SecondKernelOutcome(null, null, "said"), outcomes["A.passes"]);
        Assert.Equal(new SecondKernelOutcome("wrong\nat A", null, ""), outcomes["A.fails"]);
        Assert.Equal(new SecondKernelOutcome(null, "nothing there", ""), outcomes["A.skips"]);
    }
}
