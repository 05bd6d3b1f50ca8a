using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>bridge's ADD: bridge, pair, addresses, gateway, masquerading, in the order of the Go plugin.</summary>
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
        // Chosen here, so that nobody has to ask the kernel what it chose; a plan leaves it open.
        _mac = configuration.Mac ?? (_host.IsPlan ? null : MacAddress.Random());
        if (_container.Id == _host.Namespace.Id)
        {
            throw new CniException(
                CniErrorIds.InvalidNamespace,
                CniErrorCode.InvalidNetNS,
                "plugin's netns and netns from CNI_NETNS should not be the same")
            {
                Target = call.Request.NetNS,
                RecommendedAction = "Give the container a network namespace of its own.",
            };
        }

        _container.Prepare();
    }

    internal CniResult Add()
    {
        Link bridge = new HostBridge(_context, _configuration).Attach(b => AddPair(b), out Link port);
        if (_configuration.Hairpin || _configuration.PortIsolation)
        {
            _context.Apply(new BridgePortSet(_host.Namespace, port.Id, _configuration.Hairpin, _configuration.PortIsolation));
        }

        CniResult ipam = _configuration.IpamType.Length > 0 ? IpamDelegate.Ask(_context, _call) : new CniResult();
        ContainerInterface inside = new(_context, _container, new LinkId(_call.InterfaceName, port.Peer));
        AddressPlan plan = AddressPlan.Create(ipam, _configuration.IsGateway, _configuration.IsDefaultGateway);
        Configure(inside, plan);
        if (_configuration.IsGateway)
        {
            HostGateway gateway = new(_context, _configuration, bridge);
            foreach (IpPrefix address in plan.GatewayAddresses)
            {
                gateway.Ensure(address);
            }
        }

        if (_configuration.Masquerade)
        {
            MasqueradeOwner owner = new(_context, _call);
            foreach (CniIPConfig ip in plan.Addresses)
            {
                owner.Add(ip.Address!.Value);
            }
        }

        if (!_configuration.LeaveContainerDown)
        {
            port = PortReadiness.Wait(_context, port);
            inside.WaitForAddresses(plan);
        }

        return Result(_host.FindLink(_host.Namespace, bridge.Index) ?? bridge, port, plan, ipam);
    }

    // Under the namespace's lock: nobody takes the bridge away before it has this port.
    private Link AddPair(Link bridge) => VethPair.Add(_context, _call, _container, name => new VethAdd(_host.Namespace, name, _container, _call.InterfaceName)
    {
        Bridge = bridge.Id,
        Mtu = _configuration.Mtu,
        PeerMac = _mac,
    });

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

    private CniResult Result(Link bridge, Link port, AddressPlan plan, CniResult ipam)
    {
        List<CniIPConfig> addresses = new(plan.Addresses.Count);
        foreach (CniIPConfig ip in plan.Addresses)
        {
            addresses.Add(ip with { Interface = 2 });
        }

        return new CniResult
        {
            Interfaces =
            [
                new CniInterface { Name = bridge.Name, Mac = bridge.Mac?.ToString() },
                new CniInterface { Name = port.Name, Mac = port.Mac?.ToString() },
                new CniInterface { Name = _call.InterfaceName, Mac = _mac?.ToString(), Sandbox = _call.Request.NetNS },
            ],
            Ips = addresses,
            Routes = plan.Routes,
            Dns = _configuration.Dns.IsEmpty ? ipam.Dns : _configuration.Dns,
        };
    }
}
