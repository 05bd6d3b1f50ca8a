using System;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The commands.</summary>
public sealed class CommandTests(NativeExecutable executable)
{
    private const string Network =
        """
        cat > mybridge.conf <<'X'
        {"cniVersion":"0.2.0","name":"mybridge","type":"bridge","bridge":"cni_bridge0","isGateway":true,"ipMasq":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"},{"dst":"1.1.1.1/32","gw":"10.15.20.1"}]}}
        X
        sed 's/{"cniVersion":"0.2.0","name":"mybridge",/{"cniVersion":"1.1.0","name":"mybridge","plugins":[{/; s/}$/}]}/' mybridge.conf > mybridge.conflist
        sed -i '1s/}$//; 1s/}\]//' mybridge.conflist
        ip netns add 1234567890
        ip netns add blue
        cnips() { $CNIPS/cnips "$@"; }

        """;

    [Fact]
    public void WalkThrough()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            cnips add ./mybridge.conf 1234567890 --container-id 1234567890 --ifname eth12
            echo
            ip -n 1234567890 -o -4 addr show dev eth12 | grep -o 'inet [^ ]*'
            ip -n 1234567890 route | grep -c 'via 10.15.20.1 dev eth12'
            ip -o -4 addr show dev cni_bridge0 | grep -o 'inet [^ ]*'
            cat /proc/sys/net/ipv4/ip_forward
            ls /var/lib/cni/results
            cnips del ./mybridge.conf 1234567890 -i eth12
            cnips del ./mybridge.conf 1234567890 -i eth12
            ls /var/lib/cni/results | wc -l
            ip -o link | grep -c veth || true
            """);

        Assert.StartsWith("{\n    \"cniVersion\": \"0.2.0\",\n    \"ip4\": {\n        \"ip\": \"10.15.20.2/24\",", output, StringComparison.Ordinal);
        Assert.EndsWith(
            "inet 10.15.20.2/24\n2\ninet 10.15.20.1/24\n1\nmybridge-1234567890-eth12\n0\n0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckWithANamespaceTakesTheRestFromTheCache()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            cat > ports.conflist <<'X'
            {"cniVersion":"1.0.0","name":"ports","plugins":[
             {"type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"host-local","subnet":"10.16.0.0/24"}},
             {"type":"portmap","capabilities":{"portMappings":true}}]}
            X
            cnips add ports.conflist blue --capability-args '{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}' > /dev/null
            cnips check ports.conflist blue
            nft delete table inet cnips
            cnips check ports.conflist blue || echo "exit $?"
            cnips check ports.conflist --container-id blue > other || echo "exit $?"
            cnips check ports.conflist blue | cmp - other
            """);

        Assert.Contains("host port 8080", output, StringComparison.Ordinal);
        Assert.EndsWith("exit 3\nexit 3\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckSaysWhatIsWrong()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            cnips add mybridge.conflist blue > /dev/null
            cnips check mybridge.conflist blue; echo "exit $?"
            ip -n blue addr del 10.15.20.2/24 dev eth0
            cnips check mybridge blue || echo "exit $?"
            cnips add ./mybridge.conf 1234567890 > /dev/null
            cnips check ./mybridge.conf 1234567890 2>&1 || echo "exit $?"
            """);

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("exit 0", lines[0]);
        Assert.Equal("Failed to match addr 10.15.20.2/24 on interface eth0", lines[1]);
        Assert.Contains("exit 3", lines);
        Assert.Contains(lines, static line => line.Contains("does not support the CHECK command", StringComparison.Ordinal));
        Assert.Equal("exit 1", lines[^1]);
    }

    [Fact]
    public void SettingsComeFromTheEnvironmentToo()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            mkdir net.d; mv mybridge.conflist net.d
            export NETCONFPATH=$PWD/net.d CNI_IFNAME=eth7 CNI_ARGS='IgnoreUnknown=1;IP=10.15.20.77'
            cnips add mybridge /run/netns/blue > /dev/null
            ip -n blue -o -4 addr show dev eth7 | grep -o 'inet [^ ]*'
            cnips add mybridge 1234567890 --ifname eth8 --args 'IP=10.15.20.78' --cache-dir $PWD/cache > /dev/null
            ip -n 1234567890 -o -4 addr show dev eth8 | grep -o 'inet [^ ]*'
            ls /var/lib/cni/results cache/results
            """);

        Assert.Equal(
            "inet 10.15.20.77/24\ninet 10.15.20.78/24\n/var/lib/cni/results:\nmybridge-blue-eth7\n\ncache/results:\nmybridge-1234567890-eth8\n", output);
    }

    [Fact]
    public void DryRunChangesNothingAndPrintsWhatAShellTakes()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            cnips add --dry-run mybridge.conflist blue > plan
            ip -o link | wc -l; find /var/lib -type f | wc -l
            grep -v '^nft' plan > script
            sh -eu script
            ip -n blue -o -4 addr show dev eth0 | grep -o 'inet [^ ]*'
            ip -n blue route | grep -c 'via 10.15.20.1 dev eth0'
            ls /var/lib/cni/networks/mybridge | grep '^10\.'
            cnips del mybridge.conflist blue
            """);

        Assert.Equal("1\n0\ninet 10.15.20.2/24\n2\n10.15.20.2\n", output);
    }

    [Fact]
    public void ErrorsAreJsonWhereTheyAreAskedToBe()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(executable, Network + "cnips add --json mybridge.conflist red");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        JsonElement error = JsonDocument.Parse(outcome.Error).RootElement;
        Assert.Equal("CniInvalidNamespace", error.GetProperty("id").GetString());
        Assert.Equal("bridge", error.GetProperty("plugin").GetString());
        Assert.Equal("ADD", error.GetProperty("verb").GetString());
        Assert.Contains("ip netns", error.GetProperty("action").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAttachmentIsNotMadeTwice()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Network +
            """
            cnips add mybridge.conflist blue > /dev/null
            cnips add mybridge.conflist blue --json 2> error && exit 9
            grep -q CniAttachmentExists error
            cnips check mybridge.conflist blue
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    [Theory]
    [InlineData(2, "there is no command frobnicate", "frobnicate")]
    [InlineData(2, "there is no option --frobnicate", "add", "--frobnicate", "a", "b")]
    [InlineData(2, "add takes <network> <netns>", "add", "a")]
    [InlineData(2, "--ifname needs a value", "add", "a", "b", "--ifname")]
    [InlineData(2, "--json takes no value", "add", "a", "b", "--json=yes")]
    [InlineData(2, "--timeout is a number", "add", "a", "b", "--timeout", "soon")]
    [InlineData(2, "plugins come native-first, native or path", "add", "a", "b", "--plugin-source", "x")]
    [InlineData(2, "give <netns>, or --container-id", "del", "a")]
    [InlineData(2, "--keep and --all contradict", "gc", "--all", "--keep", "a", "tests/x")]
    [InlineData(2, "cache takes list", "cache", "show", "a")]
    [InlineData(2, "cache takes list", "cache", "prune", "a", "b", "c")]
    [InlineData(2, "there is no option --plan", "check", "a", "b", "--plan")]
    [InlineData(2, "list takes", "list", "everything")]
    [InlineData(2, "--interval is a number", "stat", "--interval", "0")]
    [InlineData(2, "--kind is one of port, lan,", "exposure", "--kind", "nonsense")]
    [InlineData(2, "--kind is link, address", "watch", "--kind", "weather")]
    [InlineData(2, "--count is a number", "watch", "--count", "none")]
    [InlineData(2, "--end is container, host, both", "capture", "--end", "middle")]
    [InlineData(2, "--filter: ", "capture", "--filter", "tcp port")]
    [InlineData(2, "--link, with --netns, stands alone", "capture", "--link", "lo", "--end", "host")]
    [InlineData(2, "--protocol is icmp, tcp, udp", "trace", "--protocol", "sctp")]
    [InlineData(2, "--port is a number", "trace", "--port", "0")]
    [InlineData(2, "--published says where", "trace", "--published", "80", "--to", "red")]
    [InlineData(1, "no container, namespace or address", "trace", "--from", "nonesuch", "--no-probe")]
    [InlineData(2, "no completion for tcsh", "completion", "tcsh")]
    [InlineData(1, "cannot unmarshal array", "add", "a", "b", "--capability-args", "[]")]
    [InlineData(1, "no such file or directory", "add", "/nonexistent/a.conf", "b")]
    [InlineData(1, "missing containerID", "add", "a", "b", "--container-id", "")]
    [InlineData(1, "invalid characters in containerID", "add", "a", "b", "--container-id=../x")]
    [InlineData(1, "interface name contains /", "add", "a", "b", "-i", "a/b")]
    [InlineData(1, "invalid CNI_ARGS pair \"A\"", "add", "a", "b", "--args", "A")]
    public void SaysWhatIsWrongWithACommandLine(int exitCode, string message, params string[] arguments)
    {
        Outcome outcome = Shell.Run(executable.Path, arguments);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HelpNamesEverything()
    {
        Outcome all = Shell.Run(executable.Path, ["--help"]);
        Assert.Equal(0, all.ExitCode);
        foreach (string command in (string[])
            ["add", "cache", "capture", "check", "completion", "del", "demo", "exposure", "gc", "install", "list", "plugin", "stat", "status", "trace", "validate", "version", "watch"])
        {
            Assert.Contains($"cnips {command}", all.Output, StringComparison.Ordinal);
            Outcome one = Shell.Run(executable.Path, [command, "--help"]);
            Assert.Equal(0, one.ExitCode);
            Assert.StartsWith($"cnips {command}", one.Output, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', one.Output); // no colours but on a terminal
        }

        foreach (string variable in (string[])["NETCONFPATH", "CNI_PATH", "CNI_ARGS", "CAP_ARGS", "CNI_IFNAME"])
        {
            Assert.Contains(variable, Shell.Run(executable.Path, ["add", "-h"]).Output, StringComparison.Ordinal);
        }

        Assert.StartsWith("cnips ", Shell.Run(executable.Path, ["version"]).Output, StringComparison.Ordinal);
        Assert.Equal(2, Shell.Run(executable.Path, []).ExitCode);
    }
}
