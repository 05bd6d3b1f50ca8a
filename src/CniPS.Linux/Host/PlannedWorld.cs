using System.Collections.Generic;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;

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
        }

        return network;
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
