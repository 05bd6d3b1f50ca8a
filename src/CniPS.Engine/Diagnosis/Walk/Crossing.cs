using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Follows a packet from the link by which it leaves to the one by which the next hop takes it: who has the address, over which wires and bridges.</summary>
internal sealed class Crossing(MachineView machine, Journey journey, HookFilter filter)
{
    /// <summary>The longest packet that comes this way, in bytes.</summary>
    internal int Longest { get; init; } = int.MaxValue;

    /// <summary>The port by which it has come into the bridge that passes it on; null where IP sends it.</summary>
    internal Link? TurnedAt { get; init; }

    /// <summary>The way; null where the packet dies on it, which is noted.</summary>
    internal LinkPath? Follow(NamespaceView view, Link output, RouteDecision decision, FilteredPacket packet)
    {
        IPAddress next = decision.Gateway ?? packet.Destination;
        IReadOnlyList<LinkPath> paths = LinkExplorer.From(machine, view, output);
        List<LinkPath> holders = [.. paths.Where(path => !path.IsExit && path.View != view && NeighbourAnswers.Meant(path, next))
            .OrderBy(static path => path.Block is not null)
            .ThenBy(path => path.View.HolderOf(next)?.Index != path.Link.Index)];
        if (output.IsLoopback || holders.Count == 0)
        {
            return Nobody(view, output, decision, packet, next, paths);
        }

        LinkPath path = holders[0];
        if (ExpectedCauses.Impostor(machine, view, path, next, paths) is { } impostor)
        {
            journey.Drop(view, output.Name, "neighbour", impostor, impostor.Message, packet);
            return null;
        }

        if (holders.Find(other => other.View != path.View && other.Block is null && path.Block is null) is { } second)
        {
            Cause duplicate = NeighbourCauses.Duplicate(machine, view, path.View, second.View, next);
            journey.Drop(view, output.Name, "neighbour", duplicate, duplicate.Message, packet);
            return null;
        }

        // Whom the link leads out to can't be looked at, only asked.
        if (machine.Asks && output.IsUp && paths.Any(static other => other.IsExit) && path.Link.Mac is { } mac
            && AddressQuestion.Ask(view.Namespace, output, next).Where(answer => answer != mac).Select(static answer => (MacAddress?)answer).FirstOrDefault() is { } stranger)
        {
            Cause duplicate = NeighbourCauses.Stranger(view, output, path.View, stranger, next);
            journey.Drop(view, output.Name, "neighbour", duplicate, $"{stranger} answers for {next}, and so does {mac}", packet);
            return null;
        }

        return Neighbour(view, output, next, path, packet) && Steps(view, output, path, packet) ? path : null;
    }

    private bool Neighbour(NamespaceView view, Link output, IPAddress next, LinkPath path, FilteredPacket packet)
    {
        if (path.Block is null && NeighbourAnswers.Silent(view, output, path, next) is { } silent)
        {
            journey.Drop(view, output.Name, "neighbour", silent, $"nobody answers for {next} on {output.Name}", packet);
            return false;
        }

        Neighbour? known = view.Neighbours.FirstOrDefault(known => known.LinkIndex == output.Index && known.Address.Equals(next));
        MacAddress? right = path.Link.Mac;
        if (known is { Mac: { } mac } && right is { } wanted && mac != wanted)
        {
            if (known.State.HasFlag(NeighbourState.Permanent) || known.State.HasFlag(NeighbourState.NoArp))
            {
                Cause wrong = NeighbourCauses.Wrong(view, output, known, wanted);
                journey.Drop(view, output.Name, "neighbour", wrong, $"{next} lladdr {mac} {known.State.ToString().ToUpperInvariant()}", packet);
                return false;
            }

            journey.Note(view, output.Name, "neighbour", $"{next} is {wanted}", $"{mac} is still known, {known.State.ToString().ToUpperInvariant()}: it will be asked for again", packet, HopVerdict.Warned);
            return true;
        }

        bool isAsked = known is null || known.Mac is null || known.State.HasFlag(NeighbourState.Failed);
        if (path.Block is null && packet.IsV6 && isAsked && new Discovery(machine).Fails(view, output, path, next, packet.Source) is { Cause: { } deaf } place)
        {
            journey.Drop(view, output.Name, "neighbour", deaf with { Message = $"{view.Name} can't ask who {next} is: {deaf.Message}" }, place.Evidence, packet);
            return false;
        }

        string evidence = known is null ? $"not known yet; {path.View.Name} answers" : $"lladdr {known.Mac} {known.State.ToString().ToUpperInvariant()}";
        journey.Note(view, output.Name, "neighbour", $"{next} is {right} ({path.View.Name}/{path.Link.Name})", evidence, packet);
        return true;
    }

    private bool Steps(NamespaceView view, Link output, LinkPath path, FilteredPacket packet)
    {
        packet = packet with { SourceMac = output.Mac, DestinationMac = path.Link.Mac };
        foreach (LinkStep step in path.Steps)
        {
            if (step.Block is { } block)
            {
                journey.Drop(step.View, step.Link.Name, step.Stage, block, step.Text, packet);
                return false;
            }

            journey.Note(step.View, step.Link.Name, step.Stage, step.Text, Words(step), packet);
            if (TurnedAt is { Hairpin: false } port && step.Crossing?.Out?.Index == port.Index && step.View == view)
            {
                Cause off = BridgeCauses.NoHairpin(view, output, port);
                journey.Drop(view, port.Name, "bridge", off, $"{port.Name}: hairpin off", packet);
                return false;
            }

            if (IsTooSmall(step, path, packet))
            {
                Cause small = LinkCauses.MtuTooSmall(step.View, step.Link, step.Link.Mtu, output, view);
                journey.Drop(step.View, step.Link.Name, "mtu", small, $"{step.Link.Name}: mtu {step.Link.Mtu}", packet);
                return false;
            }

            if (step is { Crossing: { } crossing, Bridge: { } bridge } && !Bridge(step.View, bridge, crossing.In, crossing.Out, path.Link, packet, IsKnown(view, output, packet, path)))
            {
                return false;
            }

            // The last link's is passed by whoever receives there.
            bool isOut = step.Crossing?.Out is not null, isIn = step.Stage == "wire" && step.Link != path.Link;
            if ((isOut || isIn) && filter.PassDevice(step.View, step.Link, egress: isOut, packet with { Input = isIn ? step.Link : null, Output = isOut ? step.Link : null }) is null)
            {
                return false;
            }
        }

        return true;
    }

    // A veth takes no frames longer than its own MTU, a bridge sends none out that are longer than its port's, and nobody is told (is_skb_forwardable). TCP's
    // are no longer than either end's link takes, since both say so when they begin.
    private bool IsTooSmall(LinkStep step, LinkPath path, FilteredPacket packet)
    {
        int longest = packet.Protocol == 6 && path.View.TypeOf(packet.Destination) == RouteType.Local ? System.Math.Min(Longest, path.Link.Mtu) : Longest;
        return (step.Stage == "wire" || step.Crossing?.Out is not null) && !path.IsExit && step.Link.Mtu < longest;
    }

    // Who must be asked for first answers, and so the bridge learns behind which port he is.
    private static bool IsKnown(NamespaceView view, Link output, FilteredPacket packet, LinkPath path) => view.Neighbours.Any(known =>
        known.LinkIndex == output.Index && known.Mac is not null && known.Mac == path.Link.Mac && !known.State.HasFlag(NeighbourState.Failed)
        && known.Address.AddressFamily == packet.Destination.AddressFamily);

    private bool Bridge(NamespaceView view, Link bridge, Link? from, Link? to, Link target, FilteredPacket packet, bool isKnown)
    {
        if (to is not null && Misled(view, bridge, to, target) is { } wrong)
        {
            Cause cause = BridgeCauses.WrongForwarding(view, bridge, wrong, to);
            string evidence = $"{wrong.Mac} dev {view.NameOf(wrong.Port)}{(wrong.IsPermanent ? " permanent" : "")}";
            if (wrong.IsPermanent || isKnown)
            {
                journey.Drop(view, to.Name, "bridge", cause, evidence, packet);
                return false;
            }

            journey.Note(view, to.Name, "bridge", $"{cause.Message}: it will learn better", evidence, packet, HopVerdict.Warned);
        }

        return Rules(view, bridge, from, to, packet);
    }

    private bool Rules(NamespaceView view, Link bridge, Link? from, Link? to, FilteredPacket packet)
    {
        FilteredPacket? frame = packet with { Input = from ?? bridge, Output = to };
        if (from is not null)
        {
            frame = filter.PassBridge(view, NftHookPoint.Prerouting, frame with { Output = null });
        }

        if (frame is not null)
        {
            NftHookPoint hook = from is null ? NftHookPoint.Output : to is null ? NftHookPoint.Input : NftHookPoint.Forward;
            frame = filter.PassBridge(view, hook, frame with { Output = to });
        }

        if (frame is not null && from is not null && to is not null && CallsIptables(view, packet.IsV6)
            && !(filter.PassesBridged(view, NftHookPoint.Prerouting, frame with { Input = bridge, Output = null })
                && filter.PassesBridged(view, NftHookPoint.Forward, frame with { Input = bridge, Output = bridge })
                && filter.PassesBridged(view, NftHookPoint.Postrouting, frame with { Input = null, Output = bridge })))
        {
            return false;
        }

        return frame is not null && (to is null || filter.PassBridge(view, NftHookPoint.Postrouting, frame with { Output = to }) is not null);
    }

    /// <summary>Whether what needs no forwarding database gets through the bridges on a way, there or back.</summary>
    internal bool PassesBridges(LinkPath path, FilteredPacket packet, bool isBack) => path.Steps.All(step =>
        step is not { Crossing: { } crossing, Bridge: { } bridge }
        || Rules(step.View, bridge, isBack ? crossing.Out : crossing.In, isBack ? crossing.In : crossing.Out, packet));

    // A line that says that who is behind one port is behind another one, and none that says better.
    private static ForwardingEntry? Misled(NamespaceView view, Link bridge, Link to, Link target)
    {
        List<ForwardingEntry> lines = [.. view.ForwardingDatabase.Where(entry => entry.Mac == target.Mac && entry.Bridge == bridge.Index)];
        return lines.Exists(entry => entry.Port == to.Index) ? null : lines.Find(entry => entry.Port != bridge.Index);
    }

    // br_netfilter has bridged packets pass the rules of IP as well.
    internal static bool CallsIptables(NamespaceView view, bool v6) => view.Number($"net/bridge/bridge-nf-call-ip{(v6 ? "6" : "")}tables") != 0;

    private static string Words(LinkStep step) => step.Stage == "bridge" && step.Link.PortState is { } state ? $"state {state.ToString().ToLowerInvariant()}" : "up";

    private LinkPath? Nobody(NamespaceView view, Link output, RouteDecision decision, FilteredPacket packet, IPAddress next, IReadOnlyList<LinkPath> paths)
    {
        Cause? cause = output.IsLoopback
            ? RouteCauses.Wrong(machine, view, packet.Destination, decision)
            : ExpectedCauses.Of(machine, view, output, next, paths) ?? ExpectedCauses.Gateway(machine, view, output, next) ?? (paths.Any(static path => path.IsExit) ? null
                : RouteCauses.OwnFault(machine, view)
                    ?? (NeighbourAnswers.IsMadeUp(next) ? NeighbourAnswers.NoProxy(paths, next) : null)
                    ?? RouteCauses.Wrong(machine, view, packet.Destination, decision) ?? NeighbourAnswers.NoProxy(paths, next) ?? AddressCauses.Nobody(view, output, next));
        Neighbour? known = view.Neighbours.FirstOrDefault(known => known.LinkIndex == output.Index && known.Address.Equals(next));
        if (cause is null && known?.State == NeighbourState.Failed)
        {
            cause = NeighbourCauses.Unanswered(view, output, next);
        }

        if (cause is not null || paths.FirstOrDefault(static path => path.IsExit) is not { } exit)
        {
            cause ??= AddressCauses.Nobody(view, output, next);
            journey.Drop(view, output.Name, "neighbour", cause, known is null ? $"{next} is not known on {output.Name}" : $"{next} {known.State.ToString().ToUpperInvariant()}", packet);
            return null;
        }

        if (!Steps(view, output, exit, packet))
        {
            return null;
        }

        journey.Note(exit.View, exit.Link.Name, "exit", $"leaves this machine by {exit.Link.Name}, to {next}", known is null ? "what is behind it can't be read" : $"lladdr {known.Mac} {known.State.ToString().ToUpperInvariant()}", packet);
        return exit;
    }
}
