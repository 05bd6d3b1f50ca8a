using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>
/// Follows a packet from namespace to namespace, as the kernel would send it, and notes what was decided at each place. It changes nothing and sends
/// nothing: routes are the kernel's own answers, rules are read.
/// </summary>
internal sealed class PathWalker(MachineView machine, Journey journey)
{
    private const int MostLegs = 16;

    private readonly HookFilter _filter = new(journey);

    /// <summary>Where the packet arrived; null while it hasn't.</summary>
    internal (NamespaceView View, FilteredPacket Packet)? Arrival { get; private set; }

    /// <summary>Where it left what is known of this machine; null where it didn't.</summary>
    internal (NamespaceView View, Link Link)? Exit { get; private set; }

    /// <summary>The link behind which somebody is who is only made up: what leaves by it has left.</summary>
    internal (NamespaceView View, Link Link)? MadeUpBehind { get; init; }

    /// <summary>The VRF that the sender is bound to: who is asked by one answers in the same. Null for none.</summary>
    internal Link? BoundTo { get; init; }

    // The port by which it came into the bridge that it has come up from last.
    private Link? _port;

    /// <summary>The first MTU that the packet had to fit into, with whose it is.</summary>
    private (NamespaceView View, Link Link)? _first;

    /// <summary>A namespace sends a packet of its own.</summary>
    internal void Send(NamespaceView view, FilteredPacket packet)
    {
        // Without an address of its own, IPv6 sends from the link's, to which nobody answers from afar.
        if (!journey.IsBack && packet.Source.IsIPv6LinkLocal && !packet.Destination.IsIPv6LinkLocal && RouteCauses.OwnFault(machine, view) is { } own)
        {
            journey.Drop(view, "", "address", own, $"it would send from {packet.Source}", packet);
            return;
        }

        RouteDecision decision = view.Namespace.Decide(Query(packet) with { OutputLink = BoundTo?.Index ?? 0 });
        if (!decision.IsWay)
        {
            journey.Drop(view, "", "route", MissingWay(view, packet, decision), decision.Refusal, packet);
            return;
        }

        Link? output = view.Find(decision.LinkIndex);
        NoteRoute(view, output, packet, decision);
        packet = packet with { Input = null, Output = output };
        Remembered connection = Begin(view, ref packet);
        if (!IsTracked(view, packet) || _filter.Pass(view, NftHookPoint.Output, packet) is not { } passed || !IsFresh(view, connection, passed))
        {
            return;
        }

        // Rules may have given it another destination, or a mark: then it is routed again.
        if (!passed.Destination.Equals(packet.Destination) || passed.Mark != packet.Mark)
        {
            decision = view.Namespace.Decide(Query(passed));
            if (!decision.IsWay)
            {
                journey.Drop(view, "", "route", MissingWay(view, passed, decision), decision.Refusal, passed);
                return;
            }

            output = view.Find(decision.LinkIndex);
            passed = passed with { Output = output };
            NoteRoute(view, output, passed, decision);
        }

        Leave(view, passed, decision, connection);
    }

    /// <summary>A packet comes in by a link, in whose namespace IP takes it.</summary>
    internal void Receive(NamespaceView view, Link input, FilteredPacket packet)
    {
        if (++journey.Legs > MostLegs)
        {
            journey.Drop(view, input.Name, "route", ForwardingCauses.Loop(view, packet.Destination), $"after {MostLegs} namespaces", packet);
            return;
        }

        packet = packet with { Input = input, Output = null };
        if (_filter.PassDevice(view, input, egress: false, packet) is not { } entered)
        {
            return;
        }

        packet = entered;
        Remembered connection = Begin(view, ref packet);
        if (!IsTracked(view, packet) || _filter.Pass(view, NftHookPoint.Prerouting, packet) is not { } passed || !IsFresh(view, connection, passed))
        {
            return;
        }

        packet = journey.IsBack ? Untranslated(connection, passed) : passed;
        if (ForwardingCauses.ReversePath(machine, view, input, packet) is { } filtered)
        {
            journey.Drop(view, input.Name, "rp_filter", filtered, filtered.Message, packet);
            return;
        }

        if (view.TypeOf(packet.Destination) == RouteType.Local)
        {
            if (VrfCauses.Apart(machine, view, input, packet.Destination) is { } apart)
            {
                journey.Drop(view, input.Name, "route", apart, apart.Message, packet);
                return;
            }

            Deliver(view, packet, connection);
            return;
        }

        Forward(view, input, packet, connection);
    }

    private void Deliver(NamespaceView view, FilteredPacket packet, Remembered connection)
    {
        connection.Translated = packet;
        if (_filter.Pass(view, NftHookPoint.Input, packet) is not { } passed)
        {
            return;
        }

        connection.Translated = passed;
        Arrival = (view, passed);
        string link = view.HolderOf(passed.Destination)?.Name ?? packet.Input?.Name ?? "";
        if (journey.IsBack)
        {
            journey.Note(view, link, "deliver", "the answer is back", $"{passed.Destination} is an address of {view.Name}", passed);
        }
        else if (DeliveryCauses.Of(view, passed, out string evidence) is { } cause)
        {
            journey.Drop(view, link, "deliver", cause, evidence, passed);
        }
        else
        {
            journey.Note(view, link, "deliver", "arrived", evidence, passed);
        }
    }

    private void Forward(NamespaceView view, Link input, FilteredPacket packet, Remembered connection)
    {
        if (ForwardingCauses.Off(view, input, packet.IsV6) is { } off)
        {
            journey.Drop(view, input.Name, "forward", off, off.Message, packet);
            return;
        }

        RouteDecision decision = view.Namespace.Decide(Query(packet) with { InputLink = input.Index });
        if (!decision.IsWay)
        {
            // Of a packet that comes in, the kernel says no more than that it would drop it: as one of its own it says why.
            RouteDecision own = view.Namespace.Decide(Query(packet) with { Source = null });
            decision = own.IsWay ? decision : own;
        }

        if (!decision.IsWay)
        {
            journey.Drop(view, input.Name, "route", MissingWay(view, packet, decision), decision.Refusal, packet);
            return;
        }

        Link? output = view.Find(decision.LinkIndex);
        NoteRoute(view, output, packet, decision);
        connection.IsForwarded = true;
        if (_filter.Pass(view, NftHookPoint.Forward, packet with { Output = output }) is { } passed)
        {
            Leave(view, passed, decision, connection);
        }
    }

    private void Leave(NamespaceView view, FilteredPacket packet, RouteDecision decision, Remembered connection)
    {
        if (_filter.Pass(view, NftHookPoint.Postrouting, packet) is not { } passed)
        {
            return;
        }

        if (journey.IsBack)
        {
            // What the destination was translated from answers under its own name again.
            passed = connection.Original.Destination.Equals(connection.Translated.Destination) ? passed
                : passed with { Source = connection.Original.Destination, SourcePort = connection.Original.DestinationPort };
        }
        else
        {
            connection.Translated = passed;
        }

        if (decision.Type == RouteType.Local || packet.Output is { IsLoopback: true } && view.TypeOf(packet.Destination) == RouteType.Local)
        {
            Link? loopback = view.Links.FirstOrDefault(static link => link.IsLoopback);
            if (loopback is not null && LinkCauses.Down(machine, view, loopback) is { } down)
            {
                journey.Drop(view, loopback.Name, "link", down, down.Message, passed);
                return;
            }

            Deliver(view, passed with { Input = loopback, Output = null }, connection);
            return;
        }

        if (packet.Output is { } output)
        {
            Transmit(view, output, decision, passed);
        }
    }

    private void Transmit(NamespaceView view, Link output, RouteDecision decision, FilteredPacket packet)
    {
        if (LinkCauses.Down(machine, view, output) is { } down)
        {
            journey.Drop(view, output.Name, "link", down, down.Message, packet);
            return;
        }

        _first ??= (view, output);
        if (output.Mtu < _first.Value.Link.Mtu && !output.IsLoopback)
        {
            Cause small = LinkCauses.MtuTooSmall(view, output, output.Mtu, _first.Value.Link, _first.Value.View);
            journey.Drop(view, output.Name, "mtu", small, $"{output.Name}: mtu {output.Mtu}", packet);
            return;
        }

        if (_filter.PassDevice(view, output, egress: true, packet) is not { } left)
        {
            return;
        }

        if (MadeUpBehind is var (host, uplink) && host == view && uplink.Index == output.Index)
        {
            Exit = (view, output);
            journey.Note(view, output.Name, "exit", $"leaves this machine by {output.Name}", "to somebody outside, who was made up", left);
            return;
        }

        int longest = System.Math.Min(_first.Value.Link.Mtu, output.Mtu);
        if (new Crossing(machine, journey, _filter) { Longest = longest, TurnedAt = TurnedAt(view, output, left) }.Follow(view, output, decision, left) is { } path)
        {
            _port = path.Link.Kind == "bridge" ? path.Steps[^1].Crossing?.In : null;
            if (path.IsExit)
            {
                Exit = (path.View, path.Link);
                return;
            }

            Receive(path.View, path.Link, left);
        }
    }

    // What comes in by a bridge and is sent on by the same, to somebody else than it was sent to, doesn't come up to IP where br_netfilter has rules translate
    // it: the bridge passes it on, and so by the port it came in only in hairpin mode (br_nf_pre_routing_finish).
    private Link? TurnedAt(NamespaceView view, Link output, FilteredPacket packet) =>
        output.Kind == "bridge" && packet is { IsDestinationTranslated: true, Input: { } input } && input.Index == output.Index && Crossing.CallsIptables(view, packet.IsV6) ? _port : null;

    // A new connection needs room.
    private bool IsTracked(NamespaceView view, FilteredPacket packet)
    {
        if (journey.IsBack || ConntrackCauses.Full(view) is not { } full)
        {
            return true;
        }

        journey.Drop(view, packet.Input?.Name ?? "", "conntrack", full, full.Message, packet);
        return false;
    }

    // An older one is not translated again.
    private bool IsFresh(NamespaceView view, Remembered connection, FilteredPacket packet)
    {
        if (journey.IsBack || ConntrackCauses.Stale(view, connection.Original, packet.Destination, journey.IsFromAnybody) is not { } stale)
        {
            return true;
        }

        // A connection of TCP that goes on elsewhere is a fault of those who have it, and not of one who begins another.
        if (packet.Protocol == 6)
        {
            journey.Note(view, packet.Input?.Name ?? "", "conntrack", stale.Message, stale.Advice, packet, HopVerdict.Warned, stale);
            return true;
        }

        journey.Drop(view, packet.Input?.Name ?? "", "conntrack", stale, stale.Message, packet);
        return false;
    }

    private Cause MissingWay(NamespaceView view, FilteredPacket packet, RouteDecision decision) =>
        (journey.IsBack ? RouteCauses.OwnFault(machine, view) ?? LostRoutes.Of(machine, view, packet.Destination) : null) ?? (journey.IsBack ? MasqueradeCauses.Missing(machine, journey, view, packet.Destination) : null)
        ?? RouteCauses.NoWay(machine, view, packet, decision);

    private Remembered Begin(NamespaceView view, ref FilteredPacket packet)
    {
        if (!journey.IsBack)
        {
            packet = packet with { State = NftConnectionStates.New, IsSourceTranslated = false, IsDestinationTranslated = false, OriginalSource = null, OriginalDestination = null };
            return journey.Remember(view, packet);
        }

        Remembered connection = journey.ConnectionOf(view, packet) ?? new Remembered(view.Namespace.Id, packet) { Translated = packet with { Source = packet.Destination, Destination = packet.Source } };
        FilteredPacket original = connection.Original;
        packet = packet with
        {
            State = NftConnectionStates.Established,
            IsReply = true,
            IsSourceTranslated = !original.Source.Equals(connection.Translated.Source),
            IsDestinationTranslated = !original.Destination.Equals(connection.Translated.Destination),
            OriginalSource = new IPEndPoint(original.Source, original.SourcePort),
            OriginalDestination = new IPEndPoint(original.Destination, original.DestinationPort),
        };
        return connection;
    }

    private static FilteredPacket Untranslated(Remembered connection, FilteredPacket packet) =>
        connection.Original.Source.Equals(connection.Translated.Source) ? packet : packet with { Destination = connection.Original.Source };

    private void NoteRoute(NamespaceView view, Link? output, FilteredPacket packet, RouteDecision decision)
    {
        string way = decision.Type == RouteType.Local ? "local" : $"{(decision.Gateway is { } via ? $"via {via} " : "")}dev {output?.Name}";
        journey.Note(view, output?.Name ?? "", "route", way, $"table {TableName(decision.Table)}{(decision.Source is { } source ? $", src {source}" : "")}", packet);
    }

    private static string TableName(int table) => table switch { 254 => "main", 255 => "local", 253 => "default", _ => table.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    private static RouteQuery Query(FilteredPacket packet) =>
        new(packet.Destination) { Source = packet.Source.Equals(IPAddress.Any) || packet.Source.Equals(IPAddress.IPv6Any) ? null : packet.Source, Mark = packet.Mark, Protocol = packet.Protocol, DestinationPort = packet.DestinationPort };
}
