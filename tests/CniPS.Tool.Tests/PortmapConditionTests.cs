using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>portmap's conditions on a machine without the program nft.</summary>
public sealed class PortmapConditionTests(NativeExecutable executable)
{
    [Fact]
    public void OnlyWhatNftMustReadNeedsNft()
    {
        Sandbox.Require();
        string output = Sandbox.Check(
            executable,
            """
            ip netns add c1
            export NETCONFPATH=$PWD CNI_PATH=$CNIPS CAP_ARGS='{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
            add() {
                echo "{\"cniVersion\":\"1.0.0\",\"name\":\"n1\",\"plugins\":[
                    {\"type\":\"bridge\",\"bridge\":\"n1\",\"ipam\":{\"type\":\"host-local\",\"subnet\":\"10.88.0.0/16\"}},
                    {\"type\":\"portmap\",\"snat\":false,\"conditionsV4\":[\"$1\"],\"capabilities\":{\"portMappings\":true}}]}" > n1.conflist
                $CNIPS/cnips add n1 /run/netns/c1 2>&1
            }
            nft=$(readlink -f $(command -v nft)); cp $nft nft; mount --bind /dev/null $nft
            ! add 'tcp flags syn' > answer
            grep -o 'tcp flags syn fib daddr .*: the program nft, which reads this, is not installed' answer | wc -l
            grep -o 'Install the package nftables.*' answer
            ./nft list ruleset | wc -l
            add 'ip saddr != 192.0.2.2' > answer
            ./nft list ruleset | grep -c 'ip saddr != 192.0.2.2 fib daddr type local jump'
            """);
        Assert.Equal(
            "1\nInstall the package nftables, or ask only for what needs no program: docs/plugins/portmap.md says what that is.\n0\n2\n", output);
    }
}
