using System.Collections.Generic;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>Under cnitool's name: plugin programs take their network's lock themselves, what runs in the process has it from cnitool.</summary>
public sealed class CnitoolLockTests(NativeExecutable executable)
{
    [Fact]
    public void Plugins_in_the_process_wait_for_GC_and_GC_for_them()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("flock"), "needs flock (util-linux)");
        Sandbox.Check(executable,
            """
            export CNIPS_PLUGIN_SOURCE=native NETCONFPATH=$PWD
            echo '{"cniVersion":"1.1.0","name":"n","plugins":[{"type":"bridge","bridge":"br0","ipam":{"type":"host-local","subnet":"10.9.0.0/24"}}]}' > n.conflist
            ip netns add a
            $CNITOOL add n /run/netns/a > /dev/null; $CNITOOL check n /run/netns/a; $CNITOOL del n /run/netns/a
            [ -z "$(ls /var/lib/cni/networks/n | grep ^10; ls /var/lib/cni/cnips/intents)" ]

            waits_for() { # HOW COMMAND: while another has the lock
                flock $1 -F $(echo /run/cnips/locks/*/n) sleep 1000 > /dev/null 2>&1 & other=$!
                while ! grep -q " $other " /proc/locks; do kill -0 $other; sleep 0.01; done
                $CNITOOL $2 n /run/netns/a > out 2>&1 & waiting=$!
                while ! grep -q -- "-> .* $waiting " /proc/locks; do kill -0 $waiting; sleep 0.01; done
            }
            waits_for -x add
            ! ip -n a link show eth0 2> /dev/null
            kill $other; wait $waiting
            waits_for -s gc
            ip -n a link show eth0 > /dev/null
            kill $other; wait $waiting
            ! ip -n a link show eth0 2> /dev/null # as cnitool's: nothing is named as valid
            """,
            new Dictionary<string, string> { ["CNITOOL"] = executable.Cnitool });
    }
}
