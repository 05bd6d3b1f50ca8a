using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>ptp's ADD: addresses, forwarding, pair, both ends, masquerading.</summary>
internal sealed class PtpAttachment
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly PtpConfiguration _configuration;
    private readonly IHost _host;
    private readonly NetworkNamespace _container;
    private readonly MacAddress? _mac;

    internal PtpAttachment(PluginCall call, PluginContext context, PtpConfiguration configuration)
    {
        _call = call;
        _context = context;
        _configuration = configuration;
        _host = context.Host;
        _container = context.OpenNamespace(call.Request.NetNS);
        // Chosen here, so that nobody has to ask the kernel what it chose; a plan leaves it open.
        _mac = _host.IsPlan ? null : MacAddress.Random();
        _container.Prepare();
    }

    internal CniResult Add()
    {
        // Before IPAM is asked: of an attachment that is there already, nothing may be touched, its addresses neither.
        VethPair.RefuseExisting(_context, _call, _container);
        CniResult ipam = IpamDelegate.Ask(_context, _call);
        AddressPlan plan = AddressPlan.Create(ipam, isGateway: false, isDefaultGateway: false);
        RequireGateways(plan);
        foreach (bool v6 in (bool[])[false, true])
        {
            if (plan.Has(v6))
            {
                Forwarding.Ensure(_context, v6);
            }
        }

        Link outside = VethPair.Add(_context, _call, _container, name => new VethAdd(_host.Namespace, name, _container, _call.InterfaceName)
        {
            Mtu = _configuration.Mtu,
            PeerMac = _mac,
        });
        Configure(outside, plan);
        if (_configuration.Masquerade)
        {
            new AttachmentMasquerade(_context, _call, _configuration.MasqueradeBackend).Add(plan.Addresses);
        }

        return Result(outside, plan, ipam);
    }

    private void RequireGateways(AddressPlan plan)
    {
        foreach (CniIPConfig ip in plan.Addresses)
        {
            if (ip.Gateway is null || ip.Gateway.AddressFamily != ip.Address!.Value.Family)
            {
                throw new CniException(
                    CniErrorIds.InvalidNetworkConfig,
                    CniErrorCode.InvalidNetworkConfig,
                    $"ptp needs a gateway of the same family for {ip.Address}")
                {
                    Target = _configuration.IpamType,
                    RecommendedAction = "Add \"gateway\" to the address in \"ipam\": it becomes the address of the host's end.",
                };
            }
        }
    }

    private void Configure(Link outside, AddressPlan plan)
    {
        LinkId inside = new(_call.InterfaceName, outside.Peer);
        PtpLinks links = new(_host, _container, inside, outside.Id, plan, _configuration.DetectDuplicates);
        List<Change> changes =
        [
            // Before the container's end is up, and can send any: it is no router of the host's.
            new SysctlWrite(_host.Namespace, $"net/ipv6/conf/{outside.Name}/accept_ra", "0") { Optional = true, KeepOld = false },
            .. links.Outside(),
            .. links.RoutesOutside(),
        ];
        if (plan.HasV6)
        {
            changes.AddRange(ContainerInterface.V6Parameters(_container, inside, _configuration.DetectDuplicates));
        }

        changes.AddRange([.. links.Inside(), new LinkSet(_container, inside) { Up = true }]);
        if (plan.HasV6 && _configuration.DetectDuplicates)
        {
            // A route can't have an address as its source before that is known to be the only one.
            _context.Apply(changes);
            changes.Clear();
            new ContainerInterface(_context, _container, inside).WaitForAddresses(plan);
        }

        ContainerInterface.ApplyBesideOthers(_context, [.. changes, .. links.RoutesInside()]);
        PortReadiness.Wait(_context, outside);
    }

    private CniResult Result(Link outside, AddressPlan plan, CniResult ipam)
    {
        List<CniIPConfig> addresses = new(plan.Addresses.Count);
        foreach (CniIPConfig ip in plan.Addresses)
        {
            addresses.Add(ip with { Interface = 1 });
        }

        return new CniResult
        {
            Interfaces =
            [
                new CniInterface { Name = outside.Name, Mac = outside.Mac?.ToString() },
                new CniInterface { Name = _call.InterfaceName, Mac = _mac?.ToString(), Sandbox = _call.Request.NetNS },
            ],
            Ips = addresses,
            Routes = plan.Routes,
            Dns = _configuration.Dns ?? ipam.Dns,
        };
    }
}
