using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// Rules that one implementation makes and the other removes: what is left in the kernel afterwards, for each of ADD and DEL by us and by the Go
/// plugins (1.1.1), each kind of rule and each backend; and the ways back to the Go plugins.
/// </summary>
public sealed class BothDirectionsTests(NativeExecutable executable)
{
    // left: elements of ours, rules of a container in iptables, and chains of a container.
    private const string Setup =
        """
        left() {
            echo "elements $(nft list table inet cnips 2>/dev/null | grep -o 'comment "n1 ' | wc -l)" \
                "rules $( (iptables-save; ip6tables-save) | grep -c '10\.88\.0\.\|fd00:88::' || true)" \
                "chains $( (iptables-save; ip6tables-save) | grep -c '^:CNI-[0-9a-f]\|^:CNI-DN-' || true)"
        }
        IPAM='"ipam":{"type":"host-local","ranges":[[{"subnet":"10.88.0.0/24"}],[{"subnet":"fd00:88::/64"}]]}'
        MAPPINGS='"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
        RESULT='"prevResult":{"cniVersion":"1.0.0","interfaces":[{"name":"eth0","sandbox":"/run/netns/c1"}],"ips":[{"address":"10.88.0.2/24","interface":0},{"address":"fd00:88::2/64","interface":0}]}'
        ip netns add c1

        """;

    // Whatever Go 1.1.1 makes is iptables'; a key that it doesn't know does it no harm.
    public static TheoryData<string, string, string, string, string> Cells => new()
    {
        // rule, backend, ADD by, DEL by: what DEL says, and what is left
        { "masquerade", "nftables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "nftables", "CNIPS", "GO", "del 1 elements 2 rules 0 chains 0" },
        { "masquerade", "nftables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "nftables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "iptables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "iptables", "CNIPS", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "iptables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "masquerade", "iptables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "nftables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "nftables", "CNIPS", "GO", "del 0 elements 5 rules 0 chains 0" },
        { "portmap", "nftables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "nftables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "iptables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "iptables", "CNIPS", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "iptables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "portmap", "iptables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "nftables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "nftables", "CNIPS", "GO", "del 0 elements 2 rules 0 chains 0" },
        { "firewall", "nftables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "nftables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "iptables", "CNIPS", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "iptables", "CNIPS", "GO", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "iptables", "GO", "CNIPS", "del 0 elements 0 rules 0 chains 0" },
        { "firewall", "iptables", "GO", "GO", "del 0 elements 0 rules 0 chains 0" },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void WhatIsLeftInTheKernel(string rule, string backend, string adds, string deletes, string left)
    {
        (string type, string keys) = rule switch
        {
            "masquerade" => ("bridge", $"\"bridge\":\"cni0\",\"isGateway\":true,\"ipMasq\":true,\"ipMasqBackend\":\"{backend}\",'\"$IPAM\"'"),
            "portmap" => ("portmap", $"\"backend\":\"{backend}\",'\"$MAPPINGS,$RESULT\"'"),
            _ => ("firewall", $"\"backend\":\"{backend}\",'\"$RESULT\"'"),
        };
        string output = Run(
            $$$"""
            CONF='{"cniVersion":"1.0.0","name":"n1","type":"{{{type}}}",{{{keys}}}}'
            echo "$CONF" | plugin ${{{adds}}} {{{type}}} ADD c1 /run/netns/c1 eth0 > result || { cat result; exit 1; }
            [ "$(left)" != 'elements 0 rules 0 chains 0' ]
            code=0
            [ {{{type}}} != bridge ] || CONF="${CONF%\}},\"prevResult\":$(tr -d '\n\t' < result)}"
            echo "$CONF" | plugin ${{{deletes}}} {{{type}}} DEL c1 /run/netns/c1 eth0 > said || code=$?
            echo "del $code $(left)"
            """);
        Assert.Equal(left + "\n", output);
    }

    // The list of podman, whose rules are of all three kinds.
    private const string List =
        """
        list() {
            cat > n1.conflist <<END
        {"cniVersion":"1.0.0","name":"n1","plugins":[
         {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":true$1,$IPAM},
         {"type":"portmap","capabilities":{"portMappings":true}$2},{"type":"firewall","backend":"$3"}]}
        END
        }
        export CAP_ARGS='{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
        cnips() { $CNIPS/cnips "$@"; }
        go() { CNI_PATH=$GO $CNIPS/cnips "$@" --plugin-source path; }

        """;

    [Fact]
    public void WhoHasConvertedCanGoBackWhileContainersRun()
    {
        string[] output = Lines(
            """
            list '' '' nftables
            cnips add n1.conflist c1 > /dev/null; left
            cnips convert --backend iptables
            left; nft list tables | grep -c cnips || true
            cnips check n1 c1; echo "check $?"
            go del n1.conflist c1; left
            """);
        Assert.Equal(
            [
                "elements 9 rules 0 chains 0", "converted c1 eth0 on n1 to iptables", "elements 0 rules 12 chains 4", "0",
                "check 0", "elements 0 rules 0 chains 0",
            ],
            output);
    }

    // The Go plugins' DEL has failed, as it will each time: conversion gives it what it looks for. GC by us takes what it leaves, which is the
    // masquerading where the link is gone already, and where it has emptied a chain that a rule still goes to.
    [Fact]
    public void WhoIsStuckGetsOut()
    {
        string[] output = Lines(
            """
            list '' '' nftables
            cnips add n1.conflist c1 > /dev/null
            go del n1.conflist c1 2> said || echo "del $?"
            cnips convert --backend iptables; left
            go del n1.conflist c1; left; ls /var/lib/cni/results | wc -l
            iptables -t nat -F $(iptables -t nat -S POSTROUTING | grep -o 'CNI-[0-9a-f]*$'); left
            cnips gc n1.conflist; left
            cnips add n1.conflist c1 > /dev/null
            go del n1.conflist c1 2> said || echo "del $?"
            rm /var/lib/cni/results/*; ip netns del c1; left
            cnips gc n1.conflist; left; nft list tables | grep -c cnips || true
            """);
        Assert.Equal(
            [
                "del 1", "converted c1 eth0 on n1 to iptables", "elements 0 rules 12 chains 4", "elements 0 rules 4 chains 2", "0",
                "elements 0 rules 3 chains 2", "elements 0 rules 0 chains 0",
                "del 1", "elements 9 rules 0 chains 0", "elements 0 rules 0 chains 0", "0",
            ],
            output);
    }

    [Fact]
    public void WhatTheGoPluginsMadeBecomesOursByConversion()
    {
        string[] output = Lines(
            """
            list '' '' iptables
            go add n1.conflist c1 > /dev/null; left
            cnips check n1 c1; echo "check $?"
            cnips convert n1 --backend nftables
            left
            cnips check n1 c1; echo "check $?"
            cnips convert n1 --backend nftables; left
            cnips del n1.conflist c1; left
            """);
        Assert.Equal(
            [
                "elements 0 rules 12 chains 4", "check 0", "converted c1 eth0 on n1 to nftables", "elements 9 rules 0 chains 0", "check 0",
                "converted c1 eth0 on n1 to nftables", "elements 9 rules 0 chains 0", "elements 0 rules 0 chains 0",
            ],
            output);
    }

    [Fact]
    public void WhatTheGoPluginsMadeCountsAsMade()
    {
        string[] output = Lines(
            """
            ip link add up0 type veth peer name up1; ip link set up0 up; ip link set up1 up
            n=0
            # try PLUGINS: made by Go, checked and removed by us
            try() {
                n=$((n + 1)); ip netns add x$n
                echo '{"cniVersion":"1.0.0","name":"n'$n'","plugins":['"$1"']}' > try.conflist
                go add try.conflist x$n > /dev/null
                cnips check n$n x$n > said || { echo "$1"; cat said; }
                cnips del try.conflist x$n
            }
            CAP_ARGS='{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"},{"hostPort":8081,"containerPort":81,"protocol":"udp"}]}'
            V4='"ipam":{"type":"host-local","subnet":"10.88.0.0/24","routes":[{"dst":"0.0.0.0/0"}]}'
            BRIDGE='{"type":"bridge","bridge":"cni0","isGateway":true,'
            for keys in "$V4" '"hairpinMode":true,"mtu":1400,'"$V4" '"macspoofchk":true,'"$V4" "\"ipMasq\":true,$IPAM"; do try "$BRIDGE$keys}"; done
            for keys in '' ',"snat":false' ',"markMasqBit":7' ',"conditionsV4":["-s","192.0.2.0/24"]'; do
                try "$BRIDGE$V4},"'{"type":"portmap","capabilities":{"portMappings":true}'"$keys}"
            done
            try "$BRIDGE$IPAM},"'{"type":"portmap","capabilities":{"portMappings":true}}'
            for keys in '' ',"backend":"nftables"' ',"backend":"iptables","ingressPolicy":"same-bridge"'; do try "$BRIDGE$V4},"'{"type":"firewall"'"$keys}"; done
            try "$BRIDGE$V4},"'{"type":"bandwidth","ingressRate":800000,"ingressBurst":80000}'
            try "$BRIDGE$V4},"'{"type":"tuning","mtu":1350,"promisc":true}'
            try "$BRIDGE$V4},"'{"type":"sbr"}'
            try '{"type":"ptp","ipMasq":true,'"$IPAM}"
            try '{"type":"macvlan","master":"up0","mode":"bridge",'"$V4}"
            try '{"type":"loopback"}'
            left; nft list ruleset | grep -c cni-br-iface || true
            """);
        Assert.Equal(["elements 0 rules 0 chains 0", "0"], output);
    }

    // Part of it is gone: it is mended where it was made, and not made once more elsewhere.
    [Fact]
    public void WhatTheGoPluginsMadeIsMendedWhereItWasMade()
    {
        string[] output = Lines(
            """
            list '' '' iptables
            go add n1.conflist c1 > /dev/null; left
            iptables -t nat -F CNI-HOSTPORT-DNAT; iptables -t nat -F POSTROUTING
            code=0; cnips check n1 c1 --verbose > said || code=$?
            echo "check $code"; sed -n 's/^  \(iptables .*\|nft .*\)/\1/p' said > mend; grep -c '^nft' mend || true
            sh mend 2> mended || true # of what is shared by two addresses, each has it all
            cnips check n1 c1; echo "check $?"; left | cut -d' ' -f1-2
            """);
        Assert.Equal(["elements 0 rules 12 chains 4", "check 3", "0", "check 0", "elements 0"], output);
    }

    [Fact]
    public void AFailedConversionLeavesTheRulesAsTheyWere()
    {
        string[] output = Lines(
            """
            list '' '' nftables
            cnips add n1.conflist c1 > /dev/null; nft list ruleset > before; cksum < /var/lib/cni/results/n1-c1-eth0 > cached
            # ip6tables is asked after iptables, and can't be.
            mkdir bin; for name in iptables ip6tables; do for end in '' -save -restore; do ln -s /usr/sbin/$name$end bin/$name$end; done; done
            rm bin/ip6tables-restore; printf '#!/bin/sh\nexit 4\n' > bin/ip6tables-restore; chmod +x bin/ip6tables-restore
            code=0; PATH=$PWD/bin:$PATH cnips convert --backend iptables 2> said || code=$?
            echo "convert $code $(grep -c 'its rules are as they were)' said)"
            left; nft list table inet cnips > after; sed -n '/table inet cnips/,/^}/p' before | cmp - after && echo same
            cksum < /var/lib/cni/results/n1-c1-eth0 | cmp - cached && echo cached
            cnips check n1 c1; echo "check $?"
            """);
        Assert.Equal(["convert 1 1", "elements 9 rules 0 chains 0", "same", "cached", "check 0"], output);
    }

    [Fact]
    public void APlanOfAConversionChangesNothing()
    {
        string[] output = Lines(
            """
            list '' '' nftables
            cnips add n1.conflist c1 > /dev/null; nft list ruleset | cksum > before
            cnips convert --backend iptables --plan > plan
            grep -c "^iptables -w -t nat -A CNI-[0-9a-f]* '!' -d 224.0.0.0/4 " plan; grep -c '^nft delete element inet cnips' plan; tail -1 plan
            nft list ruleset | cksum | cmp - before && echo same
            cnips convert --backend iptables --plan --json | grep -c '"ifname": *"eth0"'
            """);
        Assert.Equal("same", output[3]);
        Assert.Equal(["1", "9", "# would convert c1 eth0 on n1 to iptables", "same", "1"], output);
    }

    [Fact]
    public void OneSettingHoldsForAllNetworks()
    {
        string[] output = Lines(
            """
            mkdir from; cp -L $CNIPS/cnips $CNIPS/cnips-cli from; from/cnips install here --commands --backend iptables > /dev/null
            cat here/cnips.json | tr -d ' \n'; echo
            list '' '' ''
            here/cnips add n1.conflist c1 > /dev/null; left
            go del n1.conflist c1; left
            # As plugins, too, and whatever link they are started by; a network that names a backend has that.
            ln -s $PWD/here/bridge other
            echo '{"cniVersion":"1.0.0","name":"n1","type":"bridge","bridge":"cni0","ipMasq":true,'"$IPAM"'}' | plugin $PWD/here bridge ADD c1 /run/netns/c1 eth0 > /dev/null; left
            echo '{"cniVersion":"1.0.0","name":"n1","type":"bridge","bridge":"cni0","ipMasq":true,'"$IPAM"'}' | plugin $GO bridge DEL c1 /run/netns/c1 eth0; left
            list ',"ipMasqBackend":"nftables"' ',"backend":"nftables"' nftables
            here/cnips add n1.conflist c1 > /dev/null; left; here/cnips del n1.conflist c1
            # An update leaves it, "default" removes it; the environment stands before it.
            from/cnips install here > /dev/null; test -e here/cnips.json
            list '' '' ''
            CNIPS_BACKEND=nftables here/cnips add n1.conflist c1 > /dev/null; left; here/cnips del n1.conflist c1
            from/cnips install here --backend default > /dev/null; test ! -e here/cnips.json
            echo '{"backend":"ebtables"}' > here/cnips.json
            code=0; here/cnips add n1.conflist c1 2>&1 | grep -c 'cnips.json: unknown backend "ebtables"'
            """);
        Assert.Equal(
            [
                "{\"backend\":\"iptables\"}", "elements 0 rules 12 chains 4", "elements 0 rules 0 chains 0",
                "elements 0 rules 4 chains 2", "elements 0 rules 0 chains 0", "elements 9 rules 0 chains 0", "elements 9 rules 0 chains 0", "1",
            ],
            output);
    }

    private string[] Lines(string script) => Run(List + script).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Run(string script)
    {
        Sandbox.Require(goPlugins: true);
        Assert.SkipUnless(File.Exists("/usr/sbin/iptables") && File.Exists("/usr/sbin/nft"), "needs iptables and nft");
        return Sandbox.Check(executable, Setup + script);
    }
}
