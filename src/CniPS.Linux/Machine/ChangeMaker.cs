using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Machine;

/// <summary>Makes changes, each kind by what makes it, neighbours of a kind together.</summary>
internal sealed class ChangeMaker : IDisposable
{
    private readonly LinuxHost _host;
    private readonly HostSockets _sockets;
    private readonly bool _waitForDeletions;
    private LinkDeleter? _deleter;

    /// <summary>Makes a maker.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="sockets">Its sockets.</param>
    /// <param name="waitForDeletions">Whether a deletion waits for the kernel's clean-up.</param>
    internal ChangeMaker(LinuxHost host, HostSockets sockets, bool waitForDeletions)
    {
        _host = host;
        _sockets = sockets;
        _waitForDeletions = waitForDeletions;
    }

    /// <summary>Makes changes, as <see cref="IHost.Apply"/> has it.</summary>
    internal IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
    {
        List<Applied> made = new(changes.Count);
        for (int at = 0; at < changes.Count;)
        {
            ChangeGroup group = ChangeGroup.At(changes, at);
            Apply(group, made);
            at += group.Count;
        }

        return made;
    }

    private void Apply(ChangeGroup group, List<Applied> made)
    {
        try
        {
            switch (group.First)
            {
                case LinkDelete first when LinkGroupDeletion.Suits(group):
                    LinkGroupDeletion.Apply(group.Of<LinkDelete>(), Deleter, IsHosts(first.Namespace), made);
                    break;
                case LinkDelete when !_waitForDeletions: Delete(group.Of<LinkDelete>(), made); break;
                case RouteChange: RouteBatch.Apply(group, made); break;
                case SysctlWrite first: SysctlBatch.Apply(first.Namespace, group.Of<SysctlWrite>(), made); break;
                case NftChange first: ApplyNftables(first.Namespace, group.Of<NftChange>(), made); break;
                case IptablesChange: IptablesBatch.Apply(group.Of<IptablesChange>(), made); break;
                case ConntrackDelete first: DeleteConnections(first.Namespace, group.Of<ConntrackDelete>(), made); break;
                case FileChange file: made.Add(file.Apply()); break;
                case TapAdd tap: made.Add(tap.Make()); break;
                case UndoIfMade undo: made.AddRange(undo.Find(new PlannedWorld(_host)) is { } found ? Apply([found]) : [new Applied(undo)]); break;
                case FirewalldChange change: made.Add(change.Apply(_host.OpenFirewalld())); break;
                default: throw new NotSupportedException($"A {group.First.GetType().Name} is no change that a Linux host knows.");
            }
        }
        catch (LinuxException e)
        {
            throw new ChangeException(group.First, made, e);
        }
    }

    private void Delete(LinkDelete[] deletions, List<Applied> made)
    {
        foreach (LinkDelete deletion in deletions)
        {
            int errno = Deleter.Delete(deletion, keepSocket: IsHosts(deletion.Namespace));
            if (errno != 0 && !deletion.Tolerates(errno))
            {
                throw new ChangeException(deletion, made, new LinuxException(deletion.Operation, errno));
            }

            made.Add(new Applied(deletion));
        }
    }

    private LinkDeleter Deleter => LazyInitializer.EnsureInitialized(ref _deleter, static () => new LinkDeleter());

    private bool IsHosts(NetworkNamespace ns) => ns.Id == _host.Namespace.Id;

    private void ApplyNftables(NetworkNamespace ns, NftChange[] changes, List<Applied> made)
    {
        try
        {
            made.AddRange(
                Array.Exists(changes, change => change.NeedsProgram) ? NftProgram.Apply(_host, ns, changes) : _sockets.Nftables(ns).Apply(changes));
        }
        catch (ChangeException e)
        {
            made.AddRange(e.Made);
            throw new ChangeException(e.Change, made, e.InnerException!);
        }
    }

    private void DeleteConnections(NetworkNamespace ns, ConntrackDelete[] changes, List<Applied> made)
    {
        _sockets.Conntrack(ns).Delete(changes);
        foreach (ConntrackDelete change in changes)
        {
            made.Add(new Applied(change));
        }
    }

    /// <summary>Waits for the deletions under way.</summary>
    public void Dispose() => _deleter?.Dispose();
}
