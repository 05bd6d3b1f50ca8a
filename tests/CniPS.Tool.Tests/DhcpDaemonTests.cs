using System;
using CniPS.Plugin.Options;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The dhcp daemon as a program: started, by systemd's way as well, asked by the plugin as a program, ended, started again.</summary>
public sealed class DhcpDaemonTests(NativeExecutable executable)
{
    private const string Lan =
        """
        ip netns add server
        ip link add br0 up type bridge
        ip link add uplink up master br0 type veth peer name eth0 netns server
        ip -n server addr add 10.77.0.1/24 dev eth0
        ip -n server link set eth0 up
        ip netns exec server dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --port=0 --user=root --pid-file= --interface=eth0 --bind-interfaces \
            --dhcp-range=10.77.0.50,10.77.0.60,2m --no-ping --dhcp-authoritative --dhcp-leasefile=/run/work/leases &
        server=$!
        trap 'kill $server' EXIT
        ip netns add blue
        wait_for() { for i in $(seq 100); do if eval "$1"; then return 0; fi; sleep 0.1; done; echo "not: $1"; cat daemon.log; return 1; }
        call() { echo '{"cniVersion": "1.0.0", "name": "lan", "type": "bridge", "bridge": "br0", "ipam": {"type": "dhcp"}}' | plugin "$CNIPS" bridge "$1" web1 "${2-/run/netns/blue}" eth0; }

        """;

    [Fact]
    public void TheDaemonKeepsLeasesForThePrograms()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Lan + """
            "$CNIPS/dhcp" daemon -pidfile /run/dhcp.pid -timeout 5s -resendmax=10s --resendtimeout 20s -broadcast=true 2>daemon.log &
            daemon=$!
            wait_for '[ -S /run/cni/dhcp.sock ] && [ -s /run/dhcp.pid ]'
            [ "$(cat /run/dhcp.pid)" = $daemon ]
            call ADD | grep -o '10.77.0.[0-9]*/24'
            call CHECK || true
            "$CNIPS/cnips" dhcp list | sed 's/  */ /g; s/ [0-9-]* [0-9:]*$//; s/0\.[56][0-9]/0.N/'
            call DEL
            wait_for '! grep -q 10.77 leases'

            # What it holds when it ends stays in use, and a second one takes it up.
            call ADD >/dev/null
            kill $daemon
            wait $daemon
            [ ! -e /run/cni/dhcp.sock ] && [ ! -e /run/dhcp.pid ]
            grep -c 10.77 leases
            call DEL || true
            """).Trim();
        string[] lines = output.Split('\n');
        Assert.StartsWith("10.77.0.", lines[0], StringComparison.Ordinal);
        Assert.Contains("lan web1 eth0 BOUND 10.77.0.N/24 10.77.0.1", output, StringComparison.Ordinal);
        Assert.Contains("\n1\n", output, StringComparison.Ordinal);
        Assert.Contains("error dialing DHCP daemon: connect to /run/cni/dhcp.sock: no such file or directory", output, StringComparison.Ordinal);
    }

    [Fact]
    public void SystemdMayHoldTheSocket()
    {
        Require();
        Assert.SkipUnless(Shell.Has("python3"), "needs python3");
        string output = Sandbox.Check(
            executable,
            Lan + """
            cat >activate.py <<'PY'
            import os, socket, sys
            os.makedirs('/run/cni', 0o700)
            s = socket.socket(socket.AF_UNIX)
            s.bind('/run/cni/dhcp.sock')
            s.listen()
            if s.fileno() != 3:
                os.dup2(s.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS=sys.argv[1], LISTEN_PID=str(os.getpid()))
            os.execv(os.environ['CNIPS'] + '/cnips', ['cnips', 'dhcp', 'daemon'])
            PY
            python3 activate.py 1 2>daemon.log &
            daemon=$!
            wait_for '[ -S /run/cni/dhcp.sock ]'
            call ADD | grep -o '10.77.0.[0-9]*/24'
            call DEL
            kill $daemon
            wait $daemon
            [ -S /run/cni/dhcp.sock ] && echo 'the socket stays'
            rm -r /run/cni
            python3 activate.py 2 2>&1 || echo "exit code $?"
            """).Trim();
        Assert.StartsWith("10.77.0.", output, StringComparison.Ordinal);
        Assert.Contains("the socket stays", output, StringComparison.Ordinal);
        Assert.Contains("Too many (2) FDs passed through socket activation", output, StringComparison.Ordinal);
        Assert.EndsWith("exit code 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void HostPrefixGoesBeforeSocketsAndNamespaces()
    {
        Require();
        string output = Sandbox.Check(
            executable,
            Lan + """
            mkdir -p root/run && ln -s /run/netns root/run/netns
            "$CNIPS/cnips" dhcp daemon -hostprefix /run/work/root 2>daemon.log &
            daemon=$!
            wait_for '[ -S root/run/cni/dhcp.sock ]'
            cat >conf <<'C'
            {"cniVersion": "1.0.0", "name": "lan", "type": "bridge", "bridge": "br0", "ipam": {"type": "dhcp", "daemonSocketPath": "/run/work/root/run/cni/dhcp.sock"}}
            C
            plugin "$CNIPS" bridge ADD web1 /run/netns/blue eth0 <conf | grep -o '10.77.0.[0-9]*/24'
            kill $daemon
            wait $daemon
            """).Trim();
        Assert.StartsWith("10.77.0.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheGoDaemonAndItsPluginAreToldThatOursAreOthers()
    {
        Sandbox.Require(goPlugins: true);
        string output = Sandbox.Check(
            executable,
            """
            "$GO/dhcp" daemon -socketpath /run/go.sock 2>/dev/null &
            go=$!
            "$CNIPS/dhcp" daemon -socketpath /run/ours.sock 2>/dev/null &
            ours=$!
            while [ ! -S /run/go.sock ] || [ ! -S /run/ours.sock ]; do sleep 0.1; done
            ip netns add blue
            call() { echo '{"cniVersion": "1.0.0", "name": "lan", "type": "bridge", "ipam": {"type": "dhcp", "daemonSocketPath": "'$2'"}}' | plugin "$1" dhcp ADD web1 /run/netns/blue eth0 || true; }
            call "$CNIPS" /run/go.sock
            call "$GO" /run/ours.sock
            kill $go $ours
            wait $ours
            """);
        Assert.Contains("the daemon at /run/go.sock is the Go plugin's, whose protocol is Go's own", output, StringComparison.Ordinal);
        Assert.Contains(
            "error dialing DHCP daemon: dial-http unix /run/ours.sock: unexpected HTTP response: 501 this is the dhcp daemon of CniPS", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("0", 0)]
    [InlineData("10", -1)]
    [InlineData("s", -1)]
    [InlineData("1x", -1)]
    [InlineData("-5s", -1)]
    [InlineData("", -1)]
    public void TimesAreWrittenAsInGo(string text, int milliseconds) =>
        Assert.Equal(milliseconds, GoDuration.TryParse(text, out TimeSpan time) ? (int)time.TotalMilliseconds : -1);

    private static void Require()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("dnsmasq"), "needs dnsmasq (Debian: dnsmasq-base)");
    }
}
