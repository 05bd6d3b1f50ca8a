using System;
using System.Linq;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The commands that look: status, validate, list, cache, version; and what they say to a program.</summary>
public sealed class LookingCommandTests(NativeExecutable executable)
{
    private const string Networks =
        """
        mkdir net.d
        cat > net.d/10-mybridge.conflist <<'X'
        {"cniVersion":"1.1.0","name":"mybridge","plugins":[{"type":"bridge","bridge":"br0","isGateway":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24"}}]}
        X
        cat > net.d/20-broken.conflist <<'X'
        {"cniVersion":"1.1.0","name":"broken","plugins":[
          {"type":"bridge","brigde":"br1"},
          {"type":"nonesuch"}]}
        X
        echo '{"cniVersion":' > net.d/30-cut.conflist
        export NETCONFPATH=$PWD/net.d CNI_PATH=$CNIPS
        for name in blue red; do ip netns add $name; done
        cnips() { $CNIPS/cnips "$@"; }

        """;

    [Fact]
    public void ListShowsNetworksAndWhatBecameOfAttachments()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips add mybridge blue > /dev/null 2>&1
            cnips add mybridge red -i eth7 > /dev/null 2>&1
            ip netns delete red
            cnips list
            echo ---
            cnips list --json > list.json 2> /dev/null
            cat list.json
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---\n");
        string[] lines = parts[0].Split('\n');
        Assert.Equal("NETWORK     VERSION  PLUGINS          FILE", lines[0]);
        Assert.Equal("mybridge *  1.1.0    bridge           /run/work/net.d/10-mybridge.conflist", lines[1]);
        Assert.StartsWith("broken      1.1.0    bridge,nonesuch", lines[2], StringComparison.Ordinal);
        Assert.Equal("", lines[3]);
        Assert.Matches("^mybridge +blue +eth0 +10.15.20.2/24 +alive +/run/netns/blue$", lines[5]);
        Assert.Matches("^mybridge +red +eth7 +10.15.20.3/24 +gone +/run/netns/red$", lines[6]);
        Assert.Contains("30-cut.conflist:", outcome.Error, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse(parts[1]).RootElement;
        Assert.Equal(["mybridge", "broken"], json.GetProperty("networks").EnumerateArray().Select(network => network.GetProperty("name").GetString()!));
        JsonElement red = json.GetProperty("attachments")[1];
        Assert.Equal("gone", red.GetProperty("state").GetString());
        Assert.Equal("eth7", red.GetProperty("ifname").GetString());
        Assert.Equal("10.15.20.3/24", red.GetProperty("result").GetProperty("ips")[0].GetProperty("address").GetString());
    }

    [Fact]
    public void ExposureShowsWhatReachesWhat()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips add mybridge blue > /dev/null 2>&1
            cnips add mybridge red > /dev/null 2>&1
            cnips exposure --kind isolation
            echo ---
            cnips exposure mybridge --kind isolation --json
            echo ---
            cnips exposure -o page.html && grep -c '<h2>' page.html
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---\n");
        Assert.Matches("^KIND +FROM +TO +PORT +OPEN +HOW, OR WHY NOT\nisolation +mybridge +host +yes +directly\nisolation +mybridge +mybridge +yes +directly\nisolation +host +mybridge +yes", parts[0]);
        JsonElement first = JsonDocument.Parse(parts[1]).RootElement.GetProperty("exposure")[0];
        Assert.Equal(("isolation", "mybridge", true), (first.GetProperty("kind").GetString(), first.GetProperty("from").GetString(), first.GetProperty("open").GetBoolean()));
        Assert.Equal("5\n", parts[2]);
    }

    [Fact]
    public void ValidateNamesEveryProblemWithItsPlace()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips validate mybridge; echo "exit $?"
            cnips validate || echo "exit $?"
            echo ---
            cnips validate --json net.d/20-broken.conflist || echo "---exit $?"
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---");
        Assert.StartsWith("exit 0\n", parts[0], StringComparison.Ordinal);
        Assert.EndsWith("exit 3\n", parts[0], StringComparison.Ordinal);
        Assert.Contains("net.d/20-broken.conflist:2:", parts[0], StringComparison.Ordinal);
        Assert.Contains("net.d/20-broken.conflist:3:", parts[0], StringComparison.Ordinal);
        Assert.Contains("net.d/30-cut.conflist:", parts[0], StringComparison.Ordinal);
        JsonElement[] problems = [.. JsonDocument.Parse(parts[1]).RootElement.GetProperty("problems").EnumerateArray()];
        JsonElement missing = problems.Single(problem => problem.GetProperty("error").GetProperty("id").GetString() == "CniPluginNotFound");
        Assert.Equal("error", missing.GetProperty("severity").GetString());
        Assert.Equal(3, missing.GetProperty("line").GetInt32());
        Assert.Equal("exit 3\n", parts[2]);
    }

    [Fact]
    public void CacheShowsWhatAddWasGivenAndWhatItGave()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips add mybridge blue > given 2> /dev/null
            cnips cache show mybridge blue | cmp - given
            cnips cache show mybridge blue --config | cmp - net.d/10-mybridge.conflist
            cnips cache list nothing
            cnips cache | grep -c blue
            cnips cache show mybridge red --json 2> error; echo "exit $?"
            cat error
            """.Replace("--json 2> error; echo", "--json 2> error || echo", StringComparison.Ordinal));

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.StartsWith("1\nexit 1\n{", outcome.Output, StringComparison.Ordinal);
        JsonElement error = JsonDocument.Parse(outcome.Output[(outcome.Output.IndexOf('{'))..]).RootElement;
        Assert.Equal("CniAttachmentNotFound", error.GetProperty("id").GetString());
        Assert.Equal("red", error.GetProperty("target").GetString());
        Assert.Equal("cnips list attachments lists what is cached.", error.GetProperty("action").GetString());
    }

    [Fact]
    public void StatCountsWhatPasses()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            for name in blue red; do cnips add mybridge $name > /dev/null 2>&1; done
            ip netns exec blue ping -c 3 -i 0.01 -W 5 10.15.20.3 > /dev/null
            cnips stat
            echo ---
            cnips stat --by-network mybridge --interval 0.1 --json
            echo ---
            cnips stat nonesuch --container-id red
            cnips stat mybridge --container-id red -f --interval 0.05 --json | head -n 2
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---\n");
        string[] lines = parts[0].Split('\n');
        Assert.Equal("NETWORK   CONTAINER  INTERFACE  PACKETS IN  PACKETS OUT  BYTES IN  BYTES OUT  DROPS  CONNECTIONS", lines[0]);
        Assert.Matches("^mybridge +blue +eth0 +[1-9][0-9]* +[1-9][0-9]* +[0-9]{3,} +[0-9]{3,} +[0-9]+ +[0-9]+$", lines[1]);
        JsonElement network = JsonDocument.Parse(parts[1]).RootElement.GetProperty("statistics")[0];
        Assert.Equal(("mybridge", 2), (network.GetProperty("network").GetString(), network.GetProperty("attachments").GetInt32()));
        Assert.True(network.GetProperty("in").GetProperty("packets").GetInt64() >= 6);
        Assert.True(network.TryGetProperty("inPerSecond", out _));
        Assert.Contains("network nonesuch has no attachments in the cache", outcome.Error, StringComparison.Ordinal);
        string[] stream = parts[2].TrimEnd('\n').Split('\n');
        Assert.Equal(2, stream.Length); // and it has ended, since nobody reads on
        Assert.All(stream, line => Assert.Equal("red", JsonDocument.Parse(line).RootElement.GetProperty("containerId").GetString()));
    }

    [Fact]
    public void WatchTellsWhatHappens()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            $CNIPS/cnips watch --timeout 60 --kind attachment --kind lease --count 4 --json > lines &
            watching=$!
            $CNIPS/cnips watch mybridge --timeout 60 --kind link > text &
            texting=$!
            for watch in $watching $texting; do while ! grep -q poll /proc/$watch/wchan; do [ -e /proc/$watch ]; sleep 0.02; done; done # it listens
            cnips add mybridge blue > /dev/null 2>&1
            cnips del mybridge blue > /dev/null 2>&1
            wait $watching
            for i in $(seq 300); do ! grep -q ' + link .*mybridge/blue' text || break; sleep 0.1; done
            kill -TERM $texting # of SIGINT nothing in the background hears
            wait $texting || echo "exit $?" > code
            cat lines
            echo ---
            cat text code
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---\n");
        JsonElement[] events = [.. parts[0].TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, events.Length);
        Assert.Equal(
            ["attachment added", "attachment removed", "lease added", "lease removed"],
            events.Select(one => $"{one.GetProperty("kind").GetString()} {one.GetProperty("action").GetString()}").Order());
        Assert.All(events, one => Assert.Equal(("mybridge", "blue"), (one.GetProperty("network").GetString(), one.GetProperty("containerId").GetString())));
        Assert.Matches(@"(?m)^[0-9:.]+ \+ link +host +mybridge/blue +veth[0-9a-f]{8} \(veth\)", parts[1]);
        Assert.EndsWith("exit 143\n", parts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void CapturePrintsAndWritesPackets()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips add mybridge blue > /dev/null 2>&1
            ip netns exec blue ping -i 0.2 -q 10.15.20.1 > /dev/null & ping=$!
            cnips capture mybridge --filter 'icmp and src host 10.15.20.2' -c 2 -w file.pcapng 2> said
            echo "--- $(cat said)"
            cnips capture --container-id blue --filter icmp -c 1 --json
            echo ---
            cnips capture --end both -w - -c 4 --filter icmp 2> said | od -An -tx1 -N4
            cnips capture --link "$(ip -br link show type bridge | cut -d ' ' -f 1)" -q --duration 0.3; echo "exit $?"
            od -An -tx1 -N4 file.pcapng; stat -c %a file.pcapng
            kill $ping
            cnips capture nowhere 2>&1 || echo "exit $?"
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---");
        Assert.Equal(2, parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches(@"(?m)^[0-9:.]+ blue/eth0 +out  ICMP 10\.15\.20\.2 > 10\.15\.20\.1 8/0, 98 bytes$", parts[0]);
        Assert.StartsWith(" cnips: 2 packets, in file.pcapng\n", parts[1], StringComparison.Ordinal);
        JsonElement packet = JsonDocument.Parse(parts[1][parts[1].IndexOf('{')..]).RootElement;
        Assert.Equal(("blue", "ICMP", 98), (packet.GetProperty("containerId").GetString(), packet.GetProperty("protocol").GetString(), packet.GetProperty("length").GetInt32()));
        Assert.StartsWith("\n 0a 0d 0d 0a\nexit 0\n 0a 0d 0d 0a\n600\n", parts[2], StringComparison.Ordinal);
        Assert.Contains("cnips: network nowhere has no attachments in the cache\ncnips: there is nothing to capture\n", parts[2], StringComparison.Ordinal);
        Assert.EndsWith("exit 1\n", parts[2], StringComparison.Ordinal);
    }

    [Fact]
    public void TraceSaysWhereAPacketDies()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips add mybridge blue > /dev/null 2>&1
            cnips add mybridge red > /dev/null 2>&1
            cnips trace --from blue --to red; echo "exit $?"
            echo ---
            ip -n red link set eth0 down
            cnips trace --from blue --to red --no-probe || echo "exit $?"
            echo ---
            cnips trace --from blue --to red --no-probe --json || echo "---exit $?"
            echo ---
            ip -n red link set eth0 up
            cnips trace --from blue --to red --port 80 --no-probe || echo "exit $?"
            echo ---
            cnips trace --published 8080 --no-probe || echo "exit $?"
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] parts = outcome.Output.Split("---");
        Assert.StartsWith("blue (10.15.20.2) reaches red (10.15.20.3)\nWAY    NAMESPACE  INTERFACE", parts[0], StringComparison.Ordinal);
        Assert.Matches(@"(?m)^there +blue +eth0 +route +passed +dev eth0$", parts[0]);
        Assert.Matches(@"(?m)^there +red +eth0 +deliver +passed +arrived$", parts[0]);
        Assert.Matches(@"(?m)^back +blue +eth0 +deliver +passed +the answer is back$", parts[0]);
        Assert.Matches(@"(?m)^there +blue +- +probe +passed +ICMP to 10.15.20.3: ", parts[0]);
        Assert.EndsWith("exit 0\n", parts[0], StringComparison.Ordinal);

        Assert.Contains("blue (10.15.20.2) does not reach red (10.15.20.3)\n", parts[1], StringComparison.Ordinal);
        Assert.Contains("\nCniInterfaceDown: eth0 in red is down\n  ip ", parts[1], StringComparison.Ordinal);
        Assert.EndsWith("exit 3\n", parts[1], StringComparison.Ordinal);

        JsonElement json = JsonDocument.Parse(parts[2]).RootElement, path = json.GetProperty("paths")[0], cause = path.GetProperty("causes")[0];
        Assert.False(json.GetProperty("reachable").GetBoolean());
        Assert.Equal(("10.15.20.2", "10.15.20.3"), (path.GetProperty("source").GetString(), path.GetProperty("destination").GetString()));
        Assert.Equal(("CniInterfaceDown", "red"), (cause.GetProperty("id").GetString(), cause.GetProperty("namespace").GetString()));
        Assert.Contains("link set", cause.GetProperty("repair")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(path.GetProperty("hops").EnumerateArray(), hop => hop.GetProperty("verdict").GetString() == "dropped" && hop.GetProperty("cause").GetString() == "CniInterfaceDown");
        Assert.Equal("exit 3\n", parts[3]);

        Assert.Contains("CniNotListening: nothing in red listens on TCP port 80\n", parts[4], StringComparison.Ordinal);
        Assert.EndsWith("exit 3\n", parts[4], StringComparison.Ordinal);
        Assert.Contains("CniPortNotPublished: port 8080 of host leads to no container\n  cnips add … --capability-args, portMappings 8080:", parts[5], StringComparison.Ordinal);
    }

    [Fact]
    public void StatusAsksEveryPlugin()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(
            executable,
            Networks +
            """
            cnips status mybridge
            cnips status mybridge --json
            printf '#!/bin/sh\necho "{\\"code\\":50,\\"msg\\":\\"down\\"}"; exit 1\n' > nonesuch; chmod +x nonesuch
            cnips status broken --cni-path $PWD --json || echo "exit $?"
            """);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal("mybridge is ready\n{\n    \"network\": \"mybridge\",\n    \"ready\": true\n}\nexit 1\n", outcome.Output);
        JsonElement error = JsonDocument.Parse(outcome.Error[outcome.Error.IndexOf('{')..]).RootElement;
        Assert.Equal(50, error.GetProperty("code").GetInt32());
        Assert.Equal("nonesuch", error.GetProperty("plugin").GetString());
        Assert.Contains("down", error.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void VersionAsksPlugins()
    {
        Assert.Equal("bridge: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n", Shell.Run(executable.Path, ["version", "bridge"]).Output);
        JsonElement json = JsonDocument.Parse(Shell.Run(executable.Path, ["version", "loopback", "--json"]).Output).RootElement;
        Assert.Equal("1.1.0", json.GetProperty("cniVersion").GetString());
        Assert.Equal("loopback", json.GetProperty("plugins")[0].GetProperty("type").GetString());
        Assert.Equal(1, Shell.Run(executable.Path, ["version", "nonesuch"]).ExitCode);
    }

    [Fact]
    public void AProblemOfTheConfigurationHasItsPosition()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(executable, Networks + "cnips add --json net.d/30-cut.conflist blue");

        Assert.Equal(1, outcome.ExitCode);
        JsonElement error = JsonDocument.Parse(outcome.Error).RootElement;
        Assert.Equal("CniInvalidJson", error.GetProperty("id").GetString());
        Assert.Equal(6, error.GetProperty("code").GetInt32());
        Assert.StartsWith("net.d/30-cut.conflist:", error.GetProperty("position").GetString(), StringComparison.Ordinal);
        Assert.True(error.TryGetProperty("message", out _));
    }

    [Fact]
    public void ACommandLineThatCannotBeUnderstoodIsJsonToo()
    {
        Outcome outcome = Shell.Run(executable.Path, ["add", "a", "--json"]);

        Assert.Equal(2, outcome.ExitCode);
        JsonElement error = JsonDocument.Parse(outcome.Error).RootElement;
        Assert.Equal("CniCommandLine", error.GetProperty("id").GetString());
        Assert.Equal("add takes <network> <netns>, or <network> --from FILE", error.GetProperty("message").GetString());
    }
}
