using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>bridge's CHECK: everything that ADD made, with every difference, in the words of the Go plugin where it looks at the same.</summary>
internal sealed class BridgeInspection(PluginCall call, PluginContext context, BridgeConfiguration configuration)
{
    private readonly IHost _host = context.Host;
    private readonly NetworkNamespace _container = context.OpenNamespace(call.Request.NetNS);
    private readonly List<Difference> _differences = [];

    internal IReadOnlyList<Difference> Check()
    {
        if (configuration.IpamType.Length > 0)
        {
            IpamDelegate.Call(context, call);
        }

        CniResult expected = call.RequirePreviousResult();
        Link? bridge = CheckBridge(expected);
        Link? container = CheckContainer(expected);
        if (bridge is not null && container is not null)
        {
            CheckPort(expected, bridge, container);
        }

        if (bridge is not null && configuration.IsGateway)
        {
            new BridgeGatewayInspection(_host, configuration, _differences).Check(expected, bridge);
        }

        if (container is not null)
        {
            InterfaceInspection inside = new(_host, _container, container, _differences);
            inside.CheckAddresses(expected);
            inside.CheckRoutes(expected);
        }

        if (configuration.Masquerade)
        {
            new AttachmentMasquerade(context, call, configuration.MasqueradeBackend).Check(expected.Ips, _differences);
        }

        return _differences;
    }

    private Link? CheckBridge(CniResult expected)
    {
        string name = configuration.Bridge;
        Link? bridge = _host.FindLink(_host.Namespace, name);
        CniInterface? named = Find(expected, name, inside: false);
        if (bridge is null)
        {
            Differ($"bridge {name}", "a bridge", null, $"Interface name {name} not found", [.. HostBridge.Creation(_host.Namespace, configuration, MacOf(named))]);
            return null;
        }

        if (bridge.Kind != "bridge")
        {
            Differ($"bridge {name}", "bridge", bridge.Kind, $"Interface {name} does not have link type of bridge");
            return null;
        }

        // Only a pinned address stays: a bridge without a gateway's address follows its ports.
        if (configuration is { IsGateway: true, Vlans.Vlan: 0 } && expected.Ips.Count > 0 && named?.Mac is { Length: > 0 } mac && bridge.Mac?.ToString() != mac)
        {
            Differ($"MAC of {name}", mac, bridge.Mac?.ToString(), $"Bridge interface {name} Mac doesn't match: {mac}", SetMac(_host.Namespace, bridge, mac));
        }

        if (!bridge.IsUp)
        {
            Differ($"bridge {name}", "up", "down", $"Bridge interface {name} is down", new LinkSet(_host.Namespace, bridge.Id) { Up = true });
        }

        if (configuration.Promiscuous && !bridge.IsPromiscuous)
        {
            Differ(
                $"promiscuous mode of {name}",
                "on",
                "off",
                $"Bridge interface {name} configured Promisc Mode true doesn't match current state: false",
                new LinkSet(_host.Namespace, bridge.Id) { Promiscuous = true });
        }

        return bridge;
    }

    private Link? CheckContainer(CniResult expected)
    {
        string name = call.InterfaceName;
        CniInterface? named = Find(expected, name, inside: true);
        if (named is null)
        {
            Differ($"result for {name}", "an interface with a sandbox", null, $"Interface name {name} not found");
        }
        else if (!context.IsSameNamespace(named.Sandbox, call.Request.NetNS))
        {
            Differ(
                "sandbox", named.Sandbox ?? "", call.Request.NetNS,
                $"Sandbox in prevResult {named.Sandbox} doesn't match configured netns: {call.Request.NetNS}");
        }

        Link? link = _host.FindLink(_container, name);
        if (link is null)
        {
            Differ($"link {name}", "a veth interface", null, $"Interface name {name} not found");
            return null;
        }

        if (link.Kind != "veth")
        {
            Differ($"link {name}", "veth", link.Kind, $"Error: Container interface {name} not of type veth");
            return null;
        }

        if (named?.Mac is { Length: > 0 } mac && link.Mac?.ToString() != mac)
        {
            Differ(
                $"MAC of {name}", mac, link.Mac?.ToString(), $"Interface {name} Mac {mac} doesn't match container Mac: {link.Mac}",
                SetMac(_container, link, mac));
        }

        if (!link.IsUp && !configuration.LeaveContainerDown)
        {
            Differ($"link {name}", "up", "down", $"Interface {name} is down", new LinkSet(_container, link.Id) { Up = true });
        }

        return link;
    }

    private void CheckPort(CniResult expected, Link bridge, Link container)
    {
        Link? port = _host.FindLink(_host.Namespace, container.Peer);
        if (port is not { Kind: "veth" } || port.Peer != container.Index)
        {
            Differ("host interface", $"the peer of {container.Name}", null, $"CNI veth created for bridge {bridge.Name} was not found");
            return;
        }

        if (port.Master != bridge.Index)
        {
            Differ(
                $"bridge of {port.Name}", bridge.Name, _host.FindLink(_host.Namespace, port.Master)?.Name,
                $"CNI veth created for bridge {bridge.Name} was not found: {port.Name} is no port of it",
                new LinkSet(_host.Namespace, port.Id) { Master = bridge.Id });
        }

        if (configuration.Mtu > 0 && port.Mtu != configuration.Mtu)
        {
            Differ(
                $"MTU of {port.Name}", Number(configuration.Mtu), Number(port.Mtu), $"Interface {port.Name} has MTU {port.Mtu}",
                new LinkSet(_host.Namespace, port.Id) { Mtu = configuration.Mtu });
        }

        if (!port.IsUp)
        {
            Differ($"link {port.Name}", "up", "down", $"Interface {port.Name} is down", new LinkSet(_host.Namespace, port.Id) { Up = true });
        }

        if (Find(expected, port.Name, inside: false)?.Mac is { Length: > 0 } mac && port.Mac?.ToString() != mac)
        {
            Differ(
                $"MAC of {port.Name}", mac, port.Mac?.ToString(), $"Interface {port.Name} Mac doesn't match: {mac} not found",
                SetMac(_host.Namespace, port, mac));
        }

        if (port.Master == bridge.Index)
        {
            CheckModes(port, container, bridge, expected);
        }
    }

    // What only a port of the bridge can have.
    private void CheckModes(Link port, Link container, Link bridge, CniResult expected)
    {
        Change repair = new BridgePortSet(_host.Namespace, port.Id, configuration.Hairpin, configuration.PortIsolation);
        if (port.Hairpin != configuration.Hairpin)
        {
            Differ(
                $"hairpin mode of {port.Name}", OnOff(configuration.Hairpin), OnOff(port.Hairpin),
                $"Interface {port.Name} has hairpin mode {OnOff(port.Hairpin)}", repair);
        }

        if (port.Isolated != configuration.PortIsolation)
        {
            Differ(
                $"isolation of {port.Name}", OnOff(configuration.PortIsolation), OnOff(port.Isolated),
                $"Interface {port.Name} has port isolation {OnOff(port.Isolated)}", repair);
        }

        new VlanInspection(_host, _differences).Check(port, configuration.Vlans, bridge);
        if (configuration.SpoofCheck && MacAddress.TryParse(Find(expected, container.Name, inside: true)?.Mac, out MacAddress address)
            && !GoSpoofCheck.Has(_host, call, port.Name, address))
        {
            new PortGuard(context, call).Check(port.Name, address, _differences);
        }
    }

    private CniInterface? Find(CniResult result, string name, bool inside)
    {
        foreach (CniInterface candidate in result.Interfaces)
        {
            if (candidate.Name == name && !string.IsNullOrEmpty(candidate.Sandbox) == inside)
            {
                return candidate;
            }
        }

        return null;
    }

    private static MacAddress? MacOf(CniInterface? named) => MacAddress.TryParse(named?.Mac, out MacAddress mac) ? mac : null;

    private static IReadOnlyList<Change> SetMac(NetworkNamespace ns, Link link, string mac) =>
        MacAddress.TryParse(mac, out MacAddress right) ? [new LinkSet(ns, link.Id) { Mac = right }] : [];

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string OnOff(bool value) => value ? "on" : "off";

    private void Differ(string subject, string expected, string? actual, string message, params IReadOnlyList<Change> repair) =>
        _differences.Add(new Difference(subject, expected, actual, message) { PluginType = "bridge", Repair = repair });
}
