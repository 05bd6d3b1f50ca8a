using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>cnipsd in the place of cnips dhcp daemon, and as systemd starts it, for real.</summary>
public sealed class NodeDhcpTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string _socket, _log;
    private Process? _daemon, _server;

    public NodeDhcpTests()
    {
        _socket = Path.Combine(_sandbox.Folder, "run/dhcp.sock");
        _log = Path.Combine(_sandbox.Folder, "log");
    }

    public void Dispose()
    {
        foreach (Process? process in (Process?[])[_daemon, _server])
        {
            process?.Kill();
            process?.WaitForExit();
            process?.Dispose();
        }

        _sandbox.Dispose();
    }

    // etcd is not needed for it.
    [Fact]
    public void ItKeepsLeasesAndWaitsForAnotherDaemonToEnd()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/dnsmasq"), "needs dnsmasq");
        string server = _sandbox.AddNamespace("server"), container = _sandbox.AddNamespace("blue"), host = _sandbox.HostName;
        Sandbox.Run(
            $"ip -n {host} link add br0 up type bridge && ip -n {host} link add uplink up master br0 type veth peer name eth0 netns {server} "
            + $"&& ip -n {server} addr add 10.77.0.1/24 dev eth0 && ip -n {server} link set eth0 up");
        _server = Process.Start("ip",
        [
            "netns", "exec", server, "/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--port=0", "--user=root", "--pid-file=", "--interface=eth0",
            "--bind-interfaces", "--dhcp-range=10.77.0.50,10.77.0.60,2m", "--no-ping", "--dhcp-authoritative", $"--dhcp-leasefile={_sandbox.Folder}/leases",
        ]);
        string conflist = Path.Combine(_sandbox.Folder, "lan.conflist");
        File.WriteAllText(conflist, $$"""
            {"cniVersion":"1.0.0","name":"lan","plugins":[{"type":"bridge","bridge":"br0","ipam":{"type":"dhcp","daemonSocketPath":"{{_socket}}"} }]}
            """);

        // Another one has the socket: that one goes on.
        using (DhcpService other = new(_sandbox.Host, new DhcpServiceOptions { SocketPath = _socket }))
        {
            _daemon = Start("/bin/sh", "-c", "exec \"$@\" 2>>$0", _log, "ip", "netns", "exec", host, Path.Combine(AppContext.BaseDirectory, "cnipsd"));
            TestNode.WaitFor(() => Log.Contains($"dhcp: Error getting listener: another daemon listens at {_socket}", StringComparison.Ordinal), "it is told");
        }

        TestNode.WaitFor(() => Log.Contains($"dhcp: leases are kept for who asks at {_socket}", StringComparison.Ordinal), "it begins");
        string cnips = $"DOTNET_ROOT={TestNode.DotNetRoot} ip netns exec {host} {Path.Combine(AppContext.BaseDirectory, "cnips")}";
        Sandbox.Run($"{cnips} add {conflist} {container} --cache-dir {_sandbox.CacheFolder}");
        DhcpLeaseInfo lease = Assert.Single(DhcpDaemon.Leases(_socket, TestContext.Current.CancellationToken));
        Assert.StartsWith("10.77.0.", lease.Address?.ToString());
        Assert.Contains($"{lease.Address}", Sandbox.Run($"ip -n {container} -o -4 addr show eth0"));
        Sandbox.Run($"{cnips} del {conflist} {container} --cache-dir {_sandbox.CacheFolder}");
        Assert.Empty(DhcpDaemon.Leases(_socket, TestContext.Current.CancellationToken));
    }

    // Both sockets are systemd's, who starts it with the first question, and waits until it is ready.
    [Fact]
    public async Task SystemdMayHoldBothSockets()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-socket-activate"), "needs systemd-socket-activate (systemd)");
        string questions = Path.Combine(_sandbox.Folder, "run/cnipsd.sock"), notices = Path.Combine(_sandbox.Folder, "notify");
        Directory.CreateDirectory(Path.GetDirectoryName(questions)!);
        using Socket listener = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(notices));
        _daemon = Start(
            "/bin/sh", "-c", "exec \"$@\" 2>>$0", _log, "systemd-socket-activate", "-l", _socket, "-l", questions,
            "-E", $"DOTNET_ROOT={TestNode.DotNetRoot}", "-E", $"NOTIFY_SOCKET={notices}", Path.Combine(AppContext.BaseDirectory, "cnipsd"));
        TestNode.WaitFor(() => File.Exists(questions), "systemd listens");
        Assert.Empty(DhcpDaemon.Leases(_socket, TestContext.Current.CancellationToken));
        Assert.Empty(ClusterDaemon.Blocks(questions, TestContext.Current.CancellationToken));
        byte[] notice = new byte[100];
        int length = await listener.ReceiveAsync(notice, TestContext.Current.CancellationToken);
        Assert.Equal("READY=1", Encoding.UTF8.GetString(notice, 0, length));

        // They are systemd's, and stay.
        Sandbox.Run($"kill {_daemon.Id}");
        _daemon.WaitForExit();
        Assert.True(File.Exists(_socket) && File.Exists(questions));
    }

    private string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    private Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program,
        [
            .. arguments, "--endpoints", "http://127.0.0.1:1", "--node", "n1", "--state", Path.Combine(_sandbox.Folder, "state"),
            "--socket", Path.Combine(_sandbox.Folder, "run/cnipsd.sock"), "--dhcpsocket", _socket,
        ]);
        start.Environment["DOTNET_ROOT"] = TestNode.DotNetRoot;
        return Process.Start(start)!;
    }
}
