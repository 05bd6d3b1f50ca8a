using System;
using System.Collections.Generic;
using CniPS.Linux.Notices;

namespace CniPS.Observation;

/// <summary>Tells of what has changed in a namespace, with the container and the network that it is of.</summary>
/// <param name="roster">Whose things are.</param>
internal sealed class ItemEvents(AttachmentRoster roster)
{
    /// <summary>What an event about such an item is about.</summary>
    internal static EventKind KindOf(KernelItemKind kind) => kind switch
    {
        KernelItemKind.Link => EventKind.Link,
        KernelItemKind.Address => EventKind.Address,
        KernelItemKind.Route => EventKind.Route,
        KernelItemKind.Neighbour => EventKind.Neighbour,
        _ => EventKind.Rule,
    };

    /// <summary>Tells what has changed.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="changes">What; afterwards empty, for the next.</param>
    /// <param name="events">Takes it.</param>
    internal void Add(WatchedNamespace ns, List<ItemChange> changes, List<ObservedEvent> events)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (ItemChange change in changes)
        {
            RosterEntry? of = change.Interface is { } name ? roster.FindInterface(ns.Path, name) : null;
            of ??= roster.Find(change.Item.Comment, change.Item.Addresses);
            events.Add(new ObservedEvent(now, KindOf(change.Item.Kind), change.Action, change.Item.Subject)
            {
                NetNS = ns.Path,
                Interface = change.Interface,
                Old = change.Old,
                New = change.New,
                ContainerId = of?.ContainerId ?? (ns.Path is { } path ? roster.FindNamespace(path)?.ContainerId : null),
                Network = of?.Network,
            });
        }

        changes.Clear();
    }

    /// <summary>Tells what stands on the interfaces of attachments that have just come: it has come with them.</summary>
    /// <param name="ns">Their namespace.</param>
    /// <param name="fresh">The attachments.</param>
    /// <param name="events">Takes it.</param>
    internal void AddFresh(WatchedNamespace ns, IReadOnlyList<RosterEntry> fresh, List<ObservedEvent> events)
    {
        List<ItemChange> changes = [];
        foreach (RosterEntry entry in fresh)
        {
            foreach (KernelItem item in entry.NetNS == ns.Path ? ns.Items.All : [])
            {
                if (ns.Items.InterfaceOf(item) == entry.InterfaceName)
                {
                    changes.Add(new ItemChange(EventAction.Added, item, entry.InterfaceName, null, ns.Items.TextOf(item)));
                }
            }
        }

        Add(ns, changes, events);
    }
}
