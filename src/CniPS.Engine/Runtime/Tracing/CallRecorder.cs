using System;
using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>
/// Remembers the last plugin calls of a process. A call costs it an object and a few references; it can be used from several threads.
/// </summary>
public sealed class CallRecorder
{
    private readonly TracedCall?[] _ring;
    private long _count;

    /// <summary>Makes a recorder.</summary>
    /// <param name="capacity">How many calls it remembers; older ones are forgotten.</param>
    public CallRecorder(int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new TracedCall?[capacity];
    }

    /// <summary>An observer for one operation that records, and passes everything on.</summary>
    /// <param name="next">Who is told as well.</param>
    public IOperationObserver Observe(IOperationObserver? next = null) => new TracingObserver(this, next);

    /// <summary>The calls remembered, the oldest first.</summary>
    public IReadOnlyList<TracedCall> Calls()
    {
        lock (_ring)
        {
            List<TracedCall> calls = [];
            for (long i = Math.Max(0, _count - _ring.Length); i < _count; i++)
            {
                calls.Add(_ring[i % _ring.Length]!);
            }

            return calls;
        }
    }

    /// <summary>Forgets them all.</summary>
    public void Clear()
    {
        lock (_ring)
        {
            Array.Clear(_ring);
            _count = 0;
        }
    }

    internal TracedCall Add(Func<long, TracedCall> make)
    {
        lock (_ring)
        {
            TracedCall call = make(++Last);
            _ring[_count++ % _ring.Length] = call;
            return call;
        }
    }

    private long Last { get; set; }
}
