using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>
/// The changes of one operation, with what takes each back. ADD is a transaction: when any step fails, or is cancelled, what it made is
/// undone in reverse order.
/// </summary>
public sealed class Transaction
{
    private readonly IHost _host;
    private readonly IOperationObserver? _observer;
    private readonly Stack<object> _undo = new();

    /// <summary>Begins.</summary>
    /// <param name="host">Where changes are made.</param>
    /// <param name="observer">Is told each.</param>
    public Transaction(IHost host, IOperationObserver? observer = null)
    {
        _host = host;
        _observer = observer;
    }

    /// <summary>Called with each shared thing before it is made, so that it can be written down first.</summary>
    public Action<SharedThing>? Noting { get; init; }

    /// <summary>Makes changes, remembering their undo.</summary>
    /// <exception cref="ChangeException">One failed; those that were made are remembered.</exception>
    public IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
    {
        try
        {
            IReadOnlyList<Applied> made = _host.Apply(changes);
            Remember(made);
            return made;
        }
        catch (ChangeException e)
        {
            Remember(e.Made);
            throw;
        }
    }

    /// <summary>Makes something shared. The caller holds the namespace's exclusive lock.</summary>
    public IReadOnlyList<Applied> ApplyShared(SharedThing thing, IReadOnlyList<Change> changes)
    {
        Noting?.Invoke(thing);
        _undo.Push(thing);
        IReadOnlyList<Applied> made = _host.Apply(changes);
        foreach (Applied applied in made)
        {
            _observer?.ChangedShared(applied.Change);
        }

        return made;
    }

    /// <summary>Makes something shared that stays for good: others may come to need it at once. The caller holds the namespace's exclusive lock.</summary>
    public void ApplyLasting(IReadOnlyList<Change> changes)
    {
        foreach (Applied applied in _host.Apply(changes))
        {
            _observer?.ChangedShared(applied.Change);
        }
    }

    /// <summary>Remembers something else to do on rollback, such as DEL of a program.</summary>
    public void OnRollback(Action undo) => _undo.Push(undo);

    /// <summary>
    /// Undoes everything, last first, and goes on past what can't be undone. Shared things come last: while this operation's own link is
    /// there, they are in use.
    /// </summary>
    /// <returns>What could not be undone.</returns>
    public IReadOnlyList<Exception> Rollback()
    {
        List<Exception> failures = [];
        List<SharedThing> shared = [];
        while (_undo.TryPop(out object? undo))
        {
            switch (undo)
            {
                case Change change: Try(failures, () => Tell(_host.Apply([change]))); break;
                case Action action: Try(failures, action); break;
                case SharedThing thing: shared.Add(thing); break;
            }
        }

        foreach (SharedThing thing in shared)
        {
            Try(failures, () => RemoveUnused(thing));
        }

        return failures;
    }

    private static void Try(List<Exception> failures, Action undo)
    {
        try
        {
            undo();
        }
        catch (Exception e) when (e is ChangeException or LinuxException or Spec.CniException)
        {
            failures.Add(e);
        }
    }

    /// <summary>Takes away something shared that this operation (or a killed or an earlier one) made, if nobody uses it.</summary>
    /// <returns>Whether there was something to take away.</returns>
    public bool RemoveUnused(SharedThing thing)
    {
        using IDisposable locked = _host.LockNamespace(_host.Namespace, exclusive: true, CancellationToken.None);
        IReadOnlyList<Change> removal = thing.Removal(_host);
        if (removal.Count > 0)
        {
            Tell(_host.Apply(removal));
        }

        return removal.Count > 0;
    }

    private void Remember(IReadOnlyList<Applied> made)
    {
        Tell(made);
        foreach (Applied applied in made)
        {
            if (applied.Undo is { } undo)
            {
                _undo.Push(undo);
            }
        }
    }

    private void Tell(IReadOnlyList<Applied> made)
    {
        if (_observer is not null)
        {
            foreach (Applied applied in made)
            {
                _observer.Changed(applied.Change);
            }
        }
    }
}
