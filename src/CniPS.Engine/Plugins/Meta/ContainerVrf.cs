using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>A VRF of the container, and how an interface gets into it. The caller holds the host's lock.</summary>
internal sealed class ContainerVrf
{
    // Those that every namespace has: default, main, local.
    private const uint FirstReserved = 253, LastReserved = 255;
    private const int KernelProtocol = 2, Universe = 0;

    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly NetworkNamespace _container;
    private readonly VrfConfiguration _configuration;

    internal ContainerVrf(PluginCall call, PluginContext context, NetworkNamespace container, VrfConfiguration configuration)
    {
        _call = call;
        _context = context;
        _container = container;
        _configuration = configuration;
    }

    internal Link FindOrMake()
    {
        string name = _configuration.Name;
        Link? vrf = _context.Host.FindLink(_container, name);
        if (vrf is null)
        {
            VrfSettings settings = new(_configuration.Table != 0 ? _configuration.Table : FindFreeTable());
            _context.Transaction.ApplyShared(
                new SharedVrf(_call.Request.NetNS, name), [new LinkAdd(_container, name, settings) { Up = true }]);
            return _context.Host.FindLink(_container, name)
                ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"VRF {name} vanished as soon as it was made");
        }

        if (vrf.Settings is not VrfSettings present)
        {
            throw Conflict($"Netlink {name} is not a VRF");
        }

        return _configuration.Table == 0 || present.Table == _configuration.Table
            ? vrf
            : throw Conflict($"VRF {name} already exist with different routing table {present.Table}");
    }

    /// <summary>Puts an interface into the VRF: its routes, which the kernel takes away, are made again in the VRF's table.</summary>
    internal void Enslave(Link link, Link vrf)
    {
        int table = (int)((VrfSettings)vrf.Settings!).Table;
        IReadOnlyList<InterfaceAddress> before = _context.Host.GetAddresses(_container, link.Index);
        IReadOnlyList<RouteEntry> routes = _context.Host.GetRoutes(_container, link.Index);
        _context.Apply(new LinkSet(_container, link.Id)
        {
            Master = vrf.Id,
            Undo = new LinkSet(_container, link.Id) { Master = default(LinkId) },
        });

        // Unless keep_addr_on_down is set, the kernel takes IPv6 addresses away, too. They were in use: nobody else can have them.
        IReadOnlyList<InterfaceAddress> after = _context.Host.GetAddresses(_container, link.Index);
        List<Change> changes = [];
        foreach (InterfaceAddress address in before)
        {
            if (address is { IsGlobal: true, Address.IsV6: true } && !Main.InterfaceInspection.Contains(after, address.Address))
            {
                changes.Add(new AddressAdd(_container, link.Id, address.Address, NoDuplicateDetection: true));
            }
        }

        foreach (RouteEntry route in routes)
        {
            if (route is { Table: RouteEntry.MainTable, Scope: null or Universe, Protocol: not KernelProtocol })
            {
                changes.Add(new RouteAdd(_container, link.Id, route with { Table = table }) { Replace = true });
            }
        }

        _context.Apply(changes);
    }

    private uint FindFreeTable()
    {
        HashSet<uint> taken = [];
        foreach (Link link in _context.Host.GetLinks(_container))
        {
            if (link.Settings is VrfSettings vrf)
            {
                taken.Add(vrf.Table);
            }
        }

        foreach (RouteEntry route in _context.Host.GetRoutes(_container))
        {
            taken.Add((uint)route.Table);
        }

        uint table = 1;
        while (taken.Contains(table) || table is >= FirstReserved and <= LastReserved)
        {
            table++;
        }

        return table;
    }

    private CniException Conflict(string message) => new(CniErrorIds.InterfaceExists, CniErrorCode.Internal, message)
    {
        Target = _configuration.Name,
        RecommendedAction = "Choose another \"vrfname\", or leave out \"table\".",
    };
}
