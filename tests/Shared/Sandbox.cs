using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using Xunit;

namespace CniPS.Tests;

/// <summary>
/// A private machine: a network namespace that plays the host, others that play containers, and folders of its own. Everything is
/// removed at the end. Needs root.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private readonly string _prefix = "cnips-" + Guid.NewGuid().ToString("n")[..10];
    private readonly List<string> _names = [];

    internal Sandbox()
    {
        Assert.SkipUnless(Environment.UserName == "root" || Environment.IsPrivilegedProcess, "network namespaces need root");
        Folder = Directory.CreateTempSubdirectory("cnips-test-").FullName;
        HostName = AddNamespace("host");
        Host = new LinuxHost(NetworkNamespace.Open(NamedNamespaces.PathOf(HostName)));
        Run($"ip -n {HostName} link set lo up");
    }

    internal string Folder { get; }

    internal string HostName { get; }

    internal LinuxHost Host { get; }

    internal string DataFolder => Path.Combine(Folder, "networks");

    /// <summary>The locks of the namespace that plays the host.</summary>
    internal string Locks => $"/run/cnips/locks/{Host.Namespace.Id.Key}";

    internal string CacheFolder => Path.Combine(Folder, "cache");

    /// <summary>Makes a namespace; its real name is unique on this machine.</summary>
    internal string AddNamespace(string name)
    {
        string real = $"{_prefix}-{name}";
        NamedNamespaces.Create(real).Dispose();
        _names.Add(real);
        return real;
    }

    internal void RemoveNamespace(string real)
    {
        _names.Remove(real);
        NamedNamespaces.Remove(real);
    }

    /// <summary>Runs a shell command and gives what it printed; it must succeed.</summary>
    internal static string Run(string command)
    {
        (int status, string output) = TryRun(command);
        Assert.True(status == 0, $"{command}\nended with {status}:\n{output}");
        return output;
    }

    internal static (int Status, string Output) TryRun(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 2>&1; " + command]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // ip looks at every named namespace, and another test may be making one just then.
        return (process.ExitCode, output.Replace("Error: Peer netns reference is invalid.\n", "", StringComparison.Ordinal));
    }

    /// <summary>Runs a command inside the namespace that plays the host.</summary>
    internal string RunOnHost(string command) => Run($"ip netns exec {HostName} {command}");

    /// <summary>
    /// What ip and nft print of a namespace (links, addresses and routes, a line each, then the rules), and whether it forwards. It takes four processes:
    /// where tests look after each of many steps, starting them is most of the work.
    /// </summary>
    internal static string Look(string ns) => Run(
        $"exec nsenter --net=/run/netns/{ns} sh -c 'printf \"link\\naddr\\nroute\\n\" | ip -o -batch -; nft list ruleset; read -r on < /proc/sys/net/ipv4/ip_forward; echo $on'");

    public void Dispose()
    {
        if (Directory.Exists(Locks))
        {
            Directory.Delete(Locks, recursive: true);
        }

        Host.Dispose();
        foreach (string name in _names)
        {
            NamedNamespaces.Remove(name);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
