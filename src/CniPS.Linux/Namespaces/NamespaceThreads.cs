using System;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// Threads that are kept for going into namespaces, and for nothing else. Between two visits each is at home, in the namespace of whoever
/// made it; one that can't come home ends. Waking a parked one costs its caller a fraction of starting one.
/// </summary>
internal sealed class NamespaceThreads
{
    private const int StackBytes = 256 * 1024;
    private static readonly TimeSpan s_idleLimit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentStack<Worker> _idle = new();

    /// <summary>Runs a visit on such a thread and waits for it.</summary>
    /// <param name="calls">What to do there: system calls only, leaving the thread in whatever namespace.</param>
    internal int Run(Func<int> calls) => Finish(Begin(calls));

    /// <summary>Has a visit begun, and goes on meanwhile.</summary>
    /// <param name="calls">What to do there: system calls only, leaving the thread in whatever namespace.</param>
    /// <returns>For <see cref="Finish"/>, which must be called exactly once.</returns>
    internal Worker Begin(Func<int> calls)
    {
        Worker worker = Take();
        worker.Begin(calls);
        return worker;
    }

    /// <summary>Has a visit made that nobody waits for.</summary>
    /// <param name="calls">
    /// What to do there: system calls only, leaving the thread in whatever namespace. They return a descriptor to be closed at home, or an errno.
    /// </param>
    internal void Leave(Func<int> calls)
    {
        Worker worker = Take();
        worker.Leave(calls, this);
    }

    private Worker Take()
    {
        Worker? worker;
        while (!_idle.TryPop(out worker) || !worker.TryTake())
        {
            if (worker is null)
            {
                worker = new Worker();
                break;
            }
        }

        return worker;
    }

    /// <summary>Waits for the end of a visit.</summary>
    internal int Finish(Worker worker)
    {
        int result = worker.Finish(out ExceptionDispatchInfo? failure);
        if (worker.Release())
        {
            _idle.Push(worker);
        }

        failure?.Throw();
        return result;
    }

    /// <summary>One of the threads.</summary>
    internal sealed class Worker
    {
        private const int Idle = 0, Taken = 1, Ended = 2;

        private readonly PosixSemaphore _go = new(), _done = new();
        private int _state = Taken;
        private bool _isHome = true;
        private Func<int>? _calls;
        private int _result;
        private ExceptionDispatchInfo? _failure;
        private NamespaceThreads? _giveBackTo;

        internal Worker() => new Thread(Live, StackBytes) { IsBackground = true, Name = "CniPS namespace" }.UnsafeStart();

        /// <summary>Takes the worker for one visit, unless it is about to end.</summary>
        internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Idle) == Idle;

        /// <summary>Has a visit begun.</summary>
        internal void Begin(Func<int> calls)
        {
            _calls = calls;
            _go.Post();
        }

        /// <summary>Has a visit begun that nobody waits for: the worker gives itself back.</summary>
        internal void Leave(Func<int> calls, NamespaceThreads to)
        {
            _giveBackTo = to;
            Begin(calls);
        }

        /// <summary>Waits for its end.</summary>
        internal int Finish(out ExceptionDispatchInfo? failure)
        {
            _done.Wait();
            _calls = null;
            failure = _failure;
            _failure = null;
            return _result;
        }

        /// <summary>Gives the worker back.</summary>
        /// <returns>Whether it can be taken again.</returns>
        internal bool Release()
        {
            if (!_isHome)
            {
                return false;
            }

            Volatile.Write(ref _state, Idle);
            return true;
        }

        private void Live()
        {
            int home = LibC.open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
            _isHome = home >= 0;
            do
            {
                if (!_go.Wait(s_idleLimit))
                {
                    if (Interlocked.CompareExchange(ref _state, Ended, Idle) == Idle)
                    {
                        break;
                    }

                    continue; // taken at the last moment
                }

                try
                {
                    _result = _calls!();
                }
                catch (Exception e)
                {
                    _failure = ExceptionDispatchInfo.Capture(e);
                }

                _isHome = home >= 0 && LibCAhead.setns(home, LibC.CLONE_NEWNET) == 0;
                if (_giveBackTo is { } owner)
                {
                    GiveBack(owner);
                }
                else
                {
                    _done.Post();
                }
            }
            while (_isHome);

            LibCAhead.close(home);
        }

        private void GiveBack(NamespaceThreads owner)
        {
            if (_failure is null && _result >= 0)
            {
                LibCAhead.close(_result); // at home: closing some sockets takes long
            }

            _giveBackTo = null;
            _calls = null;
            _failure = null;
            if (Release())
            {
                owner._idle.Push(this);
            }
        }

        ~Worker()
        {
            // Nobody waits any more: the thread, which would keep it alive, has ended.
            _go.Dispose();
            _done.Dispose();
        }
    }
}
