using System;
using System.IO;
using System.Linq;
using CniPS.Tests;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Rules as the Go plugins of version 1.9.1 write them; Debian's 1.1.1 has no nftables backend for ports.</summary>
internal static class GoRules
{
    /// <summary>portmap: a port that leads to a container, and the masquerading that goes with it.</summary>
    internal static void OpenPort(Sandbox sandbox, string container, string address, string? hostIP = null, bool masqueradeAll = false)
    {
        bool isV6 = address.Contains(':');
        string family = isV6 ? "ip6" : "ip", table = $"{family} cni_hostport";
        string to = isV6 ? $"[{address}]:80" : $"{address}:80";
        string from = masqueradeAll ? (isV6 ? "::/0" : "0.0.0.0/0") : address;
        string localhost = isV6 || masqueradeAll ? "" : $"add rule {table} masquerading ip saddr 127.0.0.1 ip daddr {address} masquerade comment \"{container}\"";
        string condition = hostIP is null ? "" : $"{family} daddr {hostIP} ";
        Load(
            sandbox,
            $$"""
            add table {{table}} { comment "CNI portmap plugin" ; }
            add chain {{table}} hostports
            add chain {{table}} hostip_hostports
            add chain {{table}} hostports_all
            flush chain {{table}} hostports_all
            add rule {{table}} hostports_all jump hostip_hostports
            add rule {{table}} hostports_all jump hostports
            add chain {{table}} prerouting { type nat hook prerouting priority -100 ; }
            flush chain {{table}} prerouting
            add rule {{table}} prerouting fib daddr type local jump hostports_all
            add chain {{table}} output { type nat hook output priority -100 ; }
            flush chain {{table}} output
            add rule {{table}} output fib daddr type local jump hostports_all
            add chain {{table}} masquerading { type nat hook postrouting priority 100 ; }
            add rule {{table}} hostports {{condition}}tcp dport 8080 dnat to {{to}} comment "{{container}}"
            add rule {{table}} masquerading {{family}} saddr {{from}} {{family}} daddr {{address}} masquerade comment "{{container}}"
            {{localhost}}
            """);
    }

    /// <summary>How many rules lead to an address.</summary>
    internal static int CountPorts(Sandbox sandbox, string container, string address)
    {
        string rules = sandbox.RunOnHost("nft list ruleset");
        return rules.Split('\n').Count(rule =>
            rule.EndsWith($"comment \"{container}\"", StringComparison.Ordinal)
            && (rule.Contains($"daddr {address} ", StringComparison.Ordinal) || rule.Contains($"dnat to {address}:", StringComparison.Ordinal)
                || rule.Contains($"dnat to [{address}]:", StringComparison.Ordinal)));
    }

    /// <summary>bridge with <c>macspoofchk</c>: what guards a port.</summary>
    internal static void GuardPort(Sandbox sandbox, string container, string port) => Load(
        sandbox,
        $$"""
        add table bridge nat
        add chain bridge nat PREROUTING { type filter hook prerouting priority -300; policy accept; }
        add chain bridge nat cni-br-iface-{{container}}-eth0
        add chain bridge nat cni-br-iface-{{container}}-eth0-mac
        flush chain bridge nat cni-br-iface-{{container}}-eth0
        flush chain bridge nat cni-br-iface-{{container}}-eth0-mac
        add rule bridge nat PREROUTING iifname "{{port}}" jump cni-br-iface-{{container}}-eth0 comment "macspoofchk-{{container}}-eth0"
        add rule bridge nat cni-br-iface-{{container}}-eth0 jump cni-br-iface-{{container}}-eth0-mac comment "macspoofchk-{{container}}-eth0"
        add rule bridge nat cni-br-iface-{{container}}-eth0-mac ether saddr ea:10:e0:fa:dc:1a return comment "macspoofchk-{{container}}-eth0"
        add rule bridge nat cni-br-iface-{{container}}-eth0-mac drop comment "macspoofchk-{{container}}-eth0"
        """);

    private static void Load(Sandbox sandbox, string rules)
    {
        string file = Path.Join(sandbox.Folder, "rules.nft");
        File.WriteAllText(file, rules + "\n");
        sandbox.RunOnHost($"nft -f {file}");
    }
}
