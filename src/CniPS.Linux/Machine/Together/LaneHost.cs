using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Machine;

/// <summary>
/// The machine, for one of many operations side by side: what the kernel takes better with others of its kind waits for those of the others; but not
/// while the operation keeps others out of something by a lock, since these would never come to wait with it.
/// </summary>
/// <param name="machine">The machine.</param>
/// <param name="lanes">All of them.</param>
/// <param name="lane">This one.</param>
internal sealed class LaneHost(IHost machine, Lanes lanes, Lane lane) : DelegatingHost(machine)
{
    private int _keptOut; // its own thread's only

    /// <inheritdoc/>
    public override IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes) =>
        _keptOut == 0 && GatheredChanges.Suit(this, changes) ? lanes.Gather(lane, changes) : base.Apply(changes);

    /// <inheritdoc/>
    public override IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) =>
        Count(base.LockFile(path, exclusive, mode, cancellation), exclusive);

    /// <inheritdoc/>
    public override IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) =>
        Count(base.LockNamespace(ns, exclusive, cancellation), exclusive);

    /// <inheritdoc/>
    public override IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) =>
        Count(base.LockNetwork(name, exclusive, cancellation), exclusive);

    private IDisposable Count(IDisposable locked, bool exclusive) => exclusive ? new ExclusiveLock(this, locked) : locked;

    private sealed class ExclusiveLock : IDisposable
    {
        private readonly LaneHost _host;
        private IDisposable? _locked;

        internal ExclusiveLock(LaneHost host, IDisposable locked)
        {
            _host = host;
            _locked = locked;
            host._keptOut++;
        }

        public void Dispose()
        {
            if (_locked is { } locked)
            {
                _locked = null;
                _host._keptOut--;
                locked.Dispose();
            }
        }
    }
}
