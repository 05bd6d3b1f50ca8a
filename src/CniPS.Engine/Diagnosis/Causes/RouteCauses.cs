using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>Why a namespace has no way to an address, or a wrong one.</summary>
internal static class RouteCauses
{
    private const int Enetunreach = 101;

    /// <summary>Why the kernel sends a packet nowhere.</summary>
    internal static Cause NoWay(MachineView machine, NamespaceView view, IPAddress destination, RouteDecision decision)
    {
        if (decision.Errno != Enetunreach && Refusing(view, destination) is { } refusing)
        {
            return refusing;
        }

        return OwnFault(machine, view) ?? Missing(machine, view, destination, decision);
    }

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

            if ((LinkCauses.Down(view, link) ?? AddressCauses.OfAttachment(view, link, attachment)) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    // A route or a rule that refuses.
    private static Cause? Refusing(NamespaceView view, IPAddress destination)
    {
        PolicyRule? rule = view.Namespace.GetPolicy().FirstOrDefault(rule =>
            rule.Refuses != RouteType.Unknown && rule.Destination.Family == destination.AddressFamily && (rule.Destination.Length == 0 || rule.Destination.Contains(destination)));
        if (rule is not null)
        {
            return new Cause(
                "RuleRefuses", view.Name, $"the routing policy of {view.Name} refuses packets to {destination}: {rule}",
                BridgeCauses.In(view, $"ip{(destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? " -6" : "")} rule del priority {rule.Priority}"));
        }

        FibEntry? entry = view.Fib
            .Where(entry => entry.Type is RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit && entry.Destination.Family == destination.AddressFamily
                && entry.Destination.Contains(destination))
            .MaxBy(static entry => entry.Destination.Length);
        return entry is null ? null : new Cause(
            "RouteRefuses", view.Name, $"{view.Name} has a route that refuses packets to {destination}: {entry}", BridgeCauses.In(view, Deletion(entry)));
    }

    internal static string Deletion(FibEntry entry) => $"ip{(entry.Destination.IsV6 ? " -6" : "")} route del {entry}";

    private static Cause Missing(MachineView machine, NamespaceView view, IPAddress destination, RouteDecision decision)
    {
        string message = $"{view.Name} has no route to {destination} ({decision.Refusal})";
        if (Expected(machine, view, destination) is { } add)
        {
            return Cause.Mended("RouteMissing", view.Name, message, add);
        }

        return new Cause("RouteMissing", view.Name, message, BridgeCauses.In(view, $"ip route add {destination} via <gateway>"));
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
        if (used is null)
        {
            return null;
        }

        string message = $"the route {used} dev {view.NameOf(decision.LinkIndex)} of {view.Name} leads where {destination} is not";
        return Expected(machine, view, destination) is { } right && right.Route.Destination == used.Destination && !Equals(right.Route.Gateway, used.Gateway)
            ? Cause.Mended("RouteWrong", view.Name, message, right with { Replace = true })
            : new Cause("RouteWrong", view.Name, message, BridgeCauses.In(view, $"{Deletion(used)} dev {view.NameOf(decision.LinkIndex)}"));
    }
}
