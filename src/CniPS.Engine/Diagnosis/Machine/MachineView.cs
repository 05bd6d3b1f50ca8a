using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>The namespaces of the machine, each looked at when a packet comes there.</summary>
internal sealed class MachineView : IDisposable
{
    private readonly List<NamespaceView> _views = [];
    private readonly Dictionary<NamespaceId, IReadOnlyList<int>> _processes = [];

    internal MachineView(IHost host, IReadOnlyList<CachedAttachment> attachments)
    {
        Machine = host;
        Attachments = attachments;
        Host = new NamespaceView(host, host.Namespace, "host");
        _views.Add(Host);
        foreach (CachedAttachment attachment in attachments)
        {
            if (attachment.NetNS.Length > 0)
            {
                Open(attachment.NetNS, attachment.ContainerId);
            }
        }

        foreach (NamespaceEntry entry in NamespaceSurvey.WithProcesses())
        {
            if (entry.Id is { } id)
            {
                _processes[id] = entry.Processes;
                Open(entry.Path, NamedNamespaces.NameOf(entry.Path) ?? entry.Path);
            }
        }
    }

    internal IHost Machine { get; }

    /// <summary>Whether others may be asked by packets, and not the kernel alone.</summary>
    internal bool Asks { get; init; }

    internal IReadOnlyList<CachedAttachment> Attachments { get; }

    internal NamespaceView Host { get; }

    /// <summary>The processes in a namespace, the oldest first.</summary>
    internal IReadOnlyList<int> ProcessesIn(NamespaceView view) => _processes.GetValueOrDefault(view.Namespace.Id) ?? [];

    /// <summary>The namespace of a path; null where there is none.</summary>
    internal NamespaceView? At(string path) => NetworkNamespace.TryIdentify(path) is { } id ? _views.Find(view => view.Namespace.Id == id) : null;

    /// <summary>The view of a namespace; null for none.</summary>
    internal NamespaceView? At(NetworkNamespace ns) => _views.Find(view => view.Namespace.Id == ns.Id);

    /// <summary>The namespace that is called so; null for none.</summary>
    internal NamespaceView? Named(string name) => _views.Find(view => view.Name == name);

    /// <summary>Who has an address; null for nobody here.</summary>
    internal NamespaceView? HolderOf(IPAddress address) => _views.Find(view => view.HolderOf(address) is not null);

    /// <summary>The other end of a link; null where it is nowhere to be found.</summary>
    internal (NamespaceView View, Link Link)? PeerOf(NamespaceView view, Link link)
    {
        if (link.Peer == 0)
        {
            return null;
        }

        if (link.PeerNamespaceId is not { } number)
        {
            return view.Find(link.Peer) is { } here ? (view, here) : null;
        }

        foreach (NamespaceView other in _views)
        {
            if (view.Namespace.NumberOf(other.Namespace) == number)
            {
                return other.Find(link.Peer) is { } peer ? (other, peer) : null;
            }
        }

        return null;
    }

    /// <summary>The attachments whose interfaces are in a namespace, as far as the cache knows.</summary>
    internal IEnumerable<CachedAttachment> AttachmentsIn(NamespaceView view)
    {
        foreach (CachedAttachment attachment in Attachments)
        {
            if (attachment.NetNS.Length > 0 && NetworkNamespace.TryIdentify(attachment.NetNS) == view.Namespace.Id)
            {
                yield return attachment;
            }
        }
    }

    private void Open(string path, string name)
    {
        try
        {
            if (NetworkNamespace.TryOpen(path) is not { } ns)
            {
                return; // it has ended: a way that leads there ends there
            }

            if (_views.Exists(view => view.Namespace.Id == ns.Id))
            {
                ns.Dispose();
                return;
            }

            _views.Add(new NamespaceView(Machine, ns, name));
        }
        catch (LinuxException e) when (e.IsPermission)
        {
            // It is not ours to look into: likewise.
        }
    }

    public void Dispose() => _views.ForEach(static view => view.Dispose());
}
