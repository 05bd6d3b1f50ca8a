using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>bridge's ADD: addresses, bridge, pair, gateway, masquerading.</summary>
internal sealed class BridgeAttachment
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;
    private readonly IHost _host;
    private readonly NetworkNamespace _container;
    private readonly MacAddress? _mac;

    internal BridgeAttachment(PluginCall call, PluginContext context, BridgeConfiguration configuration)
    {
        _call = call;
        _context = context;
        _configuration = configuration;
        _host = context.Host;
        _container = context.OpenNamespace(call.Request.NetNS);
        // Chosen here, so that nobody has to ask the kernel what it chose; a plan leaves it open, unless a rule depends on it.
        _mac = configuration.Mac ?? (_host.IsPlan && !configuration.SpoofCheck ? null : MacAddress.Random());
        _container.Prepare();
    }

    internal CniResult Add()
    {
        // Whoever can, gives the address first: then the pair is set up as soon as it is made, before the kernel begins, on another processor
        // and under the same lock, to look at its carrier.
        CniResult? ipam = IpamDelegate.MayComeFirst(_context, _call) ? AskEarly() : null;
        Link bridge = new HostBridge(_context, _configuration).Attach(b => AddPair(b), out Link port);
        _context.Apply(PortSettings(bridge, port));
        if (_configuration.SpoofCheck && _mac is { } mac)
        {
            new PortGuard(_context, _call).Add(port.Name, mac);
        }

        ipam ??= IpamDelegate.Ask(_context, _call);
        ContainerInterface inside = new(_context, _container, new LinkId(_call.InterfaceName, port.Peer))
        {
            KernelAnnounces = !_host.Announces,
            AnnounceNeighbours = true,
        };
        AddressPlan plan = AddressPlan.Create(ipam, _configuration.IsGateway, _configuration.IsDefaultGateway);
        Configure(inside, plan);
        Link? vlanGateway = _configuration.IsGateway ? SetUpGateway(bridge, plan) : null;
        if (_configuration.Masquerade)
        {
            new AttachmentMasquerade(_context, _call, _configuration.MasqueradeBackend).Add(plan.Addresses);
        }

        if (!_configuration.LeaveContainerDown)
        {
            port = PortReadiness.Wait(_context, port);
            inside.WaitForAddresses(plan);
            if (_mac is { } own && _host.Announces)
            {
                inside.Announce(plan, own);
            }
        }

        return Result(bridge, port, vlanGateway, plan, ipam);
    }

    // An interface that is there already is the more telling reason, and the one that the Go plugin gives.
    private CniResult AskEarly()
    {
        try
        {
            return _configuration.IpamType.Length > 0 ? IpamDelegate.Ask(_context, _call) : new CniResult();
        }
        catch (CniException)
        {
            VethPair.RefuseExisting(_context, _call, _container);
            throw;
        }
    }

    // Under the namespace's lock: nobody takes the bridge away before it has this port.
    private Link AddPair(Link bridge) => VethPair.Add(_context, _call, _container, name => new VethAdd(_host.Namespace, name, _container, _call.InterfaceName)
    {
        Bridge = bridge.Id,
        Mtu = _configuration.Mtu,
        PeerMac = _mac,
    });

    private List<Change> PortSettings(Link bridge, Link port)
    {
        List<Change> changes = [.. _configuration.Vlans.Changes(_host.Namespace, port.Id, bridge)];
        if (_configuration.Hairpin || _configuration.PortIsolation)
        {
            changes.Add(new BridgePortSet(_host.Namespace, port.Id, _configuration.Hairpin, _configuration.PortIsolation));
        }

        return changes;
    }

    // The bridge is the gateway, but for a VLAN, which has one of its own: that is what comes back then.
    private Link? SetUpGateway(Link bridge, AddressPlan plan)
    {
        Link? vlanGateway = null;
        foreach (IpPrefix address in plan.GatewayAddresses)
        {
            vlanGateway ??= _configuration.Vlans.Vlan != 0 ? new VlanGateway(_context, _configuration).Ensure(bridge) : null;
            new HostGateway(_context, _configuration, vlanGateway ?? bridge).Ensure(address);
        }

        return vlanGateway;
    }

    private void Configure(ContainerInterface inside, AddressPlan plan)
    {
        if (plan.Addresses.Count > 0)
        {
            inside.Configure(plan, _configuration.DetectDuplicates);
        }
        else if (!_configuration.LeaveContainerDown)
        {
            inside.SetUp();
        }
    }

    private CniResult Result(Link bridge, Link port, Link? vlanGateway, AddressPlan plan, CniResult ipam)
    {
        List<CniIPConfig> addresses = new(plan.Addresses.Count);
        foreach (CniIPConfig ip in plan.Addresses)
        {
            addresses.Add(ip with { Interface = 2 });
        }

        List<CniInterface> interfaces =
        [
            new() { Name = bridge.Name, Mac = bridge.Mac?.ToString() },
            new() { Name = port.Name, Mac = port.Mac?.ToString() },
            new() { Name = _call.InterfaceName, Mac = _mac?.ToString(), Sandbox = _call.Request.NetNS },
        ];
        if (vlanGateway is not null)
        {
            interfaces.Add(new() { Name = vlanGateway.Name, Mac = vlanGateway.Mac?.ToString() });
        }

        return new CniResult
        {
            Interfaces = interfaces,
            Ips = addresses,
            Routes = plan.Routes,
            Dns = _configuration.Dns ?? ipam.Dns,
        };
    }
}
