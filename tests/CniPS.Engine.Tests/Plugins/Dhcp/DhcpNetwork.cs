using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Dhcp;

/// <summary>A private machine with a bridge, a namespace beside it in which dnsmasq serves addresses, and a dhcp service.</summary>
internal sealed class DhcpNetwork : IDisposable
{
    private readonly string _server;
    private readonly List<string> _log = [];
    private Process? _dnsmasq;

    internal DhcpNetwork(string ipam = "", string name = "lan")
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/dnsmasq"), "needs dnsmasq (Debian: dnsmasq-base)");
        Network = new TestNetwork();
        _server = Sandbox.AddNamespace("server");
        Sandbox.Run(
            $"ip -n {Sandbox.HostName} link add {TestNetwork.Bridge} up type bridge && "
            + $"ip -n {Sandbox.HostName} link add uplink up master {TestNetwork.Bridge} type veth peer name eth0 netns {_server} && "
            + $"ip -n {_server} addr add 10.77.0.1/24 dev eth0 && ip -n {_server} link set eth0 up && ip -n {_server} link set lo up");
        SocketPath = Path.Combine(Sandbox.Folder, "dhcp.sock");
        Service = Start();
        ipam = ipam.Length > 0 ? ", " + ipam : "";
        Network.List = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "1.1.0", "name": "{{name}}", "plugins": [{"type": "bridge", "bridge": "{{TestNetwork.Bridge}}",
             "ipam": {"type": "dhcp", "daemonSocketPath": "{{SocketPath}}"{{ipam}} } } ] }
            """));
    }

    internal TestNetwork Network { get; }

    internal Sandbox Sandbox => Network.Sandbox;

    internal string SocketPath { get; }

    internal DhcpService Service { get; set; }

    /// <summary>What the service has said.</summary>
    internal string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    internal string LeaseFile => Path.Combine(Sandbox.Folder, "leases");

    /// <summary>What dnsmasq has written: the packets that it saw, and their options.</summary>
    internal string ServerLog => File.ReadAllText(Path.Combine(Sandbox.Folder, "dnsmasq.log"));

    /// <summary>The leases that dnsmasq remembers, a line each: time, MAC, address, name, client id.</summary>
    internal string Leases => File.Exists(LeaseFile) ? string.Join('\n', File.ReadAllLines(LeaseFile).Where(line => !line.StartsWith("duid", StringComparison.Ordinal))) : "";

    internal IReadOnlyList<DhcpLeaseInfo> Held => DhcpDaemon.Leases(SocketPath, TestContext.Current.CancellationToken);

    internal DhcpService Start() => new(
        Sandbox.Host,
        new DhcpServiceOptions { SocketPath = SocketPath, ResendTimeout = TimeSpan.FromSeconds(3) },
        text =>
        {
            lock (_log)
            {
                _log.Add(text);
            }
        });

    /// <summary>Starts dnsmasq in its namespace; T1 and T2 in seconds, since its leases last two minutes at least.</summary>
    internal void Serve(int renewal = 0, int rebinding = 0, string options = "", string range = "10.77.0.50,10.77.0.60,2m")
    {
        string times = renewal > 0 ? $"--dhcp-option-force=58,{Seconds(renewal)} --dhcp-option-force=59,{Seconds(rebinding)}" : "";
        _dnsmasq = Process.Start(new ProcessStartInfo(
            "ip",
            $"netns exec {_server} dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --port=0 --user=root --pid-file= --interface=eth0 --bind-interfaces "
            + $"--dhcp-range={range} --dhcp-authoritative --no-ping --dhcp-leasefile={LeaseFile} --log-dhcp --log-facility={Sandbox.Folder}/dnsmasq.log {times} {options}"))!;
        string log = Path.Combine(Sandbox.Folder, "dnsmasq.log");
        Await(() => File.Exists(log) && File.ReadAllText(log).Contains("DHCP, IP range", StringComparison.Ordinal), "dnsmasq listens");
    }

    internal void StopServing()
    {
        if (_dnsmasq is { } process)
        {
            process.Kill();
            process.WaitForExit();
            _dnsmasq = null;
            File.Delete(Path.Combine(Sandbox.Folder, "dnsmasq.log"));
        }
    }

    /// <summary>Waits for something to become so.</summary>
    internal void Await(Func<bool> condition, string what, int seconds = 15)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), $"it took too long until {what}\n{Log}");
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(20);
        }
    }

    public void Dispose()
    {
        StopServing();
        Service.Dispose();
        Network.Dispose();
    }

    private static string Seconds(int seconds) => $"{seconds}";
}
