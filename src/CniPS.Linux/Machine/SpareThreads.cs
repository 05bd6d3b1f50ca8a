using System;
using System.Collections.Concurrent;
using System.Threading;

namespace CniPS.Linux.Machine;

/// <summary>
/// Threads for system calls that take a while, or block long after their work is done, as deleting a link does. They end by themselves when
/// idle, and at once when their owner is disposed, which waits for their work.
/// </summary>
/// <param name="stackBytes">The room for each one's stack: little, for system calls.</param>
internal sealed class SpareThreads(int stackBytes = 256 * 1024) : IDisposable
{
    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(5);

    private readonly int _stackBytes = stackBytes;
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

        try
        {
            _ = new Worker(this, work);
        }
        catch
        {
            _busy.Signal(); // there is no thread to be had
            throw;
        }
    }

    /// <summary>Waits for all that is under way, and ends the threads.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _busy.Signal();
            _busy.Wait();
            _busy.Dispose();
            while (_idle.TryPop(out Worker? worker))
            {
                worker.End();
            }
        }
    }

    private sealed class Worker
    {
        private const int Idle = 0, Taken = 1, Ended = 2;

        private readonly SpareThreads _owner;
        private readonly PosixSemaphore _go = new();
        private Action? _work;
        private int _state = Taken;

        internal Worker(SpareThreads owner, Action first)
        {
            _owner = owner;
            _work = first;
            _go.Post();
            new Thread(Live, owner._stackBytes) { IsBackground = true, Name = "CniPS spare" }.UnsafeStart();
        }

        /// <summary>Gives work, unless the thread is about to end.</summary>
        internal bool TryGive(Action work)
        {
            if (Interlocked.CompareExchange(ref _state, Taken, Idle) != Idle)
            {
                return false;
            }

            _work = work;
            _go.Post();
            return true;
        }

        /// <summary>Ends the thread, if it is idle.</summary>
        internal void End()
        {
            if (Interlocked.CompareExchange(ref _state, Ended, Idle) == Idle)
            {
                _go.Post();
            }
        }

        private void Live()
        {
            while (true)
            {
                if (!_go.Wait(s_idleLimit))
                {
                    if (Interlocked.CompareExchange(ref _state, Ended, Idle) == Idle)
                    {
                        return;
                    }

                    continue; // taken at the last moment
                }

                if (Volatile.Read(ref _state) == Ended)
                {
                    return;
                }

                _work!();
                _work = null;
                Volatile.Write(ref _state, Idle);
                _owner._idle.Push(this);
                _owner._busy.Signal();
            }
        }

        ~Worker() => _go.Dispose(); // nobody waits any more: the thread, which would keep it alive, has ended
    }
}
