using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>
/// GC of pairs: those of attachments of which something else was collected, such as a lease. A link tells nobody whose it is, but its name
/// follows from network, container and interface.
/// </summary>
internal static class VethGarbage
{
    /// <summary>Removes the pairs of all attachments that something was collected of so far.</summary>
    /// <param name="context">What was collected.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="isOurs">What else must hold of the host's end.</param>
    internal static void Remove(PluginContext context, string network, Predicate<Link> isOurs)
    {
        HashSet<(string, string)> seen = [];
        foreach (CollectedThing thing in (CollectedThing[])[.. context.Collected])
        {
            if (thing is { ContainerId: { } container, InterfaceName: { } name } && seen.Add((container, name)))
            {
                Remove(context, network, container, name, isOurs);
            }
        }
    }

    private static void Remove(PluginContext context, string network, string container, string interfaceName, Predicate<Link> isOurs)
    {
        IHost host = context.Host;
        for (int attempt = 0; attempt < HostVeth.Candidates; attempt++)
        {
            string name = HostVeth.Name(network, container, interfaceName, attempt);
            if (host.FindLink(host.Namespace, name) is not { Kind: "veth" } link)
            {
                return; // a later name was only taken where this one was
            }

            if (isOurs(link))
            {
                context.Collect(
                    new CollectedThing(CollectedKind.Link, network, name, container, interfaceName), new LinkDelete(host.Namespace, link.Id));
                return;
            }
        }
    }
}
