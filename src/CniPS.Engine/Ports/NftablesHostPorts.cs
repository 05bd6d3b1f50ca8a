using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Plugins;

namespace CniPS.Ports;

/// <summary>Ports in nf_tables: CniPS' elements, and rules of the Go plugin portmap and of netavark.</summary>
internal static class NftablesHostPorts
{
    internal static IEnumerable<HostPort> Of(IHost host)
    {
        INftablesView view = host.Nftables(host.Namespace);
        HashSet<ForwardedPort> served = [.. PortForwarding.List(view, host.Namespace)];
        foreach ((ForwardedPort port, string? comment) in PortForwarding.ListOwned(view))
        {
            string[] owner = comment?.Split(' ') ?? [];
            bool isWhole = owner.Length == 3 && !comment!.Contains('~');
            yield return new HostPort(port.Protocol, port.HostPort, port.HostAddress, new IPEndPoint(port.Address, port.Port))
            {
                Maker = PortMaker.CniPS,
                Backend = RuleBackend.Nftables,
                IsServed = served.Contains(port),
                Network = isWhole ? owner[0] : null,
                Interface = isWhole ? owner[1] : null,
                ContainerId = isWhole ? owner[2] : null,
            };
        }

        foreach (NftFamily family in (NftFamily[])[NftFamily.IPv4, NftFamily.IPv6])
        {
            NftTable portmap = new(family, "cni_hostport");
            if (view.HasTable(portmap))
            {
                bool isAsked = view.HasChain(portmap, "prerouting") && view.GetRules(portmap, "prerouting").Count > 0;
                foreach (string chain in (string[])["hostip_hostports", "hostports"])
                {
                    foreach (HostPort port in Read(view, portmap, chain, family))
                    {
                        yield return port with { Maker = PortMaker.Portmap, IsServed = isAsked };
                    }
                }
            }
        }

        NftTable netavark = new(NftFamily.Inet, "netavark");
        if (view.HasTable(netavark))
        {
            bool isAsked = view.HasChain(netavark, "PREROUTING") && view.GetRules(netavark, "PREROUTING").Count > 0;
            foreach (string chain in view.GetChains(netavark))
            {
                foreach (NftFamily family in (NftFamily[])[NftFamily.IPv4, NftFamily.IPv6])
                {
                    foreach (HostPort port in Read(view, netavark, chain, family))
                    {
                        yield return port with { Maker = PortMaker.Netavark, IsServed = isAsked, ContainerId = null };
                    }
                }
            }
        }
    }

    private static IEnumerable<HostPort> Read(INftablesView view, NftTable table, string chain, NftFamily family)
    {
        foreach (NftRule rule in view.GetRules(table, chain))
        {
            NftRuleMeaning meaning = NftRuleMeaning.Of(rule, family);
            if (meaning is { SentTo: { } to, AskedPort: { } port, AskedProtocol: { } protocol }
                && (to.AddressFamily == AddressFamily.InterNetworkV6) == (family == NftFamily.IPv6))
            {
                yield return new HostPort((ProtocolType)protocol, port, meaning.Destination, new IPEndPoint(to, meaning.SentToPort ?? port))
                {
                    Backend = RuleBackend.Nftables,
                    ContainerId = rule.Comment,
                };
            }
        }
    }
}
