using System;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>SIGTERM while a plugin hangs: what was made is undone, and the program says how it ended.</summary>
public sealed class InterruptionTests(NativeExecutable executable)
{
    private const string HangingIpam =
        """
        mkdir plugins
        cat > plugins/hang <<'X'
        #!/bin/sh
        echo $CNI_COMMAND >> /run/work/calls
        [ $CNI_COMMAND != ADD ] || exec sleep 100
        X
        chmod +x plugins/hang
        ip netns add one
        echo '{"cniVersion":"1.0.0","name":"n","type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"hang"}}' > n.conf
        # Waits until the hanging plugin has been called, and stops the program of that process id.
        stop() {
            for i in $(seq 100); do [ -s calls ] && break; sleep 0.1; done
            kill -TERM $1
            wait $1 && r=0 || r=$?
            echo "exit $r"; cat calls; ip -o link | wc -l; ip -n one -o link | wc -l
        }

        """;

    [Fact]
    public void StopsAPlugin()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            HangingIpam +
            """
            CNI_COMMAND=ADD CNI_CONTAINERID=one CNI_NETNS=/run/netns/one CNI_IFNAME=eth0 CNI_PATH=$PWD/plugins $CNIPS/bridge < n.conf > out &
            stop $!
            grep -c '"msg"' out
            """);

        Assert.Equal("exit 1\nADD\nDEL\n1\n1\n1\n", output);
    }

    [Fact]
    public void StopsACommand()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            HangingIpam +
            """
            $CNIPS/cnips add ./n.conf one --cni-path $PWD/plugins > out 2>&1 &
            stop $!
            """);

        Assert.Equal("exit 143\nADD\nDEL\n1\n1\n", output);
    }

    [Fact]
    public void ATimeLimitStopsAPluginToo()
    {
        Sandbox.Require();
        Outcome outcome = Sandbox.Run(executable, HangingIpam + "$CNIPS/cnips add ./n.conf one --cni-path $PWD/plugins --timeout 0.5 --json");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("\"id\": \"CniPluginTimeout\"", outcome.Error, StringComparison.Ordinal);
    }
}
