using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using CniPS.Tests.Conventions;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>Items that come quicker than they are done one by one are done together; who looks at what comes out sees no difference but the time.</summary>
public sealed class BurstTests : IDisposable
{
    private readonly Session _session = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-burst-").FullName;

    public BurstTests()
    {
        File.WriteAllText($"{_folder}/burst.conflist", """
            {"cniVersion": "1.1.0", "name": "burst", "plugins": [
              {"type": "bridge", "bridge": "bu0", "isGateway": true, "ipam": {"type": "host-local", "subnet": "10.15.60.0/22", "dataDir": "DIR/leases"}}]}
            """.Replace("DIR", _folder, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (PrivateMachine.Missing is null)
        {
            Run("Get-CniAttachment -CachePath DIR/cache | Remove-CniAttachment; Get-CniNamespace b-* | Remove-CniNamespace; ip link delete bu0 2> $null");
            // The last 256 calls are remembered, and other tests ask for one of theirs.
            Run("if (Get-CniAttachment mynet -ContainerId blue -ErrorAction Ignore) { Test-CniAttachment mynet blue | Out-Null }");
        }

        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Convention(22)]
    public void Many_come_out_in_their_order_on_the_thread_of_the_pipeline()
    {
        PrivateMachine.Require();
        Outcome outcome = Run("""
            $threads = [Collections.Generic.HashSet[int]]::new()
            $out = { process { [void] $threads.Add([Threading.Thread]::CurrentThread.ManagedThreadId); $_ } }
            $made = 1..60 | ForEach-Object { "b-$_" } | New-CniNamespace | & $out | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache | & $out
            $made.ContainerId -join ' '
            ($made | Test-CniAttachment | & $out) -notcontains $false
            (Get-CniAttachment -CachePath DIR/cache).Count
            ($made | Remove-CniAttachment -PassThru | & $out).ContainerId -join ' '
            ($made.Namespace | Remove-CniNamespace -PassThru | & $out).Name -join ' '
            $threads.Count
            """).Succeeded();
        string all = string.Join(' ', Enumerable.Range(1, 60).Select(i => $"b-{i}"));
        Assert.Equal([all, "True", "60", all, all, "1"], outcome.Output.Select(item => item.ToString()));
        Assert.Empty(Left());
        Assert.DoesNotContain("10.15.6", string.Join(' ', Directory.GetFiles($"{_folder}/leases/burst").Select(Path.GetFileName)), StringComparison.Ordinal);
    }

    // The source asks for what it has given, before it gives more.
    [Fact]
    [Convention(13)]
    public void A_source_that_pauses_keeps_nothing_waiting()
    {
        PrivateMachine.Require();
        Run("'b-1', 'b-2', 'b-3', 'b-4' | New-CniNamespace").Succeeded();
        Outcome outcome = Run("""
            & {
                'b-1'; 'b-2'; 'b-3'
                $end = [datetime]::Now.AddSeconds(60)
                while (@(Get-CniAttachment -CachePath DIR/cache).Count -lt 3 -and [datetime]::Now -lt $end) { Start-Sleep -Milliseconds 5 }
                @(Get-CniAttachment -CachePath DIR/cache).Count | Set-Content DIR/seen
                'b-4'
            } | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache
            """).Succeeded();
        Assert.Equal(4, outcome.Output.Count);
        Assert.Equal("3", File.ReadAllText($"{_folder}/seen").Trim());
    }

    [Fact]
    [Convention(19)]
    public void An_error_comes_in_its_place_with_its_own_target()
    {
        PrivateMachine.Require();
        Run("1..30 | Where-Object { $_ % 10 } | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        Outcome outcome = Run("""
            1..30 | ForEach-Object { "b-$_" } | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache 2>&1 | ForEach-Object { $_ -is [Management.Automation.ErrorRecord] ? "!$($_.TargetObject)" : $_.ContainerId }
            """);
        IEnumerable<string> expected = Enumerable.Range(1, 30).Select(i => i % 10 == 0 ? $"!/run/netns/b-{i}" : $"b-{i}");
        Assert.Equal(expected, outcome.Output.Select(item => item.ToString()));
        Outcome removed = Run("1..30 | ForEach-Object { \"b-$_\" } | Remove-CniNamespace");
        Assert.Equal(["b-10", "b-20", "b-30"], removed.Errors.Select(error => error.TargetObject));
        Assert.All(removed.Errors, error => Assert.StartsWith("CniNamespaceNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    // What is named twice is there already the second time, and gone already.
    [Fact]
    public void The_first_of_two_equals_is_the_one_that_is_done()
    {
        PrivateMachine.Require();
        const string twice = "(1..20 | ForEach-Object { \"b-$($_ % 10)\" })";
        Outcome made = Run($"{twice} | New-CniNamespace");
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"b-{i % 10}"), made.Output.Select(item => ((CniNamespace)item.BaseObject).Name));
        Assert.Equal(10, made.Errors.Count);
        Outcome added = Run($"{twice} | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache");
        Assert.Equal((10, 10), (added.Output.Count, added.Errors.Count));
        Assert.All(added.Errors, error => Assert.StartsWith("CniAttachmentExists", error.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_error_ends_it_where_that_is_asked_for()
    {
        PrivateMachine.Require();
        Run("'b-1', 'b-2' + (4..80 | ForEach-Object { \"b-$_\" }) | New-CniNamespace").Succeeded();
        Outcome outcome = Run("1..80 | ForEach-Object { \"b-$_\" } | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache -ErrorAction Stop");
        Assert.Equal(["b-1", "b-2"], outcome.Output.Select(item => ((CniAttachment)item.BaseObject).ContainerId));
        Assert.Equal("/run/netns/b-3", outcome.Terminating?.TargetObject);
        IReadOnlyList<string> left = Left();
        Assert.InRange(left.Count, 2, 4); // those that were under way with it, and none behind them
        Assert.Equal("True", Run("(Get-CniAttachment -CachePath DIR/cache | Test-CniAttachment) -notcontains $false").Succeeded().Output.Single().ToString());
    }

    // One after the other: somebody says whether the next one is to be done.
    [Theory]
    [InlineData("-ThrottleLimit 1")]
    [InlineData("-WarningAction Inquire")]
    [InlineData("-ErrorAction Inquire")]
    public void Each_is_emitted_before_the_next_is_asked_for_where_one_may_stop_it(string how)
    {
        PrivateMachine.Require();
        Run("1..8 | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        Outcome outcome = Run($$"""
            $order = [Collections.Generic.List[string]]::new()
            $many = 1..8 | ForEach-Object { "b-$_" }
            & { foreach ($name in $many) { $order.Add("in $name"); $name } } | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache {{how}} | ForEach-Object { $order.Add("out $($_.ContainerId)") }
            $order
            """).Succeeded();
        Assert.Equal(Enumerable.Range(1, 8).SelectMany(i => new[] { $"in b-{i}", $"out b-{i}" }), outcome.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void Each_is_asked_about_and_planned_by_itself()
    {
        PrivateMachine.Require();
        Run("1..6 | ForEach-Object { \"b-$_\" } | New-CniNamespace | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache").Succeeded();
        Outcome asked = Run("Get-CniAttachment -CachePath DIR/cache | Remove-CniAttachment -Confirm").Succeeded();
        Assert.Equal(6, asked.Questions.Count);
        Outcome planned = Run("Get-CniAttachment -CachePath DIR/cache | Remove-CniAttachment -WhatIf; 'b-7', 'b-8', 'b-9' | New-CniNamespace -WhatIf").Succeeded();
        Assert.Equal(6, planned.Plan.Count(line => line.StartsWith("ip link del", StringComparison.Ordinal)));
        Assert.Equal(3, planned.Plan.Count(line => line.StartsWith("ip netns add", StringComparison.Ordinal)));
        Assert.Equal(6, Left().Count);
    }

    [Fact]
    public void What_is_bound_by_name_is_each_items_own()
    {
        PrivateMachine.Require();
        Run("1..12 | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        Outcome outcome = Run("""
            $rows = foreach ($i in 1..12) { [pscustomobject] @{ Namespace = "b-$i"; ContainerId = "own-$i"; Interface = "net$i"; CachePath = "DIR/cache-$($i % 2)" } }
            $rows | Add-CniAttachment DIR/burst.conflist | ForEach-Object { "$($_.ContainerId) $($_.Interface) $($_.CachePath)" }
            (Get-CniAttachment -CachePath DIR/cache-0).Count, (Get-CniAttachment -CachePath DIR/cache-1).Count
            $rows | Test-CniAttachment DIR/burst.conflist
            $rows | Remove-CniAttachment DIR/burst.conflist
            @(Get-CniAttachment -CachePath DIR/cache-0).Count + @(Get-CniAttachment -CachePath DIR/cache-1).Count
            """).Succeeded();
        Assert.Equal(
            [.. Enumerable.Range(1, 12).Select(i => $"own-{i} net{i} {_folder}/cache-{i % 2}"), "6", "6", .. Enumerable.Repeat("True", 12), "0"],
            outcome.Output.Select(item => item.ToString()));
    }

    [Fact]
    public void Verbose_lines_stand_before_what_they_are_about()
    {
        PrivateMachine.Require();
        Run("1..10 | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        Outcome outcome = Run("""
            $names = 1..10 | ForEach-Object { "b-$_" }
            $names | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache -Verbose 4>&1 | ForEach-Object { $_ -is [Management.Automation.VerboseRecord] ? $_.Message : "= $($_.ContainerId)" }
            """).Succeeded();
        List<string> lines = [.. outcome.Output.Select(item => item.ToString())];
        for (int i = 1; i <= 10; i++)
        {
            int begins = lines.FindIndex(line => line.Contains($"on target \"container b-{i},", StringComparison.Ordinal)), ends = lines.IndexOf($"= b-{i}");
            Assert.InRange(begins, i == 1 ? 0 : lines.IndexOf($"= b-{i - 1}") + 1, ends);
            Assert.Contains(lines[begins..ends], line => line.StartsWith("ip link add name veth", StringComparison.Ordinal));
        }

        Assert.StartsWith("Add-CniAttachment: 10 items, ", lines[^1], StringComparison.Ordinal);
    }

    // Those that were under way are finished: nothing is half done.
    [Fact]
    [Convention(25)]
    public void Who_has_seen_enough_leaves_whole_attachments_only()
    {
        PrivateMachine.Require();
        Run("1..40 | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        Outcome outcome = Run("1..40 | ForEach-Object { \"b-$_\" } | Add-CniAttachment DIR/burst.conflist -CachePath DIR/cache | Select-Object -First 3").Succeeded();
        Assert.Equal(["b-1", "b-2", "b-3"], outcome.Output.Select(item => ((CniAttachment)item.BaseObject).ContainerId));
        IReadOnlyList<string> left = Left();
        Assert.InRange(left.Count, 3, 40);
        Assert.Equal(left.Count, Directory.GetFiles($"{_folder}/leases/burst", "10.*").Length);
        Assert.Equal("True", Run("(Get-CniAttachment -CachePath DIR/cache | Test-CniAttachment) -notcontains $false").Succeeded().Output.Single().ToString());
    }

    [Fact]
    [Convention(24)]
    public void What_Ctrl_C_finds_under_way_is_taken_back()
    {
        PrivateMachine.Require();
        string plugin = $"{_folder}/hang";
        File.WriteAllText(plugin, $$"""
            #!/bin/sh
            [ "$CNI_COMMAND" = VERSION ] && { echo '{"cniVersion": "1.1.0", "supportedVersions": ["1.0.0", "1.1.0"]}'; exit; }
            [ "$CNI_COMMAND$CNI_CONTAINERID" = ADDb-1 ] && { cat > /dev/null; echo '{"cniVersion": "1.1.0", "ips": [], "interfaces": []}'; exit; }
            [ "$CNI_COMMAND" = ADD ] && { touch "{{_folder}}/at-$CNI_CONTAINERID"; exec sleep 600; }
            exit 0
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string network = File.ReadAllText($"{_folder}/burst.conflist");
        File.WriteAllText($"{_folder}/slow.conflist", network.Replace("\"burst\"", "\"slow\"", StringComparison.Ordinal).Replace("}}]}", "}}, {\"type\": \"hang\"}]}", StringComparison.Ordinal));
        Run("1..20 | ForEach-Object { \"b-$_\" } | New-CniNamespace").Succeeded();
        using PowerShell shell = PowerShell.Create(_session.Runspace);
        shell.AddScript(Place("1..20 | ForEach-Object { \"b-$_\" } | Add-CniAttachment DIR/slow.conflist -CachePath DIR/cache -PluginPath DIR -ThrottleLimit 8"));
        PSDataCollection<PSObject> output = [];
        IAsyncResult running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        System.Diagnostics.Stopwatch watch = new();
        while (Directory.GetFiles(_folder, "at-*").Length < 3 && watch.Elapsed.TotalSeconds < 5) // on a busy machine the second may be done by itself
        {
            if (File.Exists($"{_folder}/at-b-2"))
            {
                watch.Start();
            }

            Assert.False(running.AsyncWaitHandle.WaitOne(10), "it ended by itself");
        }

        shell.Stop();
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
        Assert.Equal(["b-1"], Left());
        Assert.Single(Directory.GetFiles($"{_folder}/leases/slow", "10.*"));
    }

    private IReadOnlyList<string> Left() => [.. Run("Get-CniAttachment -CachePath DIR/cache | ForEach-Object ContainerId").Output.Select(item => item.ToString())];

    private Outcome Run(string script) => _session.Run(Place(script));

    private string Place(string script) => script.Replace("DIR", _folder, StringComparison.Ordinal);
}
