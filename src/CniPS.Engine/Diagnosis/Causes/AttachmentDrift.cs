using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>
/// What an attachment was given and has no longer, as CHECK finds it, with the changes that give it back: a link that goes down takes routes with it, and addresses of
/// IPv6; an address its routes. So whoever mends the one has to bring back the others.
/// </summary>
internal static class AttachmentDrift
{
    /// <summary>The addresses and routes that a link lacks which its attachment gave it, in the order in which they can be made.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="view">Where the link is.</param>
    /// <param name="link">The link: a container's, or the host's end or bridge that an attachment's result names.</param>
    /// <param name="family">Only those of a family; null for both.</param>
    internal static IReadOnlyList<Change> Of(MachineView machine, NamespaceView view, Link link, AddressFamily? family = null)
    {
        foreach (CachedAttachment attachment in machine.Attachments.Where(attachment => IsOf(machine, attachment, view, link)))
        {
            List<Change> lost = [.. Repairs(machine, attachment).Where(change => FamilyOf(change, view, link) is { } of && (family is null || of == family))];
            if (lost.Count > 0)
            {
                return [.. Enabling(view, link, lost), .. lost];
            }
        }

        return [];
    }

    /// <summary>All that CHECK would mend of an attachment; nothing where it can't be checked here.</summary>
    internal static IReadOnlyList<Change> Repairs(MachineView machine, CachedAttachment attachment)
    {
        if (attachment.Configuration is not { } network)
        {
            return [];
        }

        // CHECK needs the result that is kept where the attachment was found: results/ lies below the cache's folder.
        string cache = Path.GetDirectoryName(Path.GetDirectoryName(attachment.Path))!;
        try
        {
            return [.. new CniRuntime(machine.Machine, RuntimeOptions.Default with { CacheFolder = cache, PluginSource = PluginSource.Native })
                .Check(network, attachment.ToAttachment()).SelectMany(static difference => difference.Repair).Distinct()];
        }
        catch (CniException)
        {
            return []; // a plugin that isn't ours, or a lease that is gone: then only what is seen here is mended
        }
    }

    // What a link lacks of IPv6 while that is switched off on it can't be given to it: that is switched on before. One that has lost its last address, that of the
    // link itself, too, has no route for multicast any more, so that nobody finds it: the kernel makes both where IPv6 is switched on.
    private static IReadOnlyList<Change> Enabling(NamespaceView view, Link link, List<Change> lost)
    {
        string key = DisableIPv6(link);
        if (!lost.Exists(change => FamilyOf(change, view, link) == AddressFamily.InterNetworkV6))
        {
            return [];
        }

        bool isEmpty = link.IsUp && !view.Addresses.Any(held => held.LinkIndex == link.Index && held.Address.IsV6);
        SysctlWrite on = new(view.Namespace, key, "0");
        return view.Number(key) != 0 ? [on] : isEmpty ? [new SysctlWrite(view.Namespace, key, "1"), on] : [];
    }

    internal static string DisableIPv6(Link link) => $"net/ipv6/conf/{link.Name}/disable_ipv6";

    private static AddressFamily? FamilyOf(Change change, NamespaceView view, Link link) => change switch
    {
        AddressAdd add when add.Link.Index == link.Index && add.Namespace.Id == view.Namespace.Id => add.Address.Family,
        RouteAdd add when add.Link.Index == link.Index && add.Namespace.Id == view.Namespace.Id => add.Route.Family,
        _ => null,
    };

    private static bool IsOf(MachineView machine, CachedAttachment attachment, NamespaceView view, Link link) => view.IsHost
        ? attachment.Result?.Interfaces.Any(named => string.IsNullOrEmpty(named.Sandbox) && named.Name == link.Name) == true
        : attachment.InterfaceName == link.Name && machine.AttachmentsIn(view).Contains(attachment);
}
