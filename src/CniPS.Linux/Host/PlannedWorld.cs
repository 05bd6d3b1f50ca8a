using System.Collections.Generic;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Host;

/// <summary>
/// The world as it would be after the changes planned so far: what really is, copied at the first touch of each namespace, with the
/// changes made in the copy.
/// </summary>
internal sealed class PlannedWorld
{
    private readonly Dictionary<NamespaceId, PlannedNetwork> _networks = [];
    private readonly Dictionary<NamespaceId, PlannedNftables> _nftables = [];
    private readonly Dictionary<NamespaceId, PlannedIptables> _iptables = [];

    private readonly List<Link> _cut = []; // ends of pairs that are gone, whose other ends may be in namespaces that nobody has looked into yet

    internal PlannedWorld(IHost real) => Real = real;

    /// <summary>What really is.</summary>
    internal IHost Real { get; }

    /// <summary>Files as they would be.</summary>
    internal PlannedFiles Files => _files ??= new PlannedFiles(Real);

    private PlannedFiles? _files;

    /// <summary>firewalld as it would be.</summary>
    internal PlannedFirewalld Firewalld => _firewalld ??= new PlannedFirewalld(Real.Firewalld);

    private PlannedFirewalld? _firewalld;

    /// <summary>A namespace's links, addresses, routes and kernel parameters as they would be.</summary>
    internal PlannedNetwork Network(NetworkNamespace ns)
    {
        if (!_networks.TryGetValue(ns.Id, out PlannedNetwork? network))
        {
            _networks[ns.Id] = network = new PlannedNetwork(Real, ns);
            _cut.ForEach(network.RemovePeer);
        }

        return network;
    }

    /// <summary>Removes a link; the other end of a pair goes with it, wherever that is.</summary>
    internal void RemoveLink(NetworkNamespace ns, string name)
    {
        PlannedNetwork here = Network(ns);
        if (here.Find(name) is not { } link)
        {
            return;
        }

        here.RemoveLink(name);
        if (link.Kind == "veth" && link.Peer > 0)
        {
            _cut.Add(link);
            foreach (PlannedNetwork network in _networks.Values)
            {
                network.RemovePeer(link);
            }
        }
    }

    /// <summary>A namespace's nf_tables as they would be.</summary>
    internal PlannedNftables Nftables(NetworkNamespace ns)
    {
        if (!_nftables.TryGetValue(ns.Id, out PlannedNftables? nftables))
        {
            _nftables[ns.Id] = nftables = new PlannedNftables(Real.Nftables(ns));
        }

        return nftables;
    }

    /// <summary>A namespace's iptables as they would be.</summary>
    internal PlannedIptables Iptables(NetworkNamespace ns)
    {
        if (!_iptables.TryGetValue(ns.Id, out PlannedIptables? iptables))
        {
            _iptables[ns.Id] = iptables = new PlannedIptables(Real.Iptables(ns));
        }

        return iptables;
    }
}
