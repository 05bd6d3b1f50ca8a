using System;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The executable on a node that has others on it: their locks, full disks, odd files, a /proc/sys that can't be written.</summary>
public sealed class LockAndFileTests(NativeExecutable executable)
{
    private const string Network =
        """
        conf='{"cniVersion":"1.0.0","name":"n","type":"bridge","bridge":"br0","isGateway":true,"ipMasq":true,"ipam":{"type":"host-local","subnet":"10.9.0.0/24"}}'
        printf '{"cniVersion":"1.0.0","name":"n","plugins":[%s]}' "$conf" > n.conflist
        add() { echo "$conf" | plugin $CNIPS bridge ADD $1 /run/netns/$1 eth0; }

        """;

    [Fact]
    public void GC_in_a_loop_makes_no_ADD_of_another_runtime_fail()
    {
        Sandbox.Require();
        Assert.Equal("0 failed\n", Sandbox.Check(executable, Network +
            """
            (while [ ! -e stop ]; do $CNIPS/cnips gc n.conflist > log 2>&1 || cat log >&2; done) &
            failed=0
            for i in $(seq 40); do
                ip netns add c$i
                add c$i > out 2>&1 || { cat out >&2; failed=$((failed+1)); }
            done
            touch stop; wait
            echo $failed failed
            """));
    }

    [Fact]
    public void A_runtime_of_ours_that_runs_our_programs_does_not_wait_for_itself()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            export CNI_PATH=$CNIPS
            for i in 1 2 3; do
                timeout 50 $CNIPS/cnips add n.conflist a --plugin-source path > /dev/null
                timeout 50 $CNIPS/cnips check n.conflist a --plugin-source path > /dev/null
                timeout 50 $CNIPS/cnips gc n.conflist --plugin-source path > /dev/null
                timeout 50 $CNIPS/cnips del n.conflist a --plugin-source path
            done
            """);
    }

    [Theory]
    [InlineData("-s")]
    [InlineData("-x")]
    public void No_other_user_can_hold_up_anything(string how)
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("setpriv") && Shell.Has("flock"), "needs setpriv and flock (util-linux)");
        Sandbox.Check(executable, Network +
            $$"""
            ip netns add a; ip netns add b
            timeout 50 $CNIPS/cnips add n.conflist b > /dev/null
            setpriv --reuid 65534 --regid 65534 --clear-groups flock {{how}} -F /proc/self/ns/net sleep 1000 > /dev/null 2>&1 & other=$!
            while ! grep -q " $other " /proc/locks; do sleep 0.01; done
            timeout 50 $CNIPS/cnips add n.conflist a > /dev/null
            timeout 50 $CNIPS/cnips check n.conflist a > /dev/null
            timeout 50 $CNIPS/cnips del n.conflist a
            timeout 50 $CNIPS/cnips gc n.conflist --all > /dev/null
            kill $other
            ! setpriv --reuid 65534 --regid 65534 --clear-groups ls /run/cnips/locks 2> /dev/null
            """);
    }

    [Fact]
    public void A_waiting_command_says_who_holds_it_up_when_a_signal_ends_it_nothing_is_left()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("flock"), "needs flock (util-linux)");
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null; $CNIPS/cnips del n.conflist a
            lock=$(echo /run/cnips/locks/*/n)
            flock -x -F $lock sleep 1000 > /dev/null 2>&1 & other=$!
            while ! grep -q " $other " /proc/locks; do sleep 0.01; done
            $CNIPS/cnips add n.conflist a > out 2>&1 & waiting=$!
            while ! grep -q -- "-> .* $waiting " /proc/locks; do sleep 0.01; done
            kill -TERM $waiting
            code=0; wait $waiting || code=$?
            [ $code = 143 ]
            kill $other
            [ ! -e /var/lib/cni/cnips/intents/n,a,eth0 ]
            """);
    }

    [Fact]
    public void DEL_frees_everything_where_there_is_no_room_for_another_file()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            mkdir /var/lib/cni; mount -t tmpfs -o size=1m,nr_inodes=60 tmpfs /var/lib/cni
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null
            i=0; while (: > /var/lib/cni/filler$i) 2> /dev/null; do i=$((i+1)); done
            $CNIPS/cnips check n.conflist a > /dev/null
            $CNIPS/cnips del n.conflist a
            [ ! -e /var/lib/cni/networks/n/10.9.0.2 ]
            [ ! -e /var/lib/cni/results/n-a-eth0 ]
            ! ip -n a link show eth0 2> /dev/null
            """);
    }

    [Fact]
    public void An_index_that_can_not_be_written_keeps_nobody_from_the_addresses()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a; ip netns add b
            mkdir -p /var/lib/cni/networks/.cnips; mount -t tmpfs -o size=4k tmpfs /var/lib/cni/networks/.cnips
            head -c 4096 /dev/zero > /var/lib/cni/networks/.cnips/filler
            add a > /dev/null
            timeout 20 sh -c "echo '$conf' | CNI_COMMAND=ADD CNI_CONTAINERID=b CNI_NETNS=/run/netns/b CNI_IFNAME=eth0 CNI_PATH=$CNIPS $CNIPS/bridge" > /dev/null
            echo "$conf" | plugin $CNIPS bridge DEL a /run/netns/a eth0
            [ "$(ls /var/lib/cni/networks/n | grep ^10)" = 10.9.0.3 ]
            """);
    }

    [Fact]
    public void A_plugin_whose_result_nobody_can_have_fails_and_takes_back_what_it_made()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            code=0; add a > /dev/full || code=$?
            [ $code = 1 ]
            ! ip -n a link show eth0 2> /dev/null
            [ -z "$(ls /var/lib/cni/networks/n | grep ^10)" ]
            code=0; $CNIPS/cnips version > /dev/full || code=$?
            [ $code = 1 ]
            """);
    }

    [Fact]
    public void A_signal_ends_the_wait_for_the_record_of_shared_things_and_nothing_is_left()
    {
        Sandbox.Require();
        Assert.SkipUnless(Shell.Has("flock"), "needs flock (util-linux)");
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null; $CNIPS/cnips del n.conflist a; ip link del br0
            flock -x -F /var/lib/cni/cnips/shared/n sleep 1000 > /dev/null 2>&1 & other=$!
            while ! grep -q " $other " /proc/locks; do sleep 0.01; done
            $CNIPS/cnips add n.conflist a > out 2>&1 & waiting=$!
            while ! ip -n a link show eth0 > /dev/null 2>&1; do sleep 0.01; done
            sleep 0.2
            kill -TERM $waiting
            for i in $(seq 200); do kill -0 $waiting 2> /dev/null || break; sleep 0.1; done
            kill $other
            code=0; wait $waiting || code=$?
            [ $code = 143 ]
            ! ip -n a link show eth0 2> /dev/null
            """);
    }

    [Fact]
    public void What_a_killed_process_was_writing_a_result_into_is_no_attachment_and_goes_with_GC()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null
            cp /var/lib/cni/results/n-a-eth0 /var/lib/cni/results/.n-b-eth0.4194305.1.tmp
            [ "$($CNIPS/cnips list attachments --json | grep -c '"containerId"')" = 1 ]
            $CNIPS/cnips gc n.conflist > /dev/null
            [ ! -e /var/lib/cni/results/.n-b-eth0.4194305.1.tmp ]
            [ -e /var/lib/cni/results/n-a-eth0 ]
            """);
    }

    [Fact]
    public void A_namespaces_file_without_its_mount_is_a_container_that_is_gone()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            for verb in "del n.conflist a" "gc n.conflist --all" "cache prune"; do
                ip netns add a
                $CNIPS/cnips add n.conflist a > /dev/null
                umount /run/netns/a
                $CNIPS/cnips $verb > /dev/null
                [ ! -e /var/lib/cni/results/n-a-eth0 ]
                [ ! -e /var/lib/cni/networks/n/10.9.0.2 ]
                rm /run/netns/a
            done
            """.Replace("10.9.0.2 ]", "10.9.0.2 -a ! -e /var/lib/cni/networks/n/10.9.0.3 -a ! -e /var/lib/cni/networks/n/10.9.0.4 ]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_FIFO_in_a_namespaces_place_is_told_at_once_and_holds_up_no_GC()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            mkfifo fifo
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null
            for call in "add c" "check a"; do
                code=0; timeout 20 $CNIPS/cnips ${call% *} n.conflist $PWD/fifo --container-id ${call#* } --json > out 2>&1 || code=$?
                [ $code = 1 ]; grep -q CniInvalidNamespace out || { cat out >&2; exit 1; }
            done
            for verb in ADD CHECK DEL; do
                code=0; echo "$conf" | timeout 20 env CNI_COMMAND=$verb CNI_CONTAINERID=c CNI_NETNS=$PWD/fifo CNI_IFNAME=eth0 CNI_PATH=$CNIPS $CNIPS/bridge > out 2>&1 || code=$?
                [ $code = 1 ]
            done
            timeout 20 $CNIPS/cnips gc n.conflist > /dev/null
            """);
    }

    [Fact]
    public void ADD_fails_where_packets_would_not_be_forwarded()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            mount -t tmpfs tmpfs /proc/sys
            code=0; add a > out 2>&1 || code=$?
            [ $code = 1 ]; grep -q ip_forward out || { cat out >&2; exit 1; }
            ! ip -n a link show eth0 2> /dev/null
            """);
    }

    // /proc/sys is read-only in most containers.
    [Fact]
    public void A_kernel_parameter_that_has_its_value_is_not_written()
    {
        Sandbox.Require();
        Sandbox.Check(executable,
            """
            conf='{"cniVersion":"1.0.0","name":"n","type":"bridge","bridge":"br0","isDefaultGateway":true,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.9.0.0/24"}],[{"subnet":"fd00:9::/64"}]]}}'
            printf '{"cniVersion":"1.0.0","name":"n","plugins":[%s]}' "$conf" > n.conflist
            forward() { for name in net/ipv4/ip_forward net/ipv6/conf/all/forwarding; do echo $1 > /proc/sys/$name; done; }
            ip netns add a; ip netns add b
            forward 1
            mount --bind /proc/sys/net /proc/sys/net; mount -o remount,ro,bind /proc/sys/net
            ! (echo 1 > /proc/sys/net/ipv4/ip_forward) 2> /dev/null
            $CNIPS/cnips add n.conflist a > /dev/null
            $CNIPS/cnips check n.conflist a > /dev/null
            echo "$conf" | plugin $CNIPS bridge ADD b /run/netns/b eth0 > /dev/null
            $CNIPS/cnips del n.conflist a
            echo "$conf" | plugin $CNIPS bridge DEL b /run/netns/b eth0

            umount /proc/sys/net
            forward 0
            mount --bind /proc/sys/net /proc/sys/net; mount -o remount,ro,bind /proc/sys/net
            code=0; $CNIPS/cnips add n.conflist a --json > out 2>&1 || code=$?
            [ $code = 1 ]; grep -q '"action": "/proc/sys is read-only here' out || { cat out >&2; exit 1; }
            """);
    }

    [Fact]
    public void A_link_to_another_file_is_never_followed()
    {
        Sandbox.Require();
        Sandbox.Check(executable, Network +
            """
            ip netns add a
            $CNIPS/cnips add n.conflist a > /dev/null; $CNIPS/cnips del n.conflist a; $CNIPS/cnips gc n.conflist --all > /dev/null
            for file in cnips/shared/n cnips/intents/n,a,eth0 networks/n/lock networks/n/last_reserved_ip.0 networks/.cnips/n/index results/n-a-eth0; do
                echo precious > precious
                rm -f /var/lib/cni/$file; ln -s $PWD/precious /var/lib/cni/$file
                $CNIPS/cnips add n.conflist a > out 2>&1 || true
                $CNIPS/cnips del n.conflist a > out 2>&1 || true
                $CNIPS/cnips gc n.conflist --all > out 2>&1 || true
                [ "$(cat precious)" = precious ] || { echo "$file was followed" >&2; exit 1; }
                rm -f /var/lib/cni/$file
            done
            $CNIPS/cnips gc n.conflist --all > /dev/null
            $CNIPS/cnips add n.conflist a > /dev/null
            """);
    }
}
