using System;
using System.IO;
using System.Linq;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests.Runtimes;

/// <summary>The executable as the plugins of podman, with its usual list, and with no other plugin to be found.</summary>
public sealed class PodmanTests(NativeExecutable executable)
{
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
            podman exec one /bin/busybox ip -o -4 addr | grep -o '10\.8[89]\.0\.2/16' | sort # podman takes its networks as they come
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

    [Fact]
    public void AnAddressAndAMacThatAreAskedFor()
    {
        string[] output = Run(
            """
            run one --ip 10.88.7.7 --mac-address 02:00:00:00:77:77
            podman exec one /bin/busybox ip -o -4 addr show dev eth0 | grep -o '10.88.7.7/16'
            podman exec one /bin/busybox cat /sys/class/net/eth0/address
            podman rm -f -t 0 one > /dev/null
            """ + Leftovers);
        Assert.Equal(["10.88.7.7/16", "02:00:00:00:77:77", "links 0", "elements 0", "rules 0", "leases 0"], output);
    }

    [Fact]
    public void ReloadBringsBackWhatAFlushTook()
    {
        string[] output = Run(
            """
            run one -p 8080:80
            nft flush ruleset
            podman network reload one > /dev/null
            fetch http://127.0.0.1:8080/
            nft list ruleset | grep -c 'masquerade$'
            iptables -S CNI-FORWARD | grep -c 10.88.0.2
            podman rm -f -t 0 one > /dev/null
            """ + Leftovers);
        Assert.Equal(["one", "2", "2", "links 0", "elements 0", "rules 0", "leases 0"], output);
    }

    [Fact]
    public void BuildahRunsInAContainerOnTheNetwork()
    {
        Runtime.Require(["buildah", "runc"]);
        string[] output = Run(
            """
            from=$(buildah from --isolation oci --ulimit memlock=65536:65536 --pull-never localhost/busy)
            buildah run --isolation oci --runtime runc $from -- /bin/busybox ip -o -4 addr show dev eth0 | grep -o '10.88.0.2/16'
            buildah run --isolation oci --runtime runc $from -- /bin/busybox ping -c 1 10.88.0.1 | grep -o '1 packets received'
            buildah rm $from > /dev/null
            """ + Leftovers);
        Assert.Equal(["10.88.0.2/16", "1 packets received", "links 0", "elements 0", "rules 0", "leases 0"], output);
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
        Runtime.Require(Runtime.Podman);
        Assert.SkipUnless(File.ReadAllText("/proc/filesystems").Contains("cgroup2", StringComparison.Ordinal), "crun needs cgroup2");
        return Runtime.Run(executable, script, "podman");
    }
}
