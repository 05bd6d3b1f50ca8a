using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Crash;

/// <summary>
/// When the journal of a plugin's ADD begins and ends: a runtime that kills a plugin takes it for failed until it has ended, and what the plugins
/// before it in the list have made is half an attachment from then on.
/// </summary>
public sealed class PluginJournalTests(NativeExecutable executable)
{
    [Fact]
    public void NothingButTheEndOfTheProcessComesAfterIt()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("strace"), "needs strace");
        Sandbox.Check(
            executable,
            """
            ip link add dm0 type veth peer name dm9; ip netns add ends$$
            echo '{"cniVersion":"1.1.0","name":"ends","type":"macvlan","master":"dm0","ipam":{"type":"host-local","subnet":"10.9.14.0/28"}}' > macvlan
            CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/ends$$ CNI_IFNAME=eth0 CNI_PATH=$CNIPS strace -f -o trace $CNIPS/macvlan < macvlan > result
            thread=$(sed -n 's/^\([0-9]*\) *unlink("[^"]*cnips.calls.*/\1/p' trace)
            sed '1,/unlink("[^"]*cnips.calls/d' trace | grep "^$thread " | grep -v '+++' > after
            cat after
            test $(wc -l < after) = 1
            grep -q exit_group after
            """);
    }

    [Theory]
    [InlineData("$CNIPS/cnips gc --plugin-source path ./net.conflist --cni-path $CNIPS")]
    [InlineData("CNI_COMMAND=GC CNI_PATH=$CNIPS $CNIPS/macvlan < macvlan; CNI_COMMAND=GC CNI_PATH=$CNIPS $CNIPS/tuning < tuning-gc")]
    public void KilledWhileGCHasTheNetworksLock(string collect)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("flock"), "needs flock (util-linux)");
        Sandbox.Check(
            executable,
            """
            ip link add dm0 type veth peer name dm9; ip link set dm0 up; ip netns add waits$$
            ipam='"ipam":{"type":"host-local","subnet":"10.9.13.0/28"}'
            cat > net.conflist <<X
            {"cniVersion":"1.1.0","name":"waits","plugins":[{"type":"macvlan","master":"dm0",$ipam},{"type":"tuning","mtu":1400}]}
            X
            echo '{"cniVersion":"1.1.0","name":"waits","type":"macvlan","master":"dm0",'$ipam',"cni.dev/valid-attachments":[]}' > macvlan
            echo '{"cniVersion":"1.1.0","name":"waits","type":"tuning","mtu":1400,"cni.dev/valid-attachments":[]}' > tuning-gc
            plugin $CNIPS macvlan ADD c1 /run/netns/waits$$ eth0 < macvlan > result
            echo '{"cniVersion":"1.1.0","name":"waits","type":"tuning","mtu":1400,"prevResult":'$(cat result)'}' > tuning

            flock -x -F /run/cnips/locks/*/waits sleep 1000 > /dev/null 2>&1 & gc=$!
            while ! grep -q " $gc " /proc/locks; do sleep 0.01; done
            CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/waits$$ CNI_IFNAME=eth0 CNI_PATH=$CNIPS $CNIPS/tuning < tuning > out 2>&1 & waiting=$!
            for i in $(seq 2000); do ! test -s /var/lib/cni/cnips/calls/waits,c1,eth0,tuning || break; sleep 0.01; done
            kill -0 $waiting
            kill -KILL $waiting; wait $waiting || true
            kill $gc; wait $gc || true

            """ + collect +
            """

            test -z "$(ip -n waits$$ link show eth0 2> /dev/null)"
            test -z "$(ls /var/lib/cni/networks/waits | grep ^10)"
            test -z "$(ls /var/lib/cni/cnips/calls)"
            """);
    }
}
