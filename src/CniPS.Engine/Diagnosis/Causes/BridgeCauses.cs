using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with a bridge and its ports.</summary>
internal static class BridgeCauses
{
    private const byte OperationallyUp = 6; // RFC 2863

    /// <summary>The port's state lets nothing through.</summary>
    internal static Cause? Closed(NamespaceView view, Link bridge, Link port) =>
        port.PortState is null or BridgePortState.Forwarding || !port.IsUp || !port.HasCarrier || !bridge.IsUp || IsComingUp(port) ? null : Cause.Mended(
            "PortBlocked",
            view.Name,
            $"port {port.Name} of {bridge.Name} in {view.Name} is {port.PortState.Value.ToString().ToLowerInvariant()}",
            new BridgePortOpen(view.Namespace, port.Id));

    // The kernel opens it by itself as soon as it has noticed that the link is up.
    private static bool IsComingUp(Link port) => port is { PortState: BridgePortState.Disabled, OperationalState: not OperationallyUp };

    /// <summary>Two isolated ports don't talk to each other.</summary>
    internal static Cause? Isolated(NamespaceView view, Link bridge, Link? from, Link to) => from is { Isolated: true } && to.Isolated
        ? Cause.Mended(
            "PortIsolated",
            view.Name,
            $"ports {from.Name} and {to.Name} of {bridge.Name} in {view.Name} are both isolated",
            new BridgePortSet(view.Namespace, to.Id, to.Hairpin, Isolated: false))
        : null;

    /// <summary>A container asks for a port of the host that leads to itself, and its port sends nothing back where it came from.</summary>
    internal static Cause NoHairpin(NamespaceView view, Link bridge, Link port) => Cause.Mended(
        "HairpinOff",
        view.Name,
        $"port {port.Name} of {bridge.Name} in {view.Name} sends nothing back to whom it comes from (hairpin off), so that who is behind it doesn't reach himself by a published port",
        new BridgePortSet(view.Namespace, port.Id, Hairpin: true, port.Isolated));

    /// <summary>Frames that come in by one are in no VLAN of the other.</summary>
    internal static Cause? OtherVlan(IHost host, NamespaceView view, Link bridge, Link from, Link to)
    {
        if (!bridge.VlanFiltering)
        {
            return null;
        }

        IReadOnlyList<BridgeVlans> into = host.GetBridgeVlans(view.Namespace, from.Index), outOf = host.GetBridgeVlans(view.Namespace, to.Index);
        int own = into.FirstOrDefault(static vlans => vlans.Pvid).First;
        if (own == 0)
        {
            return Cause.Mended(
                "VlanMissing", view.Name, $"port {from.Name} of {bridge.Name} in {view.Name} takes no frames without a VLAN's tag",
                new BridgeVlanAdd(view.Namespace, from.Id, BridgeVlans.Access(outOf.FirstOrDefault(static vlans => vlans.Pvid).First is > 0 and var id ? id : 1)));
        }

        return outOf.Any(vlans => vlans.Contains(own)) ? null : Cause.Mended(
            "VlanDiffers", view.Name, $"{from.Name} is in VLAN {own} of {bridge.Name} in {view.Name}, {to.Name} is not",
            new BridgeVlanAdd(view.Namespace, to.Id, BridgeVlans.Access(own)));
    }

    /// <summary>A container's end is in no bridge, where it should be in one.</summary>
    internal static Cause NotInBridge(NamespaceView view, Link end, Link bridge, string container) => Cause.Mended(
        "PortNotInBridge",
        view.Name,
        $"{end.Name} in {view.Name}, which leads to {container}, is not in the bridge {bridge.Name}",
        new LinkSet(view.Namespace, end.Id) { Master = bridge.Id });

    /// <summary>The forwarding database sends frames elsewhere.</summary>
    internal static Cause WrongForwarding(NamespaceView view, Link bridge, ForwardingEntry entry, Link right) => Cause.Mended(
        "ForwardingDatabaseWrong",
        view.Name,
        $"{bridge.Name} in {view.Name} has {entry.Mac} {(entry.IsPermanent ? "written down" : "remembered")} behind {view.NameOf(entry.Port)}, but it is behind {right.Name}",
        new BridgeForwardingDelete(view.Namespace, new LinkId(view.NameOf(entry.Port), entry.Port), entry.Mac, entry.Vlan));

    internal static string In(NamespaceView view, string command) =>
        view.Namespace.Name is { } name ? $"ip netns exec {name} {command}" : view.IsHost ? command : $"nsenter --net={view.Namespace.Path} {command}";
}
