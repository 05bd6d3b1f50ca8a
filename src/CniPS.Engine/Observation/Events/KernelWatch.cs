using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Notices;
using CniPS.Linux.Sockets;

namespace CniPS.Observation;

/// <summary>What the kernel tells of the namespaces that are watched: two sockets in the host's for all of them that it has a number for.</summary>
internal sealed class KernelWatch : IDisposable
{
    private readonly IHost _host;
    private readonly AttachmentRoster _roster;
    private readonly EventSelection _selection;
    private readonly ItemEvents _told;
    private readonly int _bufferSize;
    private readonly List<KernelItemKind> _kinds = [];
    private readonly List<NoticeListener> _listeners = [];
    private readonly Dictionary<NamespaceId, WatchedNamespace> _namespaces = [];
    private readonly List<(WatchedNamespace? Inside, Notice Notice)> _heard = [];
    private readonly HashSet<string> _joined = new(StringComparer.Ordinal);
    private bool _isIncomplete;

    internal KernelWatch(IHost host, AttachmentRoster roster, EventSelection selection, int bufferSize)
    {
        (_host, _roster, _selection, _told, _bufferSize) = (host, roster, selection, new ItemEvents(roster), bufferSize);
        foreach (KernelItemKind kind in Enum.GetValues<KernelItemKind>())
        {
            // Without the links, nothing that is on one has a name.
            if (kind == KernelItemKind.Link || selection.Has(ItemEvents.KindOf(kind)))
            {
                _kinds.Add(kind);
            }
        }

        _listeners.Add(new NoticeListener(host.Namespace, rules: false, bufferSize));
        if (_kinds.Contains(KernelItemKind.Rule))
        {
            _listeners.Add(new NoticeListener(host.Namespace, rules: true, bufferSize));
        }

        if (selection.Namespace is null)
        {
            WatchedNamespace own = new(host.Namespace.Id, null);
            _namespaces.Add(own.Id, own);
            own.Items.Apply(KernelState.Read(host.Namespace, _kinds), _kinds, []);
        }
    }

    /// <summary>Whether some namespaces are kept alive by being watched, and have to be looked after.</summary>
    internal bool HasListenersInside => _namespaces.Values.Any(static ns => ns.Inside.Count > 0);

    /// <summary>Adds the sockets that are to be waited for.</summary>
    internal void AddTo(PollSet poll)
    {
        foreach ((_, NoticeListener listener) in Listeners)
        {
            poll.Add(listener.Handle);
        }
    }

    /// <summary>Reads what the kernel has told.</summary>
    internal void Hear()
    {
        List<Notice> notices = [];
        foreach ((WatchedNamespace? inside, NoticeListener listener) in Listeners)
        {
            notices.Clear();
            _isIncomplete |= !listener.Read(notices);
            foreach (Notice notice in notices)
            {
                _heard.Add((inside, notice));
            }
        }
    }

    /// <summary>Says what of it is new.</summary>
    internal void Tell(List<ObservedEvent> events)
    {
        List<ItemChange> changes = [];
        foreach ((WatchedNamespace? inside, Notice notice) in _heard)
        {
            if ((inside ?? Find(notice.NamespaceNumber)) is not { } ns)
            {
                continue; // not watched; or not yet, and then it is read when it is
            }

            switch (notice)
            {
                case Appearance appearance: ns.Items.Apply(appearance, changes); break;
                case Departure departure: ns.Items.Apply(departure, changes); break;
                case NamespaceEnd: Forget(ns, changes); break;
            }

            _told.Add(ns, changes, events);
        }

        _heard.Clear();
        LookAround(events);
        if (_isIncomplete)
        {
            _isIncomplete = false;
            events.Add(new ObservedEvent(DateTimeOffset.UtcNow, EventKind.Overrun, EventAction.Lost, "netlink")
            {
                New = "the kernel had no room for all that it had to tell (ENOBUFS): everything was read again, and what differs follows",
            });
            ReadAgain(_kinds, static _ => true, events);
        }

        ReadAgain([KernelItemKind.Route], ns => ns.Items.RoutesAreDoubtful && _kinds.Contains(KernelItemKind.Route), events);
    }

    /// <summary>Watches the namespaces that are meant and not watched yet.</summary>
    /// <param name="fresh">Attachments that have come: what is on their interfaces has come with them.</param>
    /// <param name="events">Takes that.</param>
    internal void Join(IReadOnlyList<RosterEntry> fresh, List<ObservedEvent> events)
    {
        foreach (string path in MeantPaths())
        {
            if (!_joined.Contains(path) && TryJoin(path) is { } ns)
            {
                _told.AddFresh(ns, fresh, events);
            }
        }
    }

    public void Dispose()
    {
        foreach (NoticeListener listener in _listeners)
        {
            listener.Dispose();
        }

        foreach (WatchedNamespace ns in _namespaces.Values)
        {
            ns.Dispose();
        }
    }

    private IEnumerable<(WatchedNamespace? Inside, NoticeListener Listener)> Listeners =>
        _listeners.Select(static listener => ((WatchedNamespace?)null, listener))
            .Concat(_namespaces.Values.SelectMany(static ns => ns.Inside.Select(listener => ((WatchedNamespace?)ns, listener))));

    private HashSet<string> MeantPaths()
    {
        HashSet<string> paths = new(StringComparer.Ordinal);
        foreach (RosterEntry entry in _roster.Cached.Values)
        {
            if (entry.NetNS.Length > 0 && _selection.Means(entry))
            {
                paths.Add(entry.NetNS);
            }
        }

        if (_selection.Namespace is { } isMeant)
        {
            paths.UnionWith(NamedNamespaces.List().Select(NamedNamespaces.PathOf).Where(isMeant));
        }

        return paths;
    }

    private WatchedNamespace? Find(int? number) =>
        _namespaces.Values.FirstOrDefault(ns => number is null ? ns.Path is null : ns.Number == number);

    // First listen, then read.
    private WatchedNamespace? TryJoin(string path)
    {
        using NetworkNamespace? ns = NetworkNamespace.TryOpen(path);
        if (ns is null || _namespaces.ContainsKey(ns.Id))
        {
            return null;
        }

        WatchedNamespace watched = new(ns.Id, path);
        watched.Listen(_host.Namespace, ns, _kinds.Contains(KernelItemKind.Rule), _bufferSize);
        watched.Items.Apply(KernelState.Read(ns, _kinds), _kinds, []);
        _namespaces.Add(ns.Id, watched);
        _joined.Add(path);
        return watched;
    }

    private void ReadAgain(IReadOnlyCollection<KernelItemKind> kinds, Predicate<WatchedNamespace> which, List<ObservedEvent> events)
    {
        List<ItemChange> changes = [];
        foreach (WatchedNamespace watched in new List<WatchedNamespace>(_namespaces.Values))
        {
            if (!which(watched))
            {
                continue;
            }

            if (watched.Path is null)
            {
                watched.Items.Apply(KernelState.Read(_host.Namespace, kinds), kinds, changes);
            }
            else if (watched.TryOpen() is { } ns)
            {
                using (ns)
                {
                    watched.Items.Apply(KernelState.Read(ns, kinds), kinds, changes);
                }
            }
            else
            {
                Forget(watched, changes);
            }

            _told.Add(watched, changes, events);
        }
    }

    // Those that are kept alive by being watched: let go of once their path is gone, or the host hears of them.
    private void LookAround(List<ObservedEvent> events)
    {
        List<ItemChange> changes = [];
        foreach (WatchedNamespace ns in new List<WatchedNamespace>(_namespaces.Values))
        {
            if (ns.Inside.Count > 0 && !ns.IsThere)
            {
                Forget(ns, changes);
                _told.Add(ns, changes, events);
            }
            else if (ns.LeaveIfNumbered(_host.Namespace))
            {
                ReadAgain(_kinds, one => one == ns, events);
            }
        }
    }

    private void Forget(WatchedNamespace ns, List<ItemChange> changes)
    {
        ns.Items.Clear(changes);
        _namespaces.Remove(ns.Id);
        _joined.Remove(ns.Path ?? "");
        ns.Dispose();
    }
}
