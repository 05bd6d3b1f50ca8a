using System;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// Threads that wait to be used once. Starting one costs the caller 140 µs, waking a parked one 50 to 70; a nursery thread, which never
/// leaves its namespace, starts the next one meanwhile, so that no parked thread is ever started from inside a foreign namespace.
/// </summary>
internal sealed class ParkedThreads
{
    private const int StackBytes = 256 * 1024;
    private const int Parked = 2;

    private readonly ConcurrentStack<Worker> _ready = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private int _nursery;

    /// <summary>Runs something on a thread that is used for nothing else and ends afterwards.</summary>
    internal int Run(Func<int> work)
    {
        if (!_ready.TryPop(out Worker? worker))
        {
            worker = new Worker();
        }

        Replenish();
        return worker.Run(work);
    }

    private void Replenish()
    {
        if (Interlocked.Exchange(ref _nursery, 1) == 0)
        {
            new Thread(Nurse, StackBytes) { IsBackground = true, Name = "CniPS nursery" }.UnsafeStart();
            _wanted.Release(Parked);
        }
        else
        {
            _wanted.Release();
        }
    }

    private void Nurse()
    {
        while (true)
        {
            _wanted.Wait();
            if (_ready.Count < Parked)
            {
                _ready.Push(new Worker());
            }
        }
    }

    private sealed class Worker
    {
        private readonly ManualResetEventSlim _start = new(false, 0);
        private readonly ManualResetEventSlim _done = new(false, 200);
        private Func<int>? _work;
        private int _result;
        private ExceptionDispatchInfo? _failure;

        internal Worker() => new Thread(Live, StackBytes) { IsBackground = true, Name = "CniPS namespace" }.UnsafeStart();

        internal int Run(Func<int> work)
        {
            _work = work;
            _start.Set();
            _done.Wait();
            _failure?.Throw();
            return _result;
        }

        private void Live()
        {
            _start.Wait();
            try
            {
                _result = _work!();
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            _done.Set();
        }
    }
}
