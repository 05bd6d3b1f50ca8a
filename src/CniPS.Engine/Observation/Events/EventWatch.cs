using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Sockets;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;

namespace CniPS.Observation;

/// <summary>
/// Tells what comes, changes and goes: links, addresses, routes, neighbours and rules as the kernel tells of them, leases and attachments as their
/// folders do. It listens first, then reads what is there, and from then on nothing is missed; what the kernel could not tell for want of room is read
/// again, and said to be so.
/// </summary>
public sealed class EventWatch : IDisposable
{
    private static readonly TimeSpan s_lookAround = TimeSpan.FromSeconds(1);

    private readonly EventSelection _selection;
    private readonly AttachmentRoster _roster;
    private readonly FolderItems _folderItems;
    private readonly FolderWatch _folders = new();
    private readonly KernelWatch _kernel;
    private readonly PollSet _poll = new();
    private readonly WakeUp _wake = new();
    private IReadOnlyDictionary<string, RosterEntry> _attachments;

    /// <summary>Begins: what happens from now on is told by <see cref="Watch"/>.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="cache">The attachments.</param>
    /// <param name="cacheFolder">The folder in which results are kept.</param>
    /// <param name="dataFolders">host-local's folders, beside those of the attachments.</param>
    /// <param name="selection">What is to be told.</param>
    /// <param name="bufferSize">How much the kernel keeps for each listener that has not been read yet, in bytes.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public EventWatch(
        IHost host, ResultCache cache, string cacheFolder, IEnumerable<string> dataFolders, EventSelection selection, int bufferSize = DefaultBufferSize)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(selection);
        _selection = selection;
        _roster = new AttachmentRoster(host, cache, cacheFolder);
        _folderItems = new FolderItems(host, dataFolders);
        _folders.Arm(_roster.Folders);
        _roster.Refresh();
        _attachments = _roster.Cached;
        ArmFolders();
        _folderItems.Read();
        _kernel = new KernelWatch(host, _roster, selection, bufferSize);
        _kernel.Join([], []);
    }

    /// <summary>Room for some ten thousand notices.</summary>
    public const int DefaultBufferSize = 8 << 20;

    /// <summary>Tells, one event after the other, as they happen.</summary>
    /// <param name="limit">How long; null for ever.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IEnumerable<ObservedEvent> Watch(TimeSpan? limit, CancellationToken cancellation)
    {
        using CancellationTokenRegistration ending = cancellation.Register(_wake.Set);
        for (long began = Stopwatch.GetTimestamp(); ;)
        {
            foreach (ObservedEvent told in Take())
            {
                cancellation.ThrowIfCancellationRequested();
                if (_selection.Fits(told))
                {
                    yield return told;
                }
            }

            TimeSpan rest = limit is { } most ? most - Stopwatch.GetElapsedTime(began) : TimeSpan.MaxValue;
            cancellation.ThrowIfCancellationRequested();
            if (rest <= TimeSpan.Zero)
            {
                yield break;
            }

            Wait(rest);
        }
    }

    /// <summary>What has happened since it was last asked, without waiting.</summary>
    internal IReadOnlyList<ObservedEvent> Take()
    {
        List<ObservedEvent> events = [];
        // The kernel's notices before the folders: who has made something is known from the intent, which was written first.
        _kernel.Hear();
        bool changed = _folders.Take();
        if (changed)
        {
            ArmFolders();
            _roster.Refresh();
        }

        _kernel.Tell(events);
        if (changed)
        {
            TellFolders(events);
        }

        return events;
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        _kernel.Dispose();
        _folders.Dispose();
        _wake.Dispose();
    }

    private void Wait(TimeSpan rest)
    {
        _poll.Clear();
        _poll.Add(_wake.Handle);
        _poll.Add(_folders.Handle);
        _kernel.AddTo(_poll);
        _poll.Wait(_kernel.HasListenersInside && rest > s_lookAround ? s_lookAround : rest);
    }

    private void ArmFolders()
    {
        foreach (RosterEntry entry in _roster.Cached.Values)
        {
            if (entry.Cached is { } cached)
            {
                _folderItems.Add(cached);
            }
        }

        _folders.Arm(_roster.Folders);
        _folders.Arm(_selection.Has(EventKind.Lease) ? _folderItems.Folders : []);
        _folders.Arm(_selection.Namespace is null ? [] : [NamedNamespaces.Folder]);
    }

    private void TellFolders(List<ObservedEvent> events)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        IReadOnlyDictionary<string, RosterEntry> before = _attachments;
        _attachments = _roster.Cached;
        List<RosterEntry> fresh = [];
        foreach ((string name, RosterEntry entry) in _attachments)
        {
            if (!before.ContainsKey(name))
            {
                fresh.Add(entry);
            }
        }

        _kernel.Join(fresh, events);
        foreach ((EventAction action, string network, Lease? old, Lease? lease) in _selection.Has(EventKind.Lease) ? _folderItems.Read() : [])
        {
            events.Add(LeaseEvent(now, action, network, old, lease));
        }

        foreach ((string name, RosterEntry entry) in before)
        {
            if (!_attachments.ContainsKey(name))
            {
                events.Add(AttachmentEvent(now, EventAction.Removed, entry, entry, null));
            }
        }

        foreach ((string name, RosterEntry entry) in _attachments)
        {
            RosterEntry? old = before.GetValueOrDefault(name);
            if (old is null || (old.Addresses, old.NetNS) != (entry.Addresses, entry.NetNS))
            {
                events.Add(AttachmentEvent(now, old is null ? EventAction.Added : EventAction.Changed, entry, old, entry));
            }
        }
    }

    private ObservedEvent LeaseEvent(DateTimeOffset now, EventAction action, string network, Lease? old, Lease? lease)
    {
        Lease one = (lease ?? old)!;
        return new ObservedEvent(now, EventKind.Lease, action, one.Address.ToString())
        {
            Network = network,
            ContainerId = one.ContainerId,
            Interface = one.InterfaceName,
            NetNS = _attachments.GetValueOrDefault($"{network}/{one.ContainerId}/{one.InterfaceName}")?.NetNS,
            Old = Holder(old),
            New = Holder(lease),
        };
    }

    private static string? Holder(Lease? lease) => lease is null ? null : $"{lease.ContainerId} {lease.InterfaceName}".TrimEnd();

    private static ObservedEvent AttachmentEvent(DateTimeOffset now, EventAction action, RosterEntry entry, RosterEntry? old, RosterEntry? current) =>
        new(now, EventKind.Attachment, action, entry.Name)
        {
            Network = entry.Network,
            ContainerId = entry.ContainerId,
            Interface = entry.InterfaceName,
            NetNS = entry.NetNS,
            Old = old?.Addresses,
            New = current?.Addresses,
        };
}
