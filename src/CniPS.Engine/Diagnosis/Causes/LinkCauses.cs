using CniPS.Linux.Changes;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with a link.</summary>
internal static class LinkCauses
{
    /// <summary>It is down; null where it is up.</summary>
    internal static Cause? Down(MachineView machine, NamespaceView view, Link link) => link.IsUp ? null : Cause.Mended(
        link.Kind == "bridge" ? "BridgeDown" : "InterfaceDown",
        view.Name,
        $"{link.Name} in {view.Name} is down",
        [new LinkSet(view.Namespace, link.Id) { Up = true }, .. AttachmentDrift.Of(machine, view, link)]);

    /// <summary>Packets are too long for it, and may not be taken apart.</summary>
    internal static Cause MtuTooSmall(NamespaceView view, Link link, int mtu, Link from, NamespaceView source) => Cause.Mended(
        "MtuTooSmall",
        view.Name,
        $"{link.Name} in {view.Name} takes {mtu} bytes, {from.Name} in {source.Name} sends up to {from.Mtu}: long packets that may not be taken apart die here",
        new LinkSet(view.Namespace, link.Id) { Mtu = from.Mtu }) with { IsBeyondProbe = true };

    /// <summary>Its other end is in no namespace that could be found.</summary>
    internal static Cause PeerUnknown(NamespaceView view, Link link) => new(
        "PeerGone", view.Name, $"the other end of {link.Name} in {view.Name} is in no namespace that can be found", $"ip -n {view.Name} link show {link.Name}");
}
