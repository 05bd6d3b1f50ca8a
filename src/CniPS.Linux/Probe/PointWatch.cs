using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux.Route;
using CniPS.Linux.Sockets;

namespace CniPS.Linux.Probe;

/// <summary>What is looked at in one namespace while a probe is on its way: nf_tables' trace and the interfaces' counters.</summary>
internal sealed class PointWatch : IDisposable
{
    private readonly ProbePoint _point;
    private readonly TraceTable? _table;
    private readonly TraceListener? _trace;
    private readonly IReadOnlyList<LinkCounters> _before;
    private readonly string? _lacks;
    private int _read;

    internal PointWatch(ProbePoint point, ProbeBytes probe)
    {
        _point = point;

        // Not RandomNumberGenerator: that loads OpenSSL, and the executable cnips, which has libc inside, can't load libraries.
        string name = string.Create(CultureInfo.InvariantCulture, $"cnips-probe-{Random.Shared.NextInt64(1L << 48):x12}");
        try
        {
            _trace = new TraceListener(point.Namespace, name, probe);
            _table = TraceTable.Make(point.Namespace, name, probe, point.Interfaces, out _lacks);
        }
        catch (LinuxException e)
        {
            _trace?.Dispose();
            _trace = null;
            _lacks = e.Message; // no nf_tables, or one before Linux 5.12: the rest can be had all the same
        }

        _before = point.Namespace.GetCounters();
    }

    internal void AddTo(PollSet set)
    {
        if (_trace is not null)
        {
            set.Add(_trace.Handle);
        }
    }

    /// <summary>Reads what there is.</summary>
    /// <returns>Whether some of it is a drop.</returns>
    internal bool Read()
    {
        if (_trace is null)
        {
            return false;
        }

        _trace.Read();
        bool isDrop = false;
        for (; _read < _trace.Steps.Count; _read++)
        {
            isDrop |= _trace.Steps[_read].Verdict == TraceVerdict.Drop;
        }

        return isDrop;
    }

    /// <summary>What was seen.</summary>
    internal ProbeSight End()
    {
        List<LinkChange> links = [];
        foreach (LinkCounters now in _point.Namespace.GetCounters())
        {
            foreach (LinkCounters then in _before)
            {
                if (then.Link == now.Link)
                {
                    links.Add(new LinkChange(now.Link, now.Received - then.Received, now.Sent - then.Sent));
                }
            }
        }

        return new ProbeSight(_point, _trace?.Steps ?? [], links)
        {
            Lacks = _trace is { IsOverrun: true } ? "more was decided than could be read in time" : _lacks,
        };
    }

    /// <summary>Stops, and deletes the tables.</summary>
    public void Dispose()
    {
        _trace?.Dispose();
        _table?.Dispose();
    }
}
