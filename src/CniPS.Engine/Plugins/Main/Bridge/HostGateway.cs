using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The bridge, or the gateway of its VLAN, as gateway: its address, and forwarding. Both are shared by all its ports.</summary>
internal sealed class HostGateway
{
    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;
    private readonly Link _gateway;
    private readonly IHost _host;

    internal HostGateway(PluginContext context, BridgeConfiguration configuration, Link gateway)
    {
        _context = context;
        _configuration = configuration;
        _gateway = gateway;
        _host = context.Host;
    }

    /// <summary>Sees to it that the bridge has an address and that packets are forwarded.</summary>
    internal void Ensure(IpPrefix address)
    {
        if (!HasAddress(address, out _))
        {
            using (_host.LockNamespace(_host.Namespace, exclusive: true, _context.Cancellation))
            {
                AddAddress(address);
            }
        }

        Forwarding.Ensure(_context, address.IsV6);
    }

    private bool HasAddress(IpPrefix address, out List<IpPrefix> conflicts)
    {
        conflicts = [];
        foreach (InterfaceAddress present in _host.GetAddresses(_host.Namespace, _gateway.Index))
        {
            if (present.Address == address)
            {
                return true;
            }

            // Any other IPv4 address is in the way; of IPv6, only one in an overlapping subnet.
            if (present.IsGlobal && present.Address.IsV6 == address.IsV6 && (!address.IsV6 || present.Address.Overlaps(address)))
            {
                conflicts.Add(present.Address);
            }
        }

        return false;
    }

    private void AddAddress(IpPrefix address)
    {
        if (HasAddress(address, out List<IpPrefix> conflicts))
        {
            return; // another ADD was quicker
        }

        NetworkNamespace ns = _host.Namespace;
        List<Change> changes = [];
        foreach (IpPrefix conflict in conflicts)
        {
            if (!_configuration.ForceAddress)
            {
                throw new CniException(
                    CniErrorIds.BridgeConflict,
                    CniErrorCode.Internal,
                    $"failed to set bridge addr: \"{_gateway.Name}\" already has an IP address different from {address}")
                {
                    Target = _gateway.Name,
                    RecommendedAction = $"It has {conflict}. Use another bridge, correct the subnet, or set \"forceAddress\": true.",
                };
            }

            changes.Add(new AddressDelete(ns, _gateway.Id, conflict));
        }

        // Without duplicate address detection: the first container needs its gateway at once.
        changes.Add(new AddressAdd(ns, _gateway.Id, address, NoDuplicateDetection: address.IsV6 && !_configuration.DetectDuplicates));
        if (_gateway.Kind == "bridge")
        {
            // One that another made follows its ports' addresses until it is given one: neighbours would lose the gateway.
            changes.Add(new LinkSet(ns, _gateway.Id) { Mac = _gateway.Mac, PinMac = true });
        }

        _context.Transaction.ApplyShared(new SharedBridgeAddress(_gateway.Name, address, conflicts), changes);
    }
}
