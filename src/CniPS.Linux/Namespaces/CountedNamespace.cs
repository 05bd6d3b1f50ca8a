using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace CniPS.Linux.Namespaces;

/// <summary>A network namespace of a census, and what keeps it.</summary>
public sealed class CountedNamespace
{
    private readonly List<NamespaceHolder> _holders = [];

    internal CountedNamespace(ulong inode) => Inode = inode;

    /// <summary>The number that the kernel writes: <c>net:[4026531840]</c>.</summary>
    public ulong Inode { get; }

    /// <summary>What keeps it.</summary>
    public IReadOnlyList<NamespaceHolder> Holders => _holders;

    /// <summary>Whether only this process keeps it, by a handle that is still open: it ends with that.</summary>
    public bool IsOnlyOwn => _holders.TrueForAll(static holder => holder.IsOwn);

    /// <summary>
    /// Whether it is going to end: only open files of others keep it, and within a time they are closed. Who counts namespaces has each open for a moment, and
    /// two who do so at once would take each other's look for what keeps one alive.
    /// </summary>
    /// <param name="patience">
    /// How long to wait at most; less by the wait afterwards, so that many namespaces together have one time. There is no wait where anything else keeps it.
    /// </param>
    public bool EndsWithin(ref TimeSpan patience)
    {
        const int PauseMilliseconds = 5;
        while (_holders.TrueForAll(static holder => holder is { IsOpenFile: true, IsOwn: false }))
        {
            if (!_holders.Exists(holder => NetworkNamespace.TryIdentify(holder.Path)?.Inode == Inode))
            {
                return true;
            }

            if (patience <= TimeSpan.Zero)
            {
                return false;
            }

            long began = Stopwatch.GetTimestamp();
            Thread.Sleep(PauseMilliseconds);
            patience -= Stopwatch.GetElapsedTime(began);
        }

        return false;
    }

    /// <summary>Opens it by whichever way leads there.</summary>
    /// <param name="failure">Why it can't be; null where it has ended.</param>
    /// <returns>Null where there is no way.</returns>
    public NetworkNamespace? TryOpen(out Exception? failure)
    {
        failure = null;
        foreach (NamespaceHolder holder in _holders)
        {
            try
            {
                NetworkNamespace found = NetworkNamespace.Open(holder.Path);
                if (found.Id.Inode == Inode)
                {
                    return found;
                }

                found.Dispose(); // something else is in front of it, or in its place
            }
            catch (Exception e) when (e is NotANamespaceException or LinuxException { IsNotFound: true })
            {
                // Likewise.
            }
            catch (LinuxException e)
            {
                failure = e;
            }
        }

        return null;
    }

    /// <summary>The namespace's file of a process that is in it; null where there is none.</summary>
    internal string? FindProcess()
    {
        foreach (NamespaceHolder holder in _holders)
        {
            if (holder.MountPoint is null && holder.Path.EndsWith("/ns/net", StringComparison.Ordinal) && !holder.IsOwn)
            {
                return holder.Path;
            }
        }

        return null;
    }

    internal void Add(NamespaceHolder holder) => _holders.Add(holder);
}

/// <summary>Something that keeps a namespace.</summary>
/// <param name="Path">A file by which it can be opened, unless something is mounted in front of it.</param>
/// <param name="Text">What it is, for people.</param>
/// <param name="MountPoint">Where it is mounted, as whoever sees that mount calls it; null where it is no mount.</param>
/// <param name="IsOwn">Whether it is a handle of this process.</param>
public sealed record NamespaceHolder(string Path, string Text, string? MountPoint, bool IsOwn)
{
    /// <summary>Whether it is a file that a process has open, and neither a mount nor a process inside.</summary>
    public bool IsOpenFile => MountPoint is null && Path.Contains("/fd/", StringComparison.Ordinal);
}
