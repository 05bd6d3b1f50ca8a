using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>ptp's CHECK: everything that ADD made, on both ends, in the words of the Go plugin where it looks at the same.</summary>
internal sealed class PtpInspection(PluginCall call, PluginContext context, PtpConfiguration configuration)
{
    private readonly IHost _host = context.Host;
    private readonly NetworkNamespace _container = context.OpenNamespace(call.Request.NetNS);
    private readonly List<Difference> _differences = [];

    internal IReadOnlyList<Difference> Check()
    {
        IpamDelegate.Call(context, call);
        CniResult expected = call.RequirePreviousResult("ptp: Required prevResult missing");
        if (CheckInside(expected) is { } inside && CheckOutside(inside) is { } outside)
        {
            AddressPlan plan = AddressPlan.Create(Own(expected), isGateway: false, isDefaultGateway: false);
            PtpLinks links = new(_host, _container, inside.Id, outside.Id, plan, configuration.DetectDuplicates);
            CheckAddresses(inside, _container, links.Inside());
            CheckAddresses(outside, _host.Namespace, links.Outside());
            CheckRoutes(_container, links.RoutesInside(), expected);
            CheckRoutes(_host.Namespace, links.RoutesOutside(), null);
            CheckForwarding(plan);
        }

        if (configuration.Masquerade)
        {
            new AttachmentMasquerade(context, call, configuration.MasqueradeBackend).Check(expected.Ips, _differences);
        }

        return _differences;
    }

    // The addresses of this interface that have a gateway: what ptp made.
    private CniResult Own(CniResult expected)
    {
        List<CniIPConfig> ips = [];
        foreach (CniIPConfig ip in expected.Ips)
        {
            bool other = ip.Interface is { } index && index >= 0 && index < expected.Interfaces.Count && expected.Interfaces[index].Name != call.InterfaceName;
            if (!other && ip is { Gateway: not null, Address: not null })
            {
                ips.Add(ip);
            }
        }

        return new CniResult { Ips = ips, Routes = expected.Routes };
    }

    private Link? CheckInside(CniResult expected)
    {
        string name = call.InterfaceName;
        CniInterface? named = null;
        foreach (CniInterface candidate in expected.Interfaces)
        {
            named = candidate.Name == name && !string.IsNullOrEmpty(candidate.Sandbox) ? candidate : named;
        }

        if (!context.IsSameNamespace(named?.Sandbox, call.Request.NetNS))
        {
            Differ(
                "sandbox", named?.Sandbox ?? "", call.Request.NetNS,
                $"Sandbox in prevResult {named?.Sandbox} doesn't match configured netns: {call.Request.NetNS}");
        }

        Link? link = _host.FindLink(_container, name);
        if (link is not { Kind: "veth" })
        {
            Differ(
                $"link {name}", "a veth interface", link is null ? null : link.Kind ?? "hardware",
                link is null ? $"ptp: Container Interface name in prevResult: {name} not found" : $"Error: Container interface {name} not of type veth/p2p");
            return null;
        }

        if (named?.Mac is { Length: > 0 } mac && link.Mac?.ToString() != mac)
        {
            IReadOnlyList<Change> repair = MacAddress.TryParse(mac, out MacAddress right) ? [new LinkSet(_container, link.Id) { Mac = right }] : [];
            Differ($"MAC of {name}", mac, link.Mac?.ToString(), $"ptp: Interface {name} Mac {mac} doesn't match container Mac: {link.Mac}", repair);
        }

        CheckUp(_container, link);
        return link;
    }

    private Link? CheckOutside(Link inside)
    {
        Link? link = _host.FindLink(_host.Namespace, inside.Peer);
        if (link is not { Kind: "veth" } || link.Peer != inside.Index)
        {
            Differ("host interface", $"the peer of {inside.Name}", null, $"ptp: the host's end of {inside.Name} was not found");
            return null;
        }

        CheckUp(_host.Namespace, link);
        return link;
    }

    private void CheckUp(NetworkNamespace ns, Link link)
    {
        if (!link.IsUp)
        {
            Differ($"link {link.Name}", "up", "down", $"Interface {link.Name} is down", new LinkSet(ns, link.Id) { Up = true });
        }
    }

    private void CheckAddresses(Link link, NetworkNamespace ns, IEnumerable<AddressAdd> wanted)
    {
        IReadOnlyList<InterfaceAddress> present = _host.GetAddresses(ns, link.Index);
        foreach (AddressAdd add in wanted)
        {
            if (!InterfaceInspection.Contains(present, add.Address))
            {
                Differ(
                    $"address on {link.Name}", add.Address.ToString(), null, $"Failed to match addr {add.Address} on interface {link.Name}", add);
            }
        }
    }

    // Inside, a plugin behind this one may have moved them to a table of their own, as sbr does: then the result says for which addresses.
    private void CheckRoutes(NetworkNamespace ns, IEnumerable<RouteAdd> wanted, CniResult? movable)
    {
        IReadOnlyList<RouteEntry> present = _host.GetRoutes(ns);
        foreach (RouteAdd add in wanted)
        {
            RouteEntry route = add.Route;
            bool isThere = InterfaceInspection.Matching(present, route) is { } found && (found.LinkIndex == add.Link.Index || route.Gateway is not null);
            if (!isThere && (movable is null || !InterfaceInspection.IsElsewhere(_host, ns, present, route, movable)))
            {
                string text = route.Gateway is null ? $"{route.Destination} dev {add.Link.Name}" : $"{route.Destination} via {route.Gateway}";
                Differ($"route {route.Destination}", text, null, $"Expected Route {text} not found in routing table", InterfaceInspection.BesideOthers(present, add));
            }
        }
    }

    private void CheckForwarding(AddressPlan plan)
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            string name = Forwarding.Parameter(v6);
            if (plan.Has(v6) && _host.ReadSysctl(_host.Namespace, name) is { } value and not "1")
            {
                Differ(name, "1", value, $"Forwarding is off: {name} is {value}", new SysctlWrite(_host.Namespace, name, "1"));
            }
        }
    }

    private void Differ(string subject, string expected, string? actual, string message, params IReadOnlyList<Change> repair) =>
        _differences.Add(new Difference(subject, expected, actual, message) { PluginType = "ptp", Repair = repair });
}
