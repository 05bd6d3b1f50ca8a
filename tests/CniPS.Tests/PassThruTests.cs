using System;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>-PassThru means the same everywhere: what was worked on is emitted; with -WhatIf, what would be, or the plan of it. Nothing else says more or less.</summary>
public sealed class PassThruTests(Populated session)
{
    public static TheoryData<string, string, bool> Commands() => new()
    {
        { "Add-CniAttachment mynet green", "CniPS.CniPlan", true },
        { "Clear-CniNetwork mynet", "CniPS.CniPlan", true },
        { "Convert-CniAttachment mynet blue -Backend Iptables", "CniPS.CniPlan", false },
        { "Move-CniAttachment mynet blue -To other", "CniPS.CniPlan", false },
        { "Remove-CniAttachment mynet blue", "CniPS.CniPlan", false },
        { "Repair-CniAttachment other torn -ContainerId c-torn -Interface net9", "CniPS.CniPlan", false },
        { "Repair-CniConnection blue host", "CniPS.CniPlan", false },
        { "Update-CniAttachment /run/aged.conflist aged", "CniPS.CniPlan", false },
        { "Set-CniNetwork mynet @{ mtu = 1400 }", "CniPS.CniNetwork", false },
        { "Add-CniNetworkPlugin mynet tuning", "CniPS.CniNetwork", false },
        { "Remove-CniNetworkPlugin /run/two.conflist tuning", "CniPS.CniNetwork", false },
        { "Remove-CniNetwork mynet -Force", "CniPS.CniNetwork", false },
        { "Remove-CniNode n2 -SocketPath /run/sample-node.sock", "CniPS.CniNode", false },
        { "Remove-CniNamespace green", "CniPS.CniNamespace", false },
        { "Stop-CniDhcpService /run/passed.sock", "CniPS.CniDhcpService", false },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void With_WhatIf_it_emits_what_would_be(string command, string type, bool isEmittedAnyway)
    {
        PrivateMachine.Require();
        session.Run("""
            New-CniNetwork two -Plugin @{ type = 'bridge' }, @{ type = 'tuning' } -OutFile /run/two.conflist -Force | Out-Null
            Start-CniDhcpService /run/passed.sock | Out-Null
            if (-not (Test-Path /run/netns/aged)) {
                New-CniNetwork aged 10.15.47.0/24 -Bridge ag0 -OutFile /run/aged.conflist | Add-CniAttachment -Namespace (New-CniNamespace aged) | Out-Null
                Set-CniNetwork /run/aged.conflist @{ mtu = 1400 }
            }
            """).Succeeded();
        string before = Populated.Picture();
        PSObject emitted = Assert.Single(session.Run($"{command} -WhatIf -PassThru").Succeeded().Output);
        Assert.Equal(type, emitted.BaseObject.GetType().FullName);
        Assert.Empty(session.Run($"{command} -WhatIf").Succeeded().Output);
        Assert.Equal(before, Populated.Picture());
        Assert.Equal(isEmittedAnyway, command.StartsWith("Add-CniAttachment", StringComparison.Ordinal) || command.StartsWith("Clear-", StringComparison.Ordinal));
        session.Run("Stop-CniDhcpService /run/passed.sock").Succeeded();
    }

    [Fact]
    public void Without_it_removing_is_silent_and_with_it_what_was_removed_is_emitted()
    {
        PrivateMachine.Require();
        const string make = """
            New-CniNamespace passed | Out-Null
            New-CniNetwork passed 10.15.40.0/24 -Bridge pa0 -OutFile /etc/cni/net.d/90-passed.conflist | Out-Null
            Start-CniDhcpService /run/passed.sock | Out-Null
            """;
        Assert.Empty(session.Run(make + "\nSet-CniNetwork passed @{ mtu = 1400 }; Remove-CniNetwork passed; Remove-CniNamespace passed; Stop-CniDhcpService /run/passed.sock")
            .Succeeded().Output);
        Outcome outcome = session.Run(
            make + "\nSet-CniNetwork passed @{ mtu = 1400 } -PassThru; Remove-CniNetwork passed -PassThru; Remove-CniNamespace passed -PassThru; Stop-CniDhcpService /run/passed.sock -PassThru");
        Assert.Equal(["CniNetwork", "CniNetwork", "CniNamespace", "CniDhcpService"], outcome.Succeeded().Output.Select(item => item.BaseObject.GetType().Name));
        Assert.Equal("passed", outcome.Output[2].Properties["Name"].Value);
    }

    // A capture's packets are not known before they come: with -WhatIf it emits nothing.
    [Fact]
    public void A_capture_that_is_not_made_emits_nothing()
    {
        PrivateMachine.Require();
        Assert.Empty(session.Run("Save-CniCapture /run/not-made.pcapng mynet -WhatIf -PassThru; Test-Path /run/not-made.pcapng | Where-Object { $_ }").Succeeded().Output);
    }

    [Fact]
    public void Every_cmdlet_that_has_it_is_seen_here() => Assert.Equal(
        Cmdlets.All.Values.Where(cmdlet => cmdlet.Parameters.ContainsKey("PassThru")).Select(cmdlet => cmdlet.Name).Order(),
        Commands().Select(row => row.Data.Item1.Split(' ')[0]).Append("Save-CniCapture").Distinct().Order());

    // What makes or adds something is followed by what works on it, so it emits it unasked; what changes or takes away does when it is asked to.
    [Fact]
    public void What_changes_or_takes_away_has_it()
    {
        string[] verbs = ["Set", "Remove", "Convert", "Repair", "Stop", "Clear", "Move", "Update"];
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values.Where(cmdlet => verbs.Contains(cmdlet.Verb)))
        {
            Assert.True(cmdlet.Parameters.ContainsKey("PassThru"), cmdlet.Name);
        }
    }
}
