using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>What a device of the host loses when it leaves: its addresses, the routes by it, its master. A rollback gives them back.</summary>
internal sealed class DeviceState
{
    // Those the kernel, and router advertisements, make by themselves.
    private const int KernelProtocol = 2, AdvertisedProtocol = 9;

    private readonly Link _device;
    private readonly LinkId? _master;
    private readonly IReadOnlyList<InterfaceAddress> _addresses;
    private readonly IReadOnlyList<RouteEntry> _routes;

    private DeviceState(Link device, LinkId? master, IReadOnlyList<InterfaceAddress> addresses, IReadOnlyList<RouteEntry> routes)
    {
        _device = device;
        _master = master;
        _addresses = addresses;
        _routes = routes;
    }

    internal static DeviceState Of(IHost host, Link device)
    {
        NetworkNamespace ns = host.Namespace;
        LinkId? master = device.Master != 0 ? host.FindLink(ns, device.Master)?.Id : null;
        return new DeviceState(device, master, host.GetAddresses(ns, device.Index), host.GetRoutes(ns, device.Index));
    }

    /// <summary>Gives back what is missing, once the device is there again.</summary>
    internal void Restore(IHost host)
    {
        NetworkNamespace ns = host.Namespace;
        if (host.FindLink(ns, _device.Name) is not { } device)
        {
            return; // it never left the container: the failure says so
        }

        IReadOnlyList<InterfaceAddress> present = host.GetAddresses(ns, device.Index);
        List<Change> changes = [];
        if (_master is { } master && device.Master == 0)
        {
            changes.Add(new LinkSet(ns, device.Id) { Master = master });
        }

        foreach (InterfaceAddress address in _addresses)
        {
            if (address.IsGlobal && !InterfaceInspection.Contains(present, address.Address))
            {
                changes.Add(new AddressAdd(ns, device.Id, address.Address, NoDuplicateDetection: address.Address.IsV6));
            }
        }

        if (changes.Count > 0)
        {
            foreach (RouteEntry route in _routes)
            {
                if (route.Protocol is not (KernelProtocol or AdvertisedProtocol))
                {
                    changes.Add(new RouteAdd(ns, device.Id, route) { Replace = true });
                }
            }

            host.Apply(changes);
        }
    }
}
