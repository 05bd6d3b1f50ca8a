using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>Streams, progress, paths, completion.</summary>
public sealed class StreamConventionTests(Populated session)
{
    [Fact]
    [Convention(21)]
    public void Each_word_has_its_stream_and_none_goes_to_the_console()
    {
        PrivateMachine.Require();
        Assert.DoesNotContain(Repository.Files("src/CniPS", "*.cs").Where(file => !file.Contains("/Help/", StringComparison.Ordinal)),
            file => Regex.IsMatch(File.ReadAllText(file), @"\bConsole\.|Write-Host|Host\.UI"));
        Outcome outcome = session.Run("$DebugPreference = 'Continue'; Test-CniAttachment mynet blue -Verbose").Succeeded();
        Assert.Contains(outcome.Debug, line => line.StartsWith("CHECK bridge", StringComparison.Ordinal));
        Assert.Contains(outcome.Calls, line => line.StartsWith("CHECK bridge: done", StringComparison.Ordinal));
        Assert.Empty(outcome.Console);
    }

    // Nothing in the first second: a pipeline that takes longer than that shows how far it is, and takes it away at its end.
    [Fact]
    [Convention(23)]
    public void Progress_is_shown_of_what_is_slow_and_is_taken_away()
    {
        PrivateMachine.Require();
        using PowerShell shell = PowerShell.Create(session.Runspace);
        shell.AddScript("1..3 | ForEach-Object { Start-Sleep -Milliseconds 700; 'blue' } | Get-CniNamespace", useLocalScope: true).Invoke();
        Assert.NotEmpty(shell.Streams.Progress);
        Assert.All(
            shell.Streams.Progress.GroupBy(record => record.ActivityId), records => Assert.Equal(ProgressRecordType.Completed, records.Last().RecordType));
        Assert.Contains("ProgressAction", Cmdlet.CommonParameters);
    }

    [Fact]
    [Convention(27)]
    public void Paths_are_those_of_the_session()
    {
        PrivateMachine.Require();
        Outcome outcome = session.Run("""
            New-CniNetwork placed 10.15.46.0/24 -OutFile /run/place/placed.conflist | Out-Null
            $null = New-PSDrive place FileSystem /run/place
            $null = Push-Location /run/place
            (New-CniNetwork -Path place:/placed.conflist).Name
            (New-CniNetwork -Path ./placed.conflist).Name
            (New-CniNetwork -Path placed.conflist).Name
            (Get-ChildItem /run/place/*.conflist | New-CniNetwork).Name
            Set-Location /run
            (Get-CniNetwork -Path place).Name
            Pop-Location
            Remove-PSDrive place
            (New-CniNetwork -Path ~/../run/place/placed.conflist -ErrorAction Ignore).Name ?? 'placed'
            """.Replace("New-CniNetwork placed", "$null = New-Item -ItemType Directory -Force /run/place; New-CniNetwork placed", StringComparison.Ordinal)
            .Replace("-OutFile /run/place/placed.conflist", "-OutFile /run/place/placed.conflist -Force", StringComparison.Ordinal)).Succeeded();
        Assert.Equal(Enumerable.Repeat("placed", 6), outcome.Output.Select(item => item.ToString()));
    }

    // Completers run at every Tab, with whatever rights and on whatever machine there is.
    [Fact]
    [Convention(28)]
    public void Whatever_has_a_name_is_completed()
    {
        PrivateMachine.Require();
        string[] nameable = ["Network", "Namespace", "ContainerId", "Interface", "Plugin", "Bridge", "IPAddress"];
        foreach (CmdletInfo cmdlet in Cmdlets.All.Values)
        {
            foreach (ParameterMetadata parameter in Cmdlets.Own(cmdlet).Where(parameter => nameable.Contains(parameter.Name) && parameter.ParameterType != typeof(object[])))
            {
                Assert.True(parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any(), $"{cmdlet.Name} -{parameter.Name}");
                string cache = cmdlet.Parameters.ContainsKey("CachePath") ? " -CachePath /proc/self/mem" : "";
                session.Complete($"{cmdlet.Name}{cache} -{parameter.Name} ");
            }
        }
    }
}
