using System;
using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using System.Net.Sockets;
using System.Threading.Tasks;
using CniPS.Tests.Conventions;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests;

/// <summary>Ctrl+C: a cmdlet that waits ends at once, without an error, and what it had begun is taken back.</summary>
public sealed class CancellationTests : IDisposable
{
    // Waits, for the verb that the file names, far longer than any test may take.
    private const string Plugin = """
        #!/bin/sh
        [ "$CNI_COMMAND" = VERSION ] && [ "$(cat $FOLDER/hangs)" != VERSION ] && { echo '{"cniVersion": "1.1.0", "supportedVersions": ["1.0.0", "1.1.0"]}'; exit; }
        [ "$CNI_COMMAND" = "$(cat $FOLDER/hangs)" ] && { touch $FOLDER/started; exec sleep 600; }
        [ "$CNI_COMMAND" = ADD ] && echo '{"cniVersion": "1.1.0", "ips": [], "interfaces": []}'
        exit 0
        """;

    private readonly Session _session = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-stop-").FullName;

    public CancellationTests()
    {
        if (PrivateMachine.Missing is null)
        {
            string plugin = Path.Combine(_folder, "hang");
            File.WriteAllText(plugin, Plugin.Replace("$FOLDER", _folder, StringComparison.Ordinal));
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(Path.Combine(_folder, "slow.conflist"), """
                {"cniVersion": "1.1.0", "name": "slow", "plugins": [
                  {"type": "bridge", "bridge": "slow0", "ipam": {"type": "host-local", "subnet": "10.15.40.0/24", "dataDir": "FOLDER/leases"}}, {"type": "hang"}]}
                """.Replace("FOLDER", _folder, StringComparison.Ordinal));
            _session.Run("New-CniNamespace waits").Succeeded();
        }
    }

    [Theory]
    [Convention(24)]
    [InlineData("ADD", "", "Add-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache")]
    [InlineData("DEL", "ADD", "Remove-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache")]
    [InlineData("CHECK", "ADD", "Test-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache")]
    [InlineData("CHECK", "ADD", "Repair-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache")]
    [InlineData("STATUS", "", "Test-CniNetwork NET -Status -PluginPath DIR")]
    [InlineData("GC", "", "Clear-CniNetwork NET -PluginPath DIR -CachePath DIR/cache -Confirm:$false")]
    [InlineData("VERSION", "", "Get-CniPlugin hang -PluginPath DIR")]
    [InlineData("", "", "Invoke-CniCommand waits -Command sh, -c, 'touch DIR/started; exec sleep 600'")]
    public void Ends_a_cmdlet_that_waits_for_a_program(string verb, string before, string command)
    {
        PrivateMachine.Require();
        string Place(string text) => text.Replace("NET", $"{_folder}/slow.conflist", StringComparison.Ordinal).Replace("DIR", _folder, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "hangs"), "none");
        const string add = "Add-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache | Out-Null";
        _session.Run(before == "ADD" ? Place(add) : "").Succeeded();
        string picture = Populated.Picture();
        File.WriteAllText(Path.Combine(_folder, "hangs"), verb);
        Stops(Place(command), () => File.Exists(Path.Combine(_folder, "started")));
        File.WriteAllText(Path.Combine(_folder, "hangs"), "none");
        if (verb != "DEL")
        {
            Assert.Equal(picture, Populated.Picture());
        }

        _session.Run(Place("Remove-CniAttachment NET waits -PluginPath DIR -CachePath DIR/cache")).Succeeded();
        Assert.DoesNotContain("10.15.40", PrivateMachine.Run("ip", "-n", "waits", "address"), StringComparison.Ordinal);
    }

    [Theory]
    [Convention(24)]
    [InlineData("Get-CniStatistic -Interval 3600 -Continuous")]
    [InlineData("Watch-CniEvent")]
    public void Ends_one_that_goes_on_for_ever(string command)
    {
        PrivateMachine.Require();
        string began = Path.Combine(_folder, "began");
        Stops($"Set-Content {began} 1; {command}", () => File.Exists(began));
    }

    [Fact]
    public void Ends_a_capture_and_writes_what_was_in_memory()
    {
        PrivateMachine.Require();
        string capture = Path.Combine(_folder, "stopped.pcapng");
        Stops($"Save-CniCapture {capture} -Link lo", () => File.Exists(capture));
        Assert.True(new FileInfo(capture).Length > 0);
    }

    [Fact]
    public async Task Ends_one_that_waits_for_a_daemon()
    {
        PrivateMachine.Require();
        string path = Path.Combine(_folder, "mute.sock");
        using Socket daemon = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        daemon.Bind(new UnixDomainSocketEndPoint(path));
        daemon.Listen();
        Task<Socket> caller = daemon.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        Stops($"Get-CniDhcpLease -SocketPath {path}", () => caller.IsCompletedSuccessfully);
        (await caller).Dispose();
    }

    private void Stops(string command, Func<bool> isWaiting)
    {
        using PowerShell shell = PowerShell.Create(_session.Runspace);
        shell.AddScript(command);
        IAsyncResult running = shell.BeginInvoke();
        while (!isWaiting())
        {
            // Not said with the errors: to enumerate them waits for the end.
            Assert.False(running.AsyncWaitHandle.WaitOne(10), $"{command} ended by itself: {shell.InvocationStateInfo.Reason}");
        }

        Stopwatch watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5); // a tenth, where the machine has nothing else to do
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
    }

    public void Dispose()
    {
        if (PrivateMachine.Missing is null)
        {
            _session.Run("Remove-CniNamespace waits");
        }

        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
