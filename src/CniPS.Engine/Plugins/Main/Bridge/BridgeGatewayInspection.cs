using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Looks whether the bridge, or the gateway of its VLAN, is still its containers' gateway: its addresses, and forwarding.</summary>
internal sealed class BridgeGatewayInspection
{
    private readonly IHost _host;
    private readonly BridgeConfiguration _configuration;
    private readonly List<Difference> _differences;

    internal BridgeGatewayInspection(IHost host, BridgeConfiguration configuration, List<Difference> differences)
    {
        _host = host;
        _configuration = configuration;
        _differences = differences;
    }

    internal void Check(CniResult expected, Link bridge)
    {
        if (expected.Ips.Count == 0 || FindGateway(bridge) is not { } link)
        {
            return;
        }

        IReadOnlyList<InterfaceAddress> present = _host.GetAddresses(_host.Namespace, link.Index);
        foreach (CniIPConfig ip in expected.Ips)
        {
            if (ip is not { Address: { } address, Gateway: { } gateway } || gateway.AddressFamily != address.Family)
            {
                continue;
            }

            IpPrefix wanted = new(gateway, address.Length);
            if (!InterfaceInspection.Contains(present, wanted))
            {
                Differ(
                    $"address of {link.Name}", wanted.ToString(), null, $"Bridge interface {link.Name} lacks the gateway's address {wanted}",
                    new AddressAdd(_host.Namespace, link.Id, wanted));
            }

            string forwarding = Forwarding.Parameter(address.IsV6);
            if (_host.ReadSysctl(_host.Namespace, forwarding) is { } value and not "1")
            {
                Differ(forwarding, "1", value, $"Forwarding is off: {forwarding} is {value}", new SysctlWrite(_host.Namespace, forwarding, "1"));
            }
        }
    }

    // The bridge, or what stands in for it in a VLAN.
    private Link? FindGateway(Link bridge)
    {
        if (_configuration.Vlans.Vlan == 0)
        {
            return bridge;
        }

        string name = VlanGateway.NameOf(bridge.Name, _configuration.Vlans.Vlan);
        if (_host.FindLink(_host.Namespace, name) is not { } gateway || _host.FindLink(_host.Namespace, gateway.Peer) is not { } port
            || port.Master != bridge.Index)
        {
            Differ($"gateway of VLAN {_configuration.Vlans.Vlan}", name, null, $"Interface name {name} not found");
            return null;
        }

        if (!gateway.IsUp)
        {
            Differ($"link {name}", "up", "down", $"Interface {name} is down", new LinkSet(_host.Namespace, gateway.Id) { Up = true });
        }

        new VlanInspection(_host, _differences).Check(port, _configuration.Vlans.OfGateway, bridge);
        return gateway;
    }

    private void Differ(string subject, string expected, string? actual, string message, params IReadOnlyList<Change> repair) =>
        _differences.Add(new Difference(subject, expected, actual, message) { PluginType = "bridge", Repair = repair });
}
