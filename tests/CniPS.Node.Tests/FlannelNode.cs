using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using CniPS.Tests;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>A node of flannel's network: a namespace with a cable to the switch, cnipsd in there with mounts of its own, and containers by the plugin flannel.</summary>
internal sealed class FlannelNode : IDisposable
{
    private readonly Sandbox _sandbox;
    private readonly string _endpoint, _folder, _log;
    private readonly int _number;
    private Process? _process;

    /// <summary>Makes it; its cnipsd is started by <see cref="Start"/>.</summary>
    /// <param name="sandbox">What it is a part of; its host is the switch, with a bridge called switch.</param>
    /// <param name="number">1 to 9.</param>
    /// <param name="endpoint">etcd.</param>
    /// <param name="network">Its network: nodes of the same one are on one link.</param>
    internal FlannelNode(Sandbox sandbox, int number, string endpoint, int network = 99)
    {
        _sandbox = sandbox;
        _number = number;
        _endpoint = endpoint;
        Address = $"10.{network}.0.1{number}";
        Address6 = $"fd00:{network}::1{number}";
        Namespace = sandbox.AddNamespace($"n{number}");
        _folder = Directory.CreateDirectory(Path.Combine(sandbox.Folder, $"n{number}")).FullName;
        _log = Path.Combine(_folder, "log");
        string cable = $"n{number}", ip = $"ip -n {Namespace}";
        Sandbox.Run(
            $"{ip} link set lo up && ip -n {sandbox.HostName} link add {cable} up master switch{network} type veth peer name eth0 netns {Namespace} && {ip} link set eth0 up "
            + $"&& {ip} addr add {Address}/24 dev eth0 && {ip} addr add {Address6}/64 dev eth0 nodad && {ip} route add default via 10.{network}.0.1 && {ip} route add default via fd00:{network}::1");
        File.WriteAllText(Conflist, $$"""
            {"cniVersion":"1.0.0","name":"cbr0","plugins":[{"type":"flannel","subnetFile":"{{SubnetFile}}","dataDir":"{{_folder}}/data",
              "ipam":{"dataDir":"{{_folder}}/networks"},"delegate":{"isDefaultGateway":true,"ipMasq":false} }]}
            """);
    }

    internal string Namespace { get; }

    internal string Address { get; }

    internal string Address6 { get; }

    internal string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    internal string SubnetFile => Path.Combine(_folder, "subnet.env");

    /// <summary>The key of its subnet, behind the folder.</summary>
    internal string Key()
    {
        string[] lines = File.ReadAllLines(SubnetFile);
        string Of(string name) => Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..] : "";
        string subnet = Of("FLANNEL_SUBNET=").Replace(".1/", ".0-", StringComparison.Ordinal), subnet6 = Of("FLANNEL_IPV6_SUBNET=").Replace("::1/", "::-", StringComparison.Ordinal);
        return subnet6.Length == 0 ? subnet : $"{subnet}&{subnet6}";
    }

    private string Conflist => Path.Combine(_folder, "cbr0.conflist");

    /// <summary>Starts its cnipsd, and waits until it has a subnet.</summary>
    internal void Start(params string[] options)
    {
        int before = Log.Length;
        _process = Launch(options);
        TestNode.WaitFor(() => _process.HasExited || Log[before..].Contains("is this node's", StringComparison.Ordinal), $"{Namespace} has a subnet: {Log}");
        Assert.False(_process.HasExited, Log);
        TestNode.WaitFor(() => File.Exists(SubnetFile), "the file is there");
    }

    /// <summary>Starts its cnipsd while etcd is away.</summary>
    internal void StartWithoutStore() => _process = Launch("--timeout", "2");

    /// <summary>Ends it at once (SIGKILL).</summary>
    internal void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
        File.Delete(Path.Combine(_folder, "run/cnipsd.sock"));
    }

    /// <summary>Runs cnipsd to its end.</summary>
    internal string Run(params string[] options)
    {
        using Process process = Launch(options);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, Log);
        return output;
    }

    /// <summary>Runs ip inside.</summary>
    internal string Ip(string arguments) => Sandbox.Run($"ip -n {Namespace} {arguments}");

    /// <summary>Runs bridge inside.</summary>
    internal string Bridge(string arguments) => Sandbox.Run($"bridge -n {Namespace} {arguments}");

    /// <summary>Puts a container onto the network.</summary>
    /// <returns>Its namespace.</returns>
    internal string Add(string container)
    {
        string name = _sandbox.AddNamespace($"n{_number}-{container}");
        Sandbox.Run($"DOTNET_ROOT={TestNode.DotNetRoot} ip netns exec {Namespace} {Path.Combine(AppContext.BaseDirectory, "cnips")} add {Conflist} {name} --cache-dir {_folder}/cache");
        return name;
    }

    /// <summary>A container's address.</summary>
    internal static string AddressOf(string container, bool v6 = false) =>
        Sandbox.Run($"ip -n {container} -o -{(v6 ? 6 : 4)} addr show eth0 scope global | awk '{{ sub(\"/.*\", \"\", $4); print $4 }}'").Trim();

    /// <summary>Whether a container gets an answer of another.</summary>
    internal static bool Reaches(string container, string address) => Sandbox.TryRun($"ip netns exec {container} ping -c 1 -W 2 {address}").Status == 0;

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }
    }

    private Process Launch(params string[] options)
    {
        List<string> arguments =
        [
            "-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh", _log, "ip", "netns", "exec", Namespace, Path.Combine(AppContext.BaseDirectory, "cnipsd"),
            "--endpoints", _endpoint, "--node", $"n{_number}", "--state", Path.Combine(_folder, "state"), "--socket", Path.Combine(_folder, "run/cnipsd.sock"), "--timeout", "30",
            "--flannel", "/coreos.com/network", "--subnetfile", SubnetFile, "--dhcp", "false", .. options,
        ];
        ProcessStartInfo start = new("/bin/sh", arguments) { RedirectStandardOutput = Array.Exists(options, static option => option == "--plan") };
        start.Environment["DOTNET_ROOT"] = TestNode.DotNetRoot;
        return Process.Start(start)!;
    }
}
