using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>Why a namespace has no way to an address, or a wrong one.</summary>
internal static class RouteCauses
{
    private const int Enetunreach = 101, LinkScope = 253;

    /// <summary>Why the kernel sends a packet nowhere.</summary>
    internal static Cause NoWay(MachineView machine, NamespaceView view, FilteredPacket packet, RouteDecision decision)
    {
        IPAddress destination = packet.Destination;
        if ((RefusingRule(view, packet, decision) ?? (decision.Errno != Enetunreach ? RefusingRoute(view, destination) : null)) is { } refusing)
        {
            return refusing;
        }

        return OwnFault(machine, view) ?? SubnetDown(machine, view, destination) ?? LostRoutes.Of(machine, view, destination)
            ?? (packet.IsV6 ? AddressCauses.FamilyOff(view, destination) : null) ?? Missing(machine, view, destination, decision);
    }

    // A subnet's route is there only as long as the link is up that has an address of it.
    private static Cause? SubnetDown(MachineView machine, NamespaceView view, IPAddress destination) =>
        view.Addresses.Where(held => held.Address.Family == destination.AddressFamily && held.Address.Network.Contains(destination))
            .Select(held => view.Find(held.LinkIndex)).OfType<Link>().Select(link => LinkCauses.Down(machine, view, link)).FirstOrDefault(static down => down is not null);

    /// <summary>What of an attachment's own is not as it should be, so that routes are missing with it; null for nothing.</summary>
    internal static Cause? OwnFault(MachineView machine, NamespaceView view)
    {
        foreach (CachedAttachment attachment in machine.AttachmentsIn(view))
        {
            Link? link = view.Links.FirstOrDefault(link => link.Name == attachment.InterfaceName);
            if (link is null)
            {
                return new Cause(
                    "InterfaceGone", view.Name, $"{attachment.InterfaceName} is not in {view.Name}",
                    $"Repair-CniAttachment -ContainerId {attachment.ContainerId} -Network {attachment.Network} -Recreate");
            }

            if ((LinkCauses.Down(machine, view, link) ?? VrfCauses.Unasked(view, link, attachment) ?? AddressCauses.OfAttachment(machine, view, link, attachment)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    // A rule of the routing policy that refuses such packets. One of which not all is known is taken for it only where the kernel has refused in so many words.
    private static Cause? RefusingRule(NamespaceView view, FilteredPacket packet, RouteDecision decision)
    {
        PolicyRule? rule = view.Namespace.GetPolicy().FirstOrDefault(rule =>
            rule.Refuses != RouteType.Unknown && (!rule.IsPartlyKnown || decision.Errno != Enetunreach) && Fits(rule, packet));
        if (rule is null)
        {
            return null;
        }

        string message = $"the routing policy of {view.Name} refuses packets from {packet.Source} to {packet.Destination}: {rule}";
        return rule.IsPartlyKnown
            ? new Cause("RuleRefuses", view.Name, message, BridgeCauses.In(view, $"ip{(packet.IsV6 ? " -6" : "")} rule del priority {rule.Priority}")) { IsBeyondProbe = true }
            : Cause.Mended("RuleRefuses", view.Name, message, new RefusingRuleDelete(view.Namespace, rule));
    }

    private static bool Fits(PolicyRule rule, FilteredPacket packet) => rule.Destination.Family == packet.Destination.AddressFamily
        && (rule.Destination.Length == 0 || rule.Destination.Contains(packet.Destination)) && (rule.Source.Length == 0 || rule.Source.Contains(packet.Source))
        && (rule.Input is null || rule.Input == (packet.Input?.Name ?? "lo")) && (rule.Mark is not { } mark || (packet.Mark & mark.Mask) == mark.Value);

    // A route that refuses.
    private static Cause? RefusingRoute(NamespaceView view, IPAddress destination)
    {
        FibEntry? entry = view.Fib
            .Where(entry => entry.Type is RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit && entry.Destination.Family == destination.AddressFamily
                && entry.Destination.Contains(destination))
            .MaxBy(static entry => entry.Destination.Length);
        return entry is null ? null : Cause.Mended(
            "RouteRefuses", view.Name, $"{view.Name} has a route that refuses packets to {destination}: {entry}", new RefusingRouteDelete(view.Namespace, entry));
    }

    private static Cause Missing(MachineView machine, NamespaceView view, IPAddress destination, RouteDecision decision)
    {
        string message = $"{view.Name} has no route to {destination} ({decision.Refusal})";
        if ((Expected(machine, view, destination) ?? ToContainer(machine, view, destination)) is { } add)
        {
            return Cause.Mended("RouteMissing", view.Name, message, add);
        }

        return new Cause("RouteMissing", view.Name, message, BridgeCauses.In(view, $"ip route add {destination} via <gateway>"));
    }

    // A container at a wire of its own, which is in no bridge, has a route of its own.
    private static RouteAdd? ToContainer(MachineView machine, NamespaceView view, IPAddress destination)
    {
        foreach (CachedAttachment attachment in machine.Attachments.Where(attachment => attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(destination) == true) == true))
        {
            if (machine.At(attachment.NetNS) is { } target && target.Links.FirstOrDefault(link => link.Name == attachment.InterfaceName) is { } inside
                && machine.PeerOf(target, inside) is var (outer, end) && outer == view && end.Master == 0)
            {
                return new RouteAdd(view.Namespace, end.Id, new RouteEntry { Destination = IpPrefix.Host(destination), Scope = destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? LinkScope : null });
            }
        }

        return null;
    }

    /// <summary>The route that an attachment was given for an address; null for none.</summary>
    internal static RouteAdd? Expected(MachineView machine, NamespaceView view, IPAddress destination)
    {
        foreach (CachedAttachment attachment in machine.AttachmentsIn(view))
        {
            Link? link = view.Links.FirstOrDefault(link => link.Name == attachment.InterfaceName);
            IEnumerable<(IpPrefix To, IPAddress? Via)> routes =
            [
                .. from given in attachment.Result?.Routes ?? [] where given.Destination is not null select (given.Destination!.Value, given.Gateway ?? GatewayOf(attachment, destination)),
            ];
            (IpPrefix To, IPAddress? Via)? best = routes
                .Where(route => route.To.Family == destination.AddressFamily && route.To.Contains(destination))
                .Select(static route => ((IpPrefix, IPAddress?)?)route)
                .MaxBy(static route => route!.Value.Item1.Length);
            if (link is not null && best is { Via: { } gateway } chosen)
            {
                return new RouteAdd(view.Namespace, link.Id, new RouteEntry { Destination = chosen.To, Gateway = gateway });
            }
        }

        return null;
    }

    private static IPAddress? GatewayOf(CachedAttachment attachment, IPAddress destination) =>
        attachment.Result?.Ips.FirstOrDefault(ip => ip.Gateway?.AddressFamily == destination.AddressFamily)?.Gateway;

    /// <summary>A route leads where nobody is: whether another one should; null where nothing better is known.</summary>
    internal static Cause? Wrong(MachineView machine, NamespaceView view, IPAddress destination, RouteDecision decision)
    {
        FibEntry? used = view.Fib
            .Where(entry => entry.Type == RouteType.Unicast && entry.Destination.Family == destination.AddressFamily && entry.Destination.Contains(destination)
                && entry.LinkIndex == decision.LinkIndex && Equals(entry.Gateway, decision.Gateway))
            .MaxBy(static entry => entry.Destination.Length);
        // The subnet of an address leads where the address does: it is who is sought that is not there.
        if (used is null || (used.Gateway is null && view.Addresses.Any(held => held.LinkIndex == used.LinkIndex && held.Address.Network == used.Destination)))
        {
            return null;
        }

        string message = $"the route {used} dev {view.NameOf(decision.LinkIndex)} of {view.Name} leads where {destination} is not";
        RouteAdd? right = used.Table == RouteEntry.MainTable && Expected(machine, view, destination) is { } expected && expected.Route.Destination == used.Destination ? expected : null;
        if (right is not null && Equals(right.Route.Gateway, used.Gateway))
        {
            return null; // it is as it should be
        }

        return right is not null
            ? Cause.Mended("RouteWrong", view.Name, message, right with { Replace = true })
            : Cause.Mended("RouteWrong", view.Name, message, Deletion(view, used));
    }

    internal static RouteDelete Deletion(NamespaceView view, FibEntry route) => new(view.Namespace, new LinkId(view.NameOf(route.LinkIndex), route.LinkIndex), new RouteEntry
    {
        Destination = route.Destination,
        Gateway = route.Gateway,
        Table = route.Table,
        Priority = route.Priority == 0 ? null : route.Priority,
        Scope = route.Destination.IsV6 || route.Gateway is not null ? null : LinkScope,
    });
}
