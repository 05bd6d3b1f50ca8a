using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Host;

/// <summary>Changes that were begun and take a while: their maker does something else meanwhile, and then waits for them.</summary>
public sealed class PendingChanges
{
    private readonly Func<IReadOnlyList<Applied>> _apply;
    private readonly PosixSemaphore? _done;
    private IReadOnlyList<Applied> _made = [];
    private Exception? _failure;

    private PendingChanges(Func<IReadOnlyList<Applied>> apply, PosixSemaphore? done)
    {
        _apply = apply;
        _done = done;
    }

    /// <summary>Changes that are only made when they are waited for.</summary>
    internal static PendingChanges Deferred(Func<IReadOnlyList<Applied>> apply) => new(apply, null);

    /// <summary>Changes that a thread makes meanwhile.</summary>
    internal static PendingChanges Started(Func<IReadOnlyList<Applied>> apply, SpareThreads threads)
    {
        PendingChanges pending = new(apply, new PosixSemaphore());
        threads.Run(pending.Make);
        return pending;
    }

    /// <summary>Waits until they are made. To be called once.</summary>
    /// <returns>As <see cref="IHost.Apply"/>.</returns>
    /// <exception cref="ChangeException">As <see cref="IHost.Apply"/>.</exception>
    public IReadOnlyList<Applied> Complete()
    {
        if (_done is null)
        {
            return _apply();
        }

        _done.Wait();
        _done.Dispose();
        return _failure is null ? _made : throw _failure;
    }

    private void Make()
    {
        try
        {
            _made = _apply();
        }
        catch (Exception e)
        {
            _failure = e;
        }

        _done!.Post();
    }
}
