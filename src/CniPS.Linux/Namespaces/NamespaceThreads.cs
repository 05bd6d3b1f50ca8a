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
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    private readonly ConcurrentStack<Worker> _idle = new();

    /// <summary>Runs a visit on such a thread and waits for it.</summary>
    /// <param name="calls">What to do there: system calls only, leaving the thread in whatever namespace.</param>
    internal int Run(Func<int> calls)
    {
        Visit visit = new(calls);
        while (_idle.TryPop(out Worker? worker))
        {
            if (worker.TryGive(visit))
            {
                return visit.Wait();
            }
        }

        _ = new Worker(_idle, visit);
        return visit.Wait();
    }

    private sealed class Visit(Func<int> calls)
    {
        private readonly ManualResetEventSlim _done = new(false, 100);
        private int _result;
        private ExceptionDispatchInfo? _failure;

        internal void Make()
        {
            try
            {
                _result = calls();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }

        internal void Finish() => _done.Set();

        internal int Wait()
        {
            _done.Wait();
            _failure?.Throw();
            return _result;
        }
    }

    private sealed class Worker
    {
        private readonly ConcurrentStack<Worker> _idle;
        private readonly object _gate = new();
        private Visit? _visit;
        private int _taken = 1;

        internal Worker(ConcurrentStack<Worker> idle, Visit first)
        {
            _idle = idle;
            _visit = first;
            new Thread(Live, StackBytes) { IsBackground = true, Name = "CniPS namespace" }.UnsafeStart();
        }

        /// <summary>Gives a visit to make, unless the thread is about to end.</summary>
        internal bool TryGive(Visit visit)
        {
            if (Interlocked.Exchange(ref _taken, 1) != 0)
            {
                return false;
            }

            lock (_gate)
            {
                _visit = visit;
                Monitor.Pulse(_gate);
            }

            return true;
        }

        private void Live()
        {
            int home = LibC.open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
            while (NextVisit() is { } visit)
            {
                visit.Make();
                bool isHome = home >= 0 && LibC.setns(home, LibC.CLONE_NEWNET) == 0;
                if (isHome)
                {
                    Volatile.Write(ref _taken, 0);
                    _idle.Push(this);
                }

                visit.Finish();
                if (!isHome)
                {
                    break;
                }
            }

            LibC.close(home);
        }

        private Visit? NextVisit()
        {
            lock (_gate)
            {
                while (_visit is null)
                {
                    if (!Monitor.Wait(_gate, s_idle) && _visit is null && Interlocked.Exchange(ref _taken, 1) == 0)
                    {
                        return null;
                    }
                }

                Visit visit = _visit;
                _visit = null;
                return visit;
            }
        }
    }
}
