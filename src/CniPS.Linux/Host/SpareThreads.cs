using System;
using System.Collections.Concurrent;
using System.Threading;

namespace CniPS.Linux.Host;

/// <summary>
/// Threads for system calls that block long after their work is done, as deleting a link does. They end by themselves when idle, and are
/// joined when their owner is disposed.
/// </summary>
internal sealed class SpareThreads : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);

    private readonly ConcurrentStack<Worker> _idle = new();
    private readonly CountdownEvent _busy = new(1);
    private bool _disposed;

    /// <summary>Runs something without waiting for it. It must not throw.</summary>
    internal void Run(Action work)
    {
        _busy.AddCount();
        while (_idle.TryPop(out Worker? worker))
        {
            if (worker.TryGive(work))
            {
                return;
            }
        }

        _ = new Worker(this, work);
    }

    /// <summary>Waits for all that is under way.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _busy.Signal();
            _busy.Wait();
            _busy.Dispose();
        }
    }

    private sealed class Worker
    {
        private readonly SpareThreads _owner;
        private readonly SemaphoreSlim _wake = new(0);
        private Action? _work;
        private int _taken; // 1: has work or has ended

        internal Worker(SpareThreads owner, Action work)
        {
            _owner = owner;
            _work = work;
            _taken = 1;
            new Thread(Live, 128 * 1024) { IsBackground = true, Name = "CniPS spare" }.UnsafeStart();
        }

        internal bool TryGive(Action work)
        {
            if (Interlocked.Exchange(ref _taken, 1) != 0)
            {
                return false;
            }

            _work = work;
            _wake.Release();
            return true;
        }

        private void Live()
        {
            while (true)
            {
                _work!();
                _work = null;
                Volatile.Write(ref _taken, 0);
                _owner._idle.Push(this);
                _owner._busy.Signal();
                if (!_wake.Wait(s_idle) && Interlocked.Exchange(ref _taken, 1) == 0)
                {
                    return;
                }

                if (_work is null)
                {
                    _wake.Wait();
                }
            }
        }
    }
}
