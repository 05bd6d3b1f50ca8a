using System;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Runtimes;

/// <summary>
/// A node on which podman, containerd, Go's plugins called directly and CniPS all have running containers: what removes anything removes nothing
/// of theirs, and of one that is killed hard exactly that.
/// </summary>
public sealed class NodeTests(NativeExecutable executable)
{
    // Two containers of podman (podnet), two of containerd (containerd-net), one by Go's plugins without a cache (gonet), one by cnips (ours).
    private const string Inhabited =
        $$$"""
        cat > /etc/cni/net.d/10-containerd.conflist <<'END'
        {{{Runtime.ContainerdList}}}
        END
        cp net.d/10-podnet.conflist /etc/cni/net.d/20-podnet.conflist
        bridge() { echo '{"cniVersion":"1.0.0","name":"'$1'","type":"bridge","bridge":"'$1'0","isGateway":true,"ipMasq":true,"ipam":{"type":"host-local","subnet":"'$2'"}}'; }
        listed() { echo '{"cniVersion":"1.0.0","name":"'$1'","plugins":['$(bridge "$@")']}'; }
        listed gonet 10.60.0.0/24 > /etc/cni/net.d/30-gonet.conflist
        listed ours 10.61.0.0/24 > /etc/cni/net.d/40-ours.conflist
        serve a; serve b
        run one -p 8080:80; run two
        ip netns add go1; ip netns add ours1
        bridge gonet 10.60.0.0/24 | CNI_PATH=$GO plugin $GO bridge ADD go1 /run/netns/go1 eth0 > /dev/null
        $CNIPS/cnips add ours /run/netns/ours1 > /dev/null
        networks="containerd-net podnet gonet ours"
        namespaces=$(for process in $(ctr task ls | awk '/RUNNING/ {print $2}') $(podman inspect -f '{''{.State.Pid}''}' one two); do echo /proc/$process/ns/net; done)
        namespaces="$namespaces /run/netns/go1 /run/netns/ours1"
        # living: how many of the six still reach their bridge
        living() {
            answers=0
            for ns in $namespaces; do
                address=$(nsenter --net=$ns ip -4 -o addr show eth0 2> /dev/null | sed 's/.*inet \([0-9]*\.[0-9]*\.[0-9]*\)\..*/\1.1/')
                [ -z "$address" ] || ! nsenter --net=$ns ping -q -c 1 -W 2 $address > /dev/null || answers=$((answers + 1))
            done
            echo "living $answers"
        }
        # collect OPTION...: GC of every network; what it says it removes
        collect() { for network in $networks; do $CNIPS/cnips gc $network "$@"; done; }

        """;

    [Fact]
    public void NothingThatLivesIsRemoved()
    {
        string[] output = Run(
            """
            before=$(ip -o link | wc -l; ls /var/lib/cni/networks/*)
            collect --plan; collect
            collect --cache-dir /run/elsewhere; 
            unshare -m sh -c "mount -t tmpfs tmpfs /run/netns; for network in $networks; do $CNIPS/cnips gc \$network; done"
            $CNIPS/cnips cache prune
            [ "$before" = "$(ip -o link | wc -l; ls /var/lib/cni/networks/*)" ] && echo same
            living
            fetch http://127.0.0.1:8080/
            """);
        Assert.Equal(["same", "living 6", "one"], output);
    }

    [Fact]
    public void OfTheKilledExactlyThatOne()
    {
        string[] output = Run(
            """
            # killed: one of containerd, one of podman behind podman's back, and the namespace of Go's plugins with its container
            remove b
            sandbox=$(podman inspect -f '{''{.NetworkSettings.SandboxKey}''}' two)
            kill -9 $(podman inspect -f '{''{.State.ConmonPid}''} {''{.State.Pid}''}' two)
            until umount $sandbox; do sleep 0.1; done
            rm $sandbox
            collect | sed 's/^removed \([^ ]*\) .*from/\1 from/; s/^[0-9a-f]\{64\}/two/' | sort
            living
            ip netns del go1; sleep 0.3
            $CNIPS/cnips gc gonet > /dev/null; ls /var/lib/cni/networks/gonet | grep -c '^10'
            $CNIPS/cnips gc gonet --patience 0 > /dev/null; ls /var/lib/cni/networks/gonet | grep -c '^10' || true
            """);
        Assert.Equal(["node-b from containerd-net", "two from podnet", "living 4", "1", "0"], output);
    }

    [Fact]
    public void GCBesideARuntimesWorkBreaksNothing()
    {
        string count = Environment.GetEnvironmentVariable("CNIPS_CRASH") == "all" ? "200" : "20";
        string[] output = Run(
            $$"""
            touch collecting
            (trap - EXIT; while [ -e collecting ]; do collect > gc.log 2>&1 || cat gc.log >> failed; done) > gc.out 2>&1 &
            attach() {
                ip netns add $1
                bridge gonet 10.60.0.0/24 | plugin $CNIPS bridge ADD $1 /run/netns/$1 eth0 > /dev/null && ip -n $1 -o -4 addr show eth0
                bridge gonet 10.60.0.0/24 | plugin $CNIPS bridge DEL $1 /run/netns/$1 eth0
                ip netns del $1
            }
            for i in $(seq {{count}}); do
                (trap - EXIT; once c$i /bin/busybox ip -o -4 addr show dev eth0 >> by-containerd 2>&1) &
                once=$!
                podman run --rm busy /bin/busybox ip -o -4 addr show dev eth0 >> by-podman 2>&1 || echo "podman: $?" >> by-podman
                attach n$i >> by-plugins 2>&1 || echo "plugins: $?" >> by-plugins
                wait $once || echo "ctr: $?" >> by-containerd
            done
            rm collecting; wait
            grep -hv 'inet 10' by-* || true
            for by in containerd podman plugins; do echo "$by $(grep -c 'inet 10' by-$by) $(grep -vc 'inet 10' by-$by)"; done
            cat failed 2> /dev/null || true
            living
            """);
        Assert.Equal([$"containerd {count} 0", $"podman {count} 0", $"plugins {count} 0", "living 6"], output);
    }

    private string[] Run(string script)
    {
        Runtime.Require(Runtime.Containerd, Runtime.Podman);
        Sandbox.Require(goPlugins: true);
        return Runtime.Run(executable, Inhabited + script, "containerd", "podman");
    }
}
