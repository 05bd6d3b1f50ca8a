using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>Routes that an attachment made, in its container or on the host, and that are gone.</summary>
internal static class LostRoutes
{
    /// <summary>Why a namespace has no longer the route to an address that it was given; null where it was given none, or has it.</summary>
    internal static Cause? Of(MachineView machine, NamespaceView view, IPAddress destination)
    {
        if (Find(machine, view, destination) is not var (link, lost))
        {
            return null;
        }

        return LinkCauses.Down(machine, view, link)
            ?? (lost[0] is SysctlWrite && view.Number(AttachmentDrift.DisableIPv6(link)) != 0
                ? Cause.Mended("FamilyDisabled", view.Name, $"IPv6 is switched off on {link.Name} in {view.Name}, so that there is no route to {destination}", lost)
                : Cause.Mended("RouteMissing", view.Name, $"{view.Name} has no longer the route to {destination} by {link.Name} that it was given", lost));
    }

    /// <summary>What brings the route to an address back, in the place of one that leads elsewhere.</summary>
    internal static IReadOnlyList<Change> Instead(MachineView machine, NamespaceView view, IPAddress destination)
    {
        if (Find(machine, view, destination) is not var (link, lost))
        {
            return [];
        }

        FibEntry? wrong = view.Fib.FirstOrDefault(entry => entry is { Type: RouteType.Unicast, Table: RouteEntry.MainTable }
            && entry.Destination == IpPrefix.Host(destination) && entry.LinkIndex != link.Index);
        return wrong is null ? lost : [RouteCauses.Deletion(view, wrong), .. lost];
    }

    // What of a link is lost is looked for where one of its routes leads to the address: those before it are the way there.
    private static (Link Link, IReadOnlyList<Change> Lost)? Find(MachineView machine, NamespaceView view, IPAddress destination)
    {
        HashSet<string> names = view.IsHost
            ? [.. from attachment in machine.Attachments
                  where attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(destination) == true) == true
                  from named in attachment.Result!.Interfaces
                  where string.IsNullOrEmpty(named.Sandbox)
                  select named.Name]
            : [.. machine.AttachmentsIn(view).Select(static attachment => attachment.InterfaceName)];
        foreach (Link link in view.Links.Where(link => names.Contains(link.Name)))
        {
            IReadOnlyList<Change> lost = AttachmentDrift.Of(machine, view, link, destination.AddressFamily);
            if (lost.Any(change => change is RouteAdd add && add.Route.Destination.Contains(destination)))
            {
                return (link, lost);
            }
        }

        return null;
    }
}
