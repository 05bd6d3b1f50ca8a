using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>Why somebody is not found whose attachment says that he should be there: his own end is broken.</summary>
internal static class ExpectedCauses
{
    internal static Cause? Of(MachineView machine, NamespaceView view, Link output, IPAddress next, IReadOnlyList<LinkPath> paths)
    {
        foreach (CachedAttachment attachment in machine.Attachments)
        {
            if (attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(next) == true) != true)
            {
                continue;
            }

            if (machine.At(attachment.NetNS) is not { } target)
            {
                return Gone(view, attachment);
            }

            if (RouteCauses.OwnFault(machine, target) is { } fault)
            {
                return fault;
            }

            if (target.Links.FirstOrDefault(link => link.Name == attachment.InterfaceName) is not { } inside)
            {
                return null;
            }

            Link? bridge = output.Kind == "bridge" ? output : paths.Select(static path => path.Steps.FirstOrDefault(static step => step.Bridge is not null)?.Bridge).FirstOrDefault(static found => found is not null);
            if (machine.PeerOf(target, inside) is not var (outer, end))
            {
                return LinkCauses.PeerUnknown(target, inside);
            }

            return bridge is not null && end.Master != bridge.Index && end.Kind == "veth" ? BridgeCauses.NotInBridge(outer, end, bridge, target.Name) : null;
        }

        return null;
    }

    /// <summary>The gateway that a network gave a container is gone from the host's end, or from the bridge; null where it is there, or isn't the network's to make.</summary>
    internal static Cause? Gateway(MachineView machine, NamespaceView view, Link output, IPAddress next)
    {
        foreach (CachedAttachment attachment in machine.AttachmentsIn(view).Where(attachment =>
            attachment.InterfaceName == output.Name && attachment.Result?.Ips.Any(ip => next.Equals(ip.Gateway)) == true))
        {
            if (machine.PeerOf(view, output) is not var (outer, end))
            {
                continue;
            }

            Link holder = outer.Find(end.Master) is { Kind: "bridge" } bridge ? bridge : end;
            if ((LinkCauses.Down(machine, outer, end) ?? LinkCauses.Down(machine, outer, holder)) is { } down)
            {
                return down;
            }

            if (AttachmentDrift.Of(machine, outer, holder, next.AddressFamily).OfType<AddressAdd>().FirstOrDefault(add => add.Address.Address.Equals(next)) is { } gone)
            {
                return AddressCauses.Gone(machine, outer, holder, gone.Address, gone);
            }
        }

        return null;
    }

    /// <summary>Who has an address isn't who was given it, though that one is on the same network; null where it is he.</summary>
    internal static Cause? Impostor(MachineView machine, NamespaceView view, LinkPath path, IPAddress next, IReadOnlyList<LinkPath> paths)
    {
        CachedAttachment? given = machine.Attachments.FirstOrDefault(attachment => attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(next) == true) == true);
        return given is not null && machine.At(given.NetNS) is { } owner && owner != path.View && owner != view && !machine.AttachmentsIn(path.View).Contains(given)
            && paths.Any(other => other.View == owner && other.Link.Name == given.InterfaceName)
            ? NeighbourCauses.Duplicate(machine, view, owner, path.View, next) : null;
    }

    internal static Cause Gone(NamespaceView view, CachedAttachment attachment) => new(
        "NamespaceGone",
        view.Name,
        $"the network namespace of {attachment.ContainerId}, {attachment.NetNS}, is gone",
        $"Remove-CniAttachment -ContainerId {attachment.ContainerId} -Network {attachment.Network}");
}
