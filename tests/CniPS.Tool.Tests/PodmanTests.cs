using System;
using System.IO;
using System.Linq;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>The executable as the plugins of podman, with its usual list, and with no other plugin to be found.</summary>
public sealed class PodmanTests(NativeExecutable executable)
{
    // Storage, settings and networks of its own, and an image of one program.
    private const string Setup =
        """
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir net.d
        cat > net.d/10-podnet.conflist <<END
        {"cniVersion":"0.4.0","name":"podnet","plugins":[
         {"type":"bridge","bridge":"cni-podman0","isGateway":true,"ipMasq":true,"hairpinMode":true,
          "ipam":{"type":"host-local","routes":[{"dst":"0.0.0.0/0"}],"ranges":[[{"subnet":"10.88.0.0/16","gateway":"10.88.0.1"}]]}},
         {"type":"portmap","capabilities":{"portMappings":true}},
         {"type":"firewall","backend":""},
         {"type":"tuning"}]}
        END
        cat > containers.conf <<END
        [containers]
        cgroups="disabled"
        cgroupns="host"
        ipcns="host"
        netns="bridge"
        log_driver="k8s-file"
        default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
        [engine]
        cgroup_manager="cgroupfs"
        events_logger="none"
        runtime="crun"
        [network]
        network_backend="cni"
        cni_plugin_dirs=["$CNIPS"]
        network_config_dir="$PWD/net.d"
        default_network="podnet"
        END
        cat > storage.conf <<END
        [storage]
        driver="vfs"
        runroot="$PWD/store/run"
        graphroot="$PWD/store/graph"
        END
        export CONTAINERS_CONF=$PWD/containers.conf CONTAINERS_STORAGE_CONF=$PWD/storage.conf
        podman info --format '{{.Host.NetworkBackend}}' 2>/dev/null | grep -qx cni || { echo no-cni; exit 0; }
        mkdir -p rootfs/bin rootfs/etc rootfs/tmp; cp $(command -v busybox) rootfs/bin/busybox
        tar -C rootfs -c . | podman import -q - busy > /dev/null
        # run NAME [OPTION...]: a container that serves its own name
        run() {
            name=$1; shift
            podman run -d --name $name "$@" busy /bin/busybox sh -c "echo $name > /tmp/index.html; exec /bin/busybox httpd -f -p 80 -h /tmp" > /dev/null
        }
        # fetch URL: what is served there, once the server is up
        fetch() {
            for try in 1 2 3 4 5 6 7 8 9 10; do timeout 3 busybox wget -qO- $1 2>/dev/null && return; sleep 0.2; done
            echo "nothing at $1"
        }

        """;

    [Fact]
    public void AContainerRunsIsReachedAndLeavesNothing()
    {
        string[] output = Run(
            """
            run one -p 8080:80 -p 8081:80/tcp -p 5353:53/udp
            fetch http://127.0.0.1:8080/
            fetch http://10.88.0.1:8081/
            podman exec one /bin/busybox wget -qO- http://10.88.0.1:8080/
            podman exec one /bin/busybox ip -o -4 addr show dev eth0 | grep -o '10.88.0.2/16'
            podman rm -f -t 0 one > /dev/null
            """ + Leftovers);
        Assert.Equal(["one", "one", "one", "10.88.0.2/16", "links 0", "elements 0", "rules 0", "leases 0"], output);
    }

    [Fact]
    public void ThirtyContainersAtATime()
    {
        string[] output = Run(
            """
            for i in $(seq 30); do run c$i -p $((9000 + i)):80 & done; wait
            for i in $(seq 30); do fetch http://127.0.0.1:$((9000 + i))/; done
            podman ps -q | wc -l
            for i in $(seq 30); do podman rm -f -t 0 c$i > /dev/null & done; wait
            podman ps -aq | wc -l
            """ + Leftovers);
        Assert.Equal([.. Enumerable.Range(1, 30).Select(i => $"c{i}"), "30", "0", "links 0", "elements 0", "rules 0", "leases 0"], output);
    }

    // podman gives a container's ports to each of its networks.
    [Fact]
    public void AContainerOnTwoNetworksIsReachedByEither()
    {
        string[] output = Run(
            """
            sed 's/podnet/podnet2/; s/cni-podman0/cni-podman1/; s/10\.88\./10.89./g' net.d/10-podnet.conflist > net.d/20-podnet2.conflist
            run one --network podnet,podnet2 -p 8080:80
            fetch http://127.0.0.1:8080/
            podman exec one /bin/busybox ip -o -4 addr | grep -o '10\.8[89]\.0\.2/16'
            podman network disconnect podnet one
            fetch http://10.89.0.1:8080/
            run two -p 8080:80 2>&1 | grep -c 'host port 8080/tcp is taken: container' || true
            podman rm -f -t 0 one > /dev/null
            run three -p 8080:80
            fetch http://127.0.0.1:8080/
            podman rm -f -t 0 -a > /dev/null
            podman ps -aq | wc -l
            """ + Leftovers);
        Assert.Equal(["one", "10.88.0.2/16", "10.89.0.2/16", "one", "1", "three", "0", "links 0", "elements 0", "rules 0", "leases 0"], output);
    }

    private const string Leftovers =
        """

        echo "links $(ip -o link | grep -c veth || true)"
        echo "elements $(nft list ruleset | grep -c podnet || true)"
        echo "rules $(iptables -S CNI-FORWARD | grep -c 10.88. || true)"
        echo "leases $(ls /var/lib/cni/networks/podnet | grep -c '^10\.' || true)"
        """;

    private string[] Run(string script)
    {
        Sandbox.Require();
        foreach (string program in (string[])["podman", "crun", "conmon", "nft"])
        {
            Assert.SkipUnless(Shell.Has(program), $"needs {program}");
        }

        Assert.SkipUnless(Shell.Has("busybox"), "needs a static busybox for an image (Debian: busybox-static)");
        Assert.SkipUnless(File.ReadAllText("/proc/filesystems").Contains("cgroup2", StringComparison.Ordinal), "crun needs cgroup2");
        string output = Sandbox.Check(executable, Setup + script);
        Assert.SkipWhen(output.StartsWith("no-cni", StringComparison.Ordinal), "this podman has no CNI backend");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
