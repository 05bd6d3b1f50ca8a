using System;
using System.Collections.Generic;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Notices;

namespace CniPS.Observation;

/// <summary>A namespace that is watched. It is not kept open, unless nothing else tells of it.</summary>
/// <param name="id">What tells it from others.</param>
/// <param name="path">Its path; null for the host's.</param>
internal sealed class WatchedNamespace(NamespaceId id, string? path) : IDisposable
{
    private readonly List<NoticeListener> _inside = [];

    internal NamespaceId Id => id;

    internal string? Path => path;

    /// <summary>The host's number for it; null for the host's, and where it has none.</summary>
    internal int? Number { get; set; }

    /// <summary>What it has.</summary>
    internal NamespaceItems Items { get; } = new();

    /// <summary>The listeners inside; none where the host's hear of it.</summary>
    internal IReadOnlyList<NoticeListener> Inside => _inside;

    /// <summary>Whether its path still leads to it.</summary>
    internal bool IsThere => path is null || NetworkNamespace.TryIdentify(path) == id;

    /// <summary>Opens it; null where its path leads to it no more.</summary>
    internal NetworkNamespace? TryOpen()
    {
        if (path is not null && NetworkNamespace.TryOpen(path) is { } ns)
        {
            if (ns.Id == id)
            {
                return ns;
            }

            ns.Dispose();
        }

        return null;
    }

    /// <summary>Has it heard: by the host's number for it, else from inside. From then on nothing is missed.</summary>
    /// <param name="host">The host's.</param>
    /// <param name="ns">It, open.</param>
    /// <param name="rules">Whether rules are of interest.</param>
    /// <param name="bufferSize">As of the listeners.</param>
    internal void Listen(NetworkNamespace host, NetworkNamespace ns, bool rules, int bufferSize)
    {
        Number = host.NumberOf(ns);
        if (Number is null)
        {
            foreach (bool ofRules in rules ? (ReadOnlySpan<bool>)[false, true] : [false])
            {
                _inside.Add(new NoticeListener(ns, ofRules, bufferSize, alone: true));
            }
        }
    }

    /// <summary>Leaves it, once the host has a number for it: a socket inside would keep it alive.</summary>
    internal bool LeaveIfNumbered(NetworkNamespace host)
    {
        if (_inside.Count == 0)
        {
            return false;
        }

        using NetworkNamespace? ns = TryOpen();
        Number = ns is null ? null : host.NumberOf(ns);
        if (Number is null)
        {
            return false;
        }

        Dispose();
        return true;
    }

    public void Dispose()
    {
        foreach (NoticeListener listener in _inside)
        {
            listener.Dispose();
        }

        _inside.Clear();
    }
}
