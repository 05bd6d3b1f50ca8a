using System.Collections.Generic;

namespace CniPS.Tool.Tests.Crash;

/// <summary>A list of plugins that crashes are tried with.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Types">The plugins' types.</param>
/// <param name="Plugins">Their configurations, as in a list.</param>
/// <param name="Prepare">Commands that make what it needs of the host.</param>
/// <param name="Ports">Whether a port of the host leads to the container.</param>
internal sealed record CrashList(string Name, string[] Types, string Plugins, string Prepare = "", bool Ports = false)
{
    private const string Below = "ip link add dm0 type veth peer name dm9; ip link set dm0 up";

    /// <summary>What a pair of verbs may be killed in.</summary>
    internal IEnumerable<string> Pairs
    {
        get
        {
            foreach (string pair in (string[])["add-add", "add-del", "add-gc", "add-gone", "del-del", "del-gc", "del-add", "plugin-del"])
            {
                yield return pair;
            }

            // It has nothing that a GC could find without its namespace.
            if (Name != "host-device")
            {
                yield return "gc-gc";
            }

            if (Name is "bridge" or "chain")
            {
                yield return "gc-peer";
            }

            // Of several plugins, those that had ended before another one even began are a living container's.
            foreach (string pair in Types.Length == 1 ? (string[])["plugin-add", "plugin-gc"] : [])
            {
                yield return pair;
            }
        }
    }

    internal static IReadOnlyList<CrashList> All { get; } =
    [
        new(
            "bridge", ["bridge"],
            """
            {"type":"bridge","bridge":"br0","isGateway":true,"ipMasq":true,"hairpinMode":true,
             "ipam":{"type":"host-local","subnet":"10.9.0.0/28","routes":[{"dst":"0.0.0.0/0"}]}}
            """),
        new(
            "chain", ["bridge", "portmap", "firewall", "bandwidth", "tuning"],
            """
            {"type":"bridge","bridge":"br0","isGateway":true,"ipMasq":true,"macspoofchk":true,"ipam":{"type":"host-local","subnet":"10.9.1.0/28"}},
            {"type":"portmap","capabilities":{"portMappings":true},"snat":true},
            {"type":"firewall","backend":"nftables"},
            {"type":"bandwidth","ingressRate":1000000,"ingressBurst":1000000,"egressRate":1000000,"egressBurst":1000000},
            {"type":"tuning","sysctl":{"net.ipv4.conf.eth0.log_martians":"1"},"mtu":1400}
            """,
            Ports: true),
        new(
            "ptp", ["ptp"],
            """{"type":"ptp","ipMasq":true,"ipam":{"type":"host-local","ranges":[[{"subnet":"10.9.2.0/28"}],[{"subnet":"fd00:9:2::/64"}]]}}"""),
        new("macvlan", ["macvlan"], """{"type":"macvlan","master":"dm0","ipam":{"type":"host-local","subnet":"10.9.3.0/28"}}""", Below),
        new("tap", ["tap"], """{"type":"tap","ipam":{"type":"host-local","subnet":"10.9.4.0/28"}}"""),
        new(
            "macvlan, tuning, sbr", ["macvlan", "tuning", "sbr"],
            """{"type":"macvlan","master":"dm0","ipam":{"type":"host-local","subnet":"10.9.6.0/28"}},{"type":"tuning","mtu":1400},{"type":"sbr"}""", Below),
        new(
            "host-device", ["host-device"],
            """{"type":"host-device","device":"dm1","ipam":{"type":"host-local","subnet":"10.9.7.0/28"}}""", "ip link add dm1 type veth peer name dm9"),
    ];
}
