using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Meta;

/// <summary>
/// What the Go plugin's nftables backend left: rules in the tables <c>ip cni_hostport</c> and <c>ip6 cni_hostport</c> that name the container
/// only. So the container's attachments to other networks are told by the addresses, where these are known.
/// </summary>
internal sealed class GoNftablesPorts(IHost host, PluginCall call)
{
    private static readonly string[] s_chains = ["hostports", "hostip_hostports", "masquerading"];

    internal List<Change> Removal()
    {
        INftablesView view = host.Nftables(host.Namespace);
        List<byte[]> addresses = PortmapTargets.AddressesOf(call).ConvertAll(address => address.Address.GetAddressBytes());
        List<Change> changes = [];
        foreach (NftFamily family in (NftFamily[])[NftFamily.IPv4, NftFamily.IPv6])
        {
            NftTable table = new(family, "cni_hostport");
            foreach (string chain in view.HasTable(table) ? s_chains : [])
            {
                foreach (NftRule rule in view.GetRules(table, chain))
                {
                    if (rule.Comment == call.ContainerId
                        && (addresses.Count == 0 || addresses.Exists(address => rule.Expressions.Span.IndexOf(address) >= 0)))
                    {
                        changes.Add(new NftRuleDelete(host.Namespace, table, chain, rule.Handle));
                    }
                }
            }
        }

        return changes;
    }
}
