using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Firewall;

/// <summary>A real firewalld on a private machine, with a D-Bus of its own.</summary>
internal sealed class PrivateFirewalld : IDisposable
{
    private readonly Process _bus;
    private readonly Process _firewalld;
    private readonly Sandbox _sandbox;

    internal PrivateFirewalld(Sandbox sandbox)
    {
        _sandbox = sandbox;
        foreach (string program in (string[])["dbus-daemon", "firewalld", "firewall-cmd"])
        {
            Assert.SkipUnless(Sandbox.TryRun($"command -v {program}").Status == 0, $"needs {program} (Debian: firewalld, dbus-daemon)");
        }

        string socket = Path.Combine(sandbox.Folder, "bus"), settings = Path.Combine(sandbox.Folder, "firewalld");
        Address = $"unix:path={socket}";
        Directory.CreateDirectory(settings);
        File.WriteAllText(Path.Combine(sandbox.Folder, "bus.conf"), $"""
            <busconfig><type>system</type><listen>{Address}</listen><auth>EXTERNAL</auth><policy context="default">
            <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
            """);
        _bus = Start($"dbus-daemon --config-file={sandbox.Folder}/bus.conf --nofork --nopidfile");
        Wait(() => File.Exists(socket), "dbus-daemon");
        _firewalld = Start($"ip netns exec {sandbox.HostName} firewalld --nofork --nopid --log-file {settings}/log --system-config {settings}");
        Wait(() => Command("--state").StartsWith("running", StringComparison.Ordinal), "firewalld");
    }

    /// <summary>Where its D-Bus is.</summary>
    internal string Address { get; }

    internal string Command(string arguments) => Sandbox.TryRun($"DBUS_SYSTEM_BUS_ADDRESS={Address} firewall-cmd {arguments}").Output;

    public void Dispose()
    {
        foreach (Process process in (Process[])[_firewalld, _bus])
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    private Process Start(string command) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {command} > {_sandbox.Folder}/daemon.log 2>&1"])
    {
        Environment = { ["DBUS_SYSTEM_BUS_ADDRESS"] = Address },
    })!;

    private static void Wait(Func<bool> isReady, string what)
    {
        for (int i = 0; !isReady(); i++)
        {
            Assert.True(i < 300, $"{what} does not come up");
            Thread.Sleep(100);
        }
    }
}
