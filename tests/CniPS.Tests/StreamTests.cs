using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>Each thing that a cmdlet says comes on the stream that is meant for it, and nothing goes past them all.</summary>
public sealed class StreamTests(Populated session)
{
    [Theory]
    [InlineData("Get-CniAttachment mynet")]
    [InlineData("Get-CniLease")]
    [InlineData("Get-CniNamespace")]
    [InlineData("Get-CniNetwork")]
    [InlineData("Get-CniPlugin -PluginSource Native")]
    [InlineData("Get-CniResult mynet blue")]
    [InlineData("Get-CniTrace")]
    [InlineData("Test-CniAttachment mynet blue")]
    [InlineData("Test-CniNetwork mynet")]
    [InlineData("Resolve-CniInterface my0")]
    [InlineData("Show-CniAttachment mynet")]
    [InlineData("Export-CniTopology mynet")]
    [InlineData("ConvertTo-CniJson (Get-CniNetwork mynet)")]
    [InlineData("New-CniNetwork quiet 10.1.0.0/24")]
    public void What_looks_says_nothing_beside_its_output(string command)
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run(command).Succeeded();
        Assert.NotEmpty(outcome.Output);
        SaysNothing(outcome);
    }

    [Fact]
    public void Changes_are_verbose_and_calls_are_debug()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            New-CniNamespace verbose | Out-Null
            $network = New-CniNetwork loud 10.15.30.0/24 -Bridge lo9
            $network | Add-CniAttachment -Namespace verbose -Verbose | Out-Null
            $DebugPreference = 'Continue'
            $network | Remove-CniAttachment -Namespace verbose
            """).Succeeded();
        Assert.Contains(outcome.Verbose, line => line.StartsWith("ip link add", StringComparison.Ordinal) && line.Contains("lo9", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Verbose, line => line.Contains("ip link delete", StringComparison.Ordinal)); // only the first command was told to say it
        Assert.Equal("DEL bridge (native)", outcome.Debug.First(line => line.Contains("bridge", StringComparison.Ordinal)));
        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Console);
        Assert.Empty(outcome.Information);
    }

    [Fact]
    public void Without_being_asked_nothing_is_verbose()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            New-CniNamespace silent | Out-Null
            New-CniNetwork still 10.15.31.0/24 -Bridge st9 | Add-CniAttachment -Namespace silent | Remove-CniAttachment
            Remove-CniNamespace silent
            """).Succeeded();
        Assert.Empty(outcome.Output);
        SaysNothing(outcome);
    }

    // PowerShell itself brings that to the console, and to nowhere else.
    [Fact]
    public void A_plan_is_shown_on_the_console_and_emits_nothing()
    {
        PrivateMachine.Require();
        string before = Populated.Picture();
        Outcome outcome = session.Run("Add-CniAttachment mynet green -WhatIf").Succeeded();
        Assert.Contains(outcome.Plan, line => line.StartsWith("ip link add", StringComparison.Ordinal));
        Assert.Equal(outcome.Plan.Count, outcome.Console.Count);
        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Verbose);
        Assert.Equal(before, Populated.Picture());
    }

    [Fact]
    public void A_question_that_is_answered_with_no_leaves_all_as_it_is()
    {
        PrivateMachine.Require();
        string before = Populated.Picture();
        // A lease that is older than anybody would wait, of a container that nobody knows.
        const string lease = "/run/asked/asked/10.15.41.77";
        session.Run("New-CniNetwork asked 10.15.41.0/24 -Property @{ 'ipam.dataDir' = '/run/asked' } -OutFile /run/asked.conflist | Out-Null").Succeeded();
        Directory.CreateDirectory("/run/asked/asked");
        File.WriteAllText(lease, "nobody\r\neth0");
        File.SetLastWriteTimeUtc(lease, DateTime.UtcNow.AddHours(-2));
        Assert.Contains("10.15.41.77", Assert.Single(session.Run("Clear-CniNetwork /run/asked.conflist").Succeeded().Questions), StringComparison.Ordinal);
        Assert.Single(session.Run("Remove-CniAttachment mynet blue -Confirm").Succeeded().Questions);
        Assert.Single(session.Run("Remove-CniNamespace green -Confirm").Succeeded().Questions);
        Assert.Single(session.Run("Set-CniNetwork mynet @{ mtu = 1400 } -Confirm").Succeeded().Questions);
        Assert.Equal(before, Populated.Picture());
        Assert.True(File.Exists(lease));
    }

    [Fact]
    public void Nothing_is_asked_where_there_is_nothing_to_do()
    {
        PrivateMachine.Require();
        string before = Populated.Picture();
        Outcome outcome = session.Run("Clear-CniNetwork mynet; Clear-CniNetwork mynet -Confirm; Clear-CniNetwork mynet -Verbose").Succeeded();
        Assert.Empty(outcome.Questions);
        Assert.Empty(outcome.Output);
        Assert.Contains(outcome.Verbose, line => line.Contains("nothing to remove", StringComparison.Ordinal));
        Assert.Equal(before, Populated.Picture());
    }

    [Fact]
    public void Calls_of_plugins_are_information_with_a_tag()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("Test-CniAttachment mynet blue -InformationVariable calls | Out-Null; $calls").Succeeded();
        Assert.Contains(outcome.Output, item => item.BaseObject is InformationRecord { Tags: ["CniTrace"] } record
            && record.MessageData.ToString()!.StartsWith("CHECK bridge: done, ", StringComparison.Ordinal));
        Assert.NotEmpty(outcome.Calls);
    }

    [Fact]
    public void A_new_namespace_has_its_loopback_up()
    {
        PrivateMachine.Require();
        Outcome planned = session.Run("New-CniNamespace looped -WhatIf").Succeeded();
        Assert.Equal(["ip netns add looped", "ip -n looped link set lo up"], planned.Plan);
        session.Run("New-CniNamespace looped").Succeeded();
        Assert.Contains("<LOOPBACK,UP,", PrivateMachine.Run("ip", "-n", "looped", "link", "show", "lo"), StringComparison.Ordinal);
        session.Run("Remove-CniNamespace looped").Succeeded();
    }

    [Fact]
    public void A_warning_obeys_its_preference()
    {
        PrivateMachine.Require();
        const string command = "Show-CniAttachment nosuch";
        Outcome outcome = session.Run(command).Succeeded();
        Assert.Contains("nosuch", Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        Assert.Empty(outcome.Console);
        Assert.Empty(session.Run(command + " -WarningAction SilentlyContinue").Succeeded().Warnings);
        Assert.Single(
            session.Run(command + " -WarningAction SilentlyContinue -WarningVariable kept; $kept").Succeeded().Output, item => item.BaseObject is WarningRecord);
        Assert.StartsWith(
            "ActionPreferenceStop", Assert.IsType<ErrorRecord>(session.Run(command + " -WarningAction Stop").Terminating).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    // A stream that stops what is under way: it is taken back first.
    [Fact]
    public void A_verbose_stream_that_stops_an_addition_leaves_nothing_of_it()
    {
        PrivateMachine.Require();
        session.Run("New-CniNamespace halted").Succeeded();
        string before = Populated.Picture();
        Outcome outcome = session.Run("""
            $VerbosePreference = 'Stop'
            New-CniNetwork halted 10.15.32.0/24 -Bridge ha9 -DataDir /run/halted | Add-CniAttachment -Namespace halted
            """);
        Assert.StartsWith("ActionPreferenceStop", Assert.IsType<ErrorRecord>(outcome.Terminating).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, Populated.Picture());
        session.Run("Remove-CniNamespace halted").Succeeded();
    }

    private static void SaysNothing(Outcome outcome)
    {
        Assert.Empty(outcome.Warnings);
        Assert.Empty(outcome.Verbose);
        Assert.Empty(outcome.Debug);
        Assert.Empty(outcome.Information);
        Assert.Empty(outcome.Console);
        Assert.Empty(outcome.Questions);
    }
}
