using System;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The commands that clean up: gc, and cache prune; and plans of what changes something.</summary>
public sealed class CollectCommandTests(NativeExecutable executable)
{
    private const string Attached =
        """
        cat > my.conflist <<'X'
        {"cniVersion":"1.1.0","name":"my","plugins":[{"type":"bridge","bridge":"br0","isGateway":true,
         "ipam":{"type":"host-local","subnet":"10.15.20.0/24"}}]}
        X
        cnips() { $CNIPS/cnips "$@"; }
        export CNI_PATH=$CNIPS
        for name in blue red green; do ip netns add $name; cnips add ./my.conflist $name > /dev/null; done
        ip netns delete red
        leases() { ls /var/lib/cni/networks/my | grep '^10' | tr '\n' ' '; echo; }
        cached() { ls /var/lib/cni/results | tr '\n' ' '; echo; }

        """;

    [Fact]
    public void GcKeepsWhatIsAlive()
    {
        Sandbox.Require();
        string output = Sandbox.Check(executable, Attached + "cnips gc ./my.conflist; cached; leases; cnips gc my --json");

        Assert.Equal(
            "removed red eth0 from my\nmy-blue-eth0 my-green-eth0 \n10.15.20.2 10.15.20.4 \n{\n    \"removed\": []\n}\n", output);
    }

    [Fact]
    public void GcKeepsWhatIsNamed()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Attached +
            """
            cnips gc my --keep blue/eth0,red > /dev/null; cached
            cnips gc my --keep nobody --keep blue > /dev/null; cached
            cnips gc my --all; cached
            """);

        Assert.Equal("my-blue-eth0 my-red-eth0 \nmy-blue-eth0 \nremoved blue eth0 from my\n\n", output);
    }

    [Theory]
    [InlineData("--plan")]
    [InlineData("--what-if")]
    [InlineData("-n")]
    public void GcSaysWhatWouldGo(string option)
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable, Attached + $"cnips gc my {option}; echo ---; cnips gc my {option} --json > plan; cached; leases; echo ---; cat plan");

        string[] parts = output.Split("---\n");
        Assert.Contains("# would remove red eth0 from my\n", parts[0], StringComparison.Ordinal);
        Assert.Contains("rm ", parts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("blue", parts[0], StringComparison.Ordinal);
        Assert.Equal("my-blue-eth0 my-green-eth0 my-red-eth0 \n10.15.20.2 10.15.20.3 10.15.20.4 \n", parts[1]);
        JsonElement plan = JsonDocument.Parse(parts[2]).RootElement;
        Assert.Equal("red", plan.GetProperty("removed")[0].GetProperty("containerId").GetString());
        Assert.NotEqual(0, plan.GetProperty("changes").GetArrayLength());
    }

    [Fact]
    public void GcClosesWhatTheGoPortmapLeftOpen()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Attached +
            """
            for rule in '10.15.20.3:80 comment "red"' '10.15.20.2:80 comment "blue"' '10.15.20.9:80 comment "gone"' '10.99.0.9:80 comment "gone"'; do
                nft "add table ip cni_hostport; add chain ip cni_hostport hostports; add rule ip cni_hostport hostports tcp dport 8080 dnat to $rule"
            done
            cnips gc my --plan | grep cni_hostport
            cnips gc my
            nft list ruleset | grep -o 'to 10.*'
            """);

        Assert.Equal(
            "nft delete rule ip cni_hostport hostports handle 2\nnft delete rule ip cni_hostport hostports handle 4\nremoved red eth0 from my\n"
                + "to 10.15.20.2:80 comment \"blue\"\nto 10.99.0.9:80 comment \"gone\"\n",
            output);
    }

    [Fact]
    public void PruneRemovesTheDeadWithoutTheirNetworksFile()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable, Attached + "rm my.conflist; cnips cache prune --plan | tail -1; cached; cnips cache prune other; cnips cache prune my; cached; leases");

        Assert.Equal(
            "# would remove red eth0 from my\nmy-blue-eth0 my-green-eth0 my-red-eth0 \nremoved red eth0 from my\nmy-blue-eth0 my-green-eth0 \n"
                + "10.15.20.2 10.15.20.4 \n",
            output);
    }

    [Fact]
    public void PruneCanForgetWithoutPlugins()
    {
        Sandbox.Require();
        string output = Sandbox.Check(executable, Attached + "cnips cache prune --forget --cni-path /nonexistent --plugin-source path; cached; leases");

        Assert.Equal("removed red eth0 from my\nmy-blue-eth0 my-green-eth0 \n10.15.20.2 10.15.20.3 10.15.20.4 \n", output);
    }

    [Fact]
    public void ContainerIdIsEnoughForCheckAndDel()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            Attached +
            """
            cnips check my --container-id blue --json
            ip -n blue addr flush dev eth0
            cnips check my --container-id blue --json > differences || echo "exit $?"
            grep -c '"message": "Failed to match addr' differences || cat differences
            cnips check my blue --verbose | grep '^  ip' || test $? = 0
            cnips del my --container-id blue --json
            cached
            """);

        Assert.Equal(
            "{\n    \"differences\": []\n}\nexit 3\n1\n  ip -n blue addr add 10.15.20.2/24 brd + dev eth0\n{\n    \"network\": \"my\",\n    \"containerId\": \"blue\",\n    \"ifname\": \"eth0\"\n}\n"
                + "my-green-eth0 my-red-eth0 \n",
            output);
    }

    [Fact]
    public void APlanIsJsonWhereItIsAskedToBe()
    {
        Sandbox.Require();
        string output = Sandbox.Check(executable, Attached + "ip netns add new; cnips add ./my.conflist new --plan --json; cached 1>&2");

        JsonElement changes = JsonDocument.Parse(output).RootElement.GetProperty("changes");
        Assert.Contains(changes.EnumerateArray(), change => change.GetString()!.StartsWith("ip link add ", StringComparison.Ordinal));
    }
}
