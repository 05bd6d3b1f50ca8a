using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with the VRFs that interfaces are in: each has routes of its own, and addresses of its own (Documentation/networking/vrf.rst).</summary>
internal static class VrfCauses
{
    /// <summary>An attachment's interface is in a VRF, which its network doesn't say; null where it is as it says.</summary>
    internal static Cause? Unasked(NamespaceView view, Link link, CachedAttachment attachment) =>
        view.VrfOf(link) is { } vrf && attachment.Configuration?.Plugins.Any(static plugin => plugin.Type == "vrf") != true
            ? Cause.Mended(
                "VrfUnasked", view.Name, $"{link.Name} in {view.Name} is in the VRF {vrf.Name}, though its network puts it in none: what isn't bound to {vrf.Name} has no way by it",
                new LinkSet(view.Namespace, link.Id) { Master = default(LinkId) })
            : null;

    /// <summary>An address is in another VRF than the interface by which a packet to it comes in; null where both are in the same.</summary>
    internal static Cause? Apart(MachineView machine, NamespaceView view, Link input, IPAddress destination)
    {
        if (input.IsLoopback || view.HolderOf(destination) is not { IsLoopback: false } holder || view.VrfOf(input)?.Index == view.VrfOf(holder)?.Index || holder.Kind == "vrf")
        {
            return null;
        }

        string message = $"{destination} is of {holder.Name} in {Where(view, holder)}, and packets to it come in by {input.Name} in {Where(view, input)}";
        foreach (CachedAttachment attachment in machine.AttachmentsIn(view))
        {
            if (view.Links.FirstOrDefault(link => link.Name == attachment.InterfaceName) is { } link && Unasked(view, link, attachment) is { } unasked)
            {
                return unasked with { Id = "VrfDiffers", Message = message };
            }
        }

        return new Cause("VrfDiffers", view.Name, message, $"put {holder.Name} and {input.Name} into the same VRF, or neither into one");
    }

    private static string Where(NamespaceView view, Link link) => view.VrfOf(link) is { } vrf ? $"the VRF {vrf.Name}" : "no VRF";
}
