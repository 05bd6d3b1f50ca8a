using System;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>Many at once: <c>cnips add --from</c> and <c>cnips del --all</c>.</summary>
public sealed class BulkCommandTests(NativeExecutable executable)
{
    private const string Network =
        """
        cat > many.conflist <<'X'
        {"cniVersion":"1.1.0","name":"many","plugins":[{"type":"bridge","bridge":"many0","isGateway":true,"ipMasq":true,
          "ipam":{"type":"host-local","subnet":"10.15.20.0/24","routes":[{"dst":"0.0.0.0/0"}]}}]}
        X
        for i in 1 2 3 4 5 6; do ip netns add c$i; done
        cnips() { $CNIPS/cnips "$@"; }

        """;

    [Fact]
    public void EachLineHasALineAndOneThatFailsFailsAlone()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            cat > lines <<'X'
            {"netns":"c1"}
            {"netns":"nowhere"}

            {"netns":"c2","containerId":"two","ifname":"net2"}
            {"ns":"c3"}
            X
            cnips add ./many.conflist --from lines || echo $?
            cnips del many --all
            ls /var/lib/cni/results | wc -l
            ip -o link | grep -c veth || true
            """);

        string[] lines = output.Split('\n');
        JsonElement first = JsonDocument.Parse(lines[0]).RootElement, lost = JsonDocument.Parse(lines[1]).RootElement;
        JsonElement second = JsonDocument.Parse(lines[2]).RootElement, wrong = JsonDocument.Parse(lines[3]).RootElement;
        Assert.Equal((1, "c1"), (first.GetProperty("line").GetInt32(), first.GetProperty("containerId").GetString()));
        Assert.StartsWith("10.15.20.", first.GetProperty("result").GetProperty("ips")[0].GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Equal("CniInvalidNamespace", lost.GetProperty("error").GetProperty("id").GetString());
        Assert.Equal((4, "net2"), (second.GetProperty("line").GetInt32(), second.GetProperty("ifname").GetString()));
        Assert.Equal("lines, line 5: there is no key \"ns\"", wrong.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(["1", "removed c1 eth0 from many", "removed two net2 from many", "0", "0", ""], lines[4..]);
    }

    [Fact]
    public void WhatNobodyCanBeToldOfIsTakenBack()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            for i in 1 2 3 4 5 6; do echo "{\"netns\":\"c$i\"}"; done | cnips add ./many.conflist --from - > /dev/full 2> error || echo $?
            grep -c 'No space left' error
            ls /var/lib/cni/results | wc -l
            ip -o link | grep -c veth || true
            """);

        Assert.Equal("1\n1\n0\n0\n", output);
    }

    [Fact]
    public void WhoeverIsKilledLeavesNothingThatTheNextOneDoesNotFind()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Network +
            """
            for i in 1 2 3 4 5 6; do echo "{\"netns\":\"c$i\"}"; done > lines
            for pause in 0.01 0.02 0.03 0.05; do
              timeout -s KILL $pause $CNIPS/cnips add ./many.conflist --from lines > /dev/null 2>&1 || true
              timeout -s KILL $pause $CNIPS/cnips del many --all > /dev/null 2>&1 || true
            done
            cnips add ./many.conflist --from lines > /dev/null || true # those that are there already are refused
            cnips del many --all > /dev/null
            cnips gc ./many.conflist --all > /dev/null
            ls /var/lib/cni/results /var/lib/cni/cnips/intents | grep -c many || true
            ls /var/lib/cni/networks/many | grep -c '^10' || true
            ip -o link | grep -c veth || true
            """);

        Assert.Equal("0\n0\n0\n", output);
    }

    [Theory]
    [InlineData("add ./many.conflist", "add takes <network> <netns>, or <network> --from FILE")]
    [InlineData("add ./many.conflist c1 --from lines", "<netns> and --from contradict each other")]
    [InlineData("add ./many.conflist -i eth1 --from lines", "--ifname and --from contradict each other: each line says it for itself")]
    [InlineData("del many c1 --all", "--all is of no namespace, container or interface: it removes all")]
    public void WhatContradictsItselfIsRefused(string commandLine, string message)
    {
        Outcome outcome = Shell.Run(executable.Path, commandLine.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }
}
