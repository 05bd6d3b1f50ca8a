using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace CniPS.Observation;

/// <summary>Reads again and again, and says what passed between two readings.</summary>
/// <param name="reader">Reads.</param>
/// <param name="byNetwork">Whether what is of one network is summed up.</param>
public sealed class TrafficMeter(TrafficReader reader, bool byNetwork)
{
    private Dictionary<object, TrafficReading> _before = [];

    /// <summary>Reads.</summary>
    /// <returns>In the reader's order; with rates from the second reading on.</returns>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public IReadOnlyList<TrafficReading> Read()
    {
        Dictionary<object, TrafficReading> now = [];
        List<TrafficReading> all = [];
        foreach (TrafficReading reading in byNetwork ? Sum(reader.Read()) : reader.Read())
        {
            object key = (object?)reading.Attachment ?? reading.Network;
            now[key] = reading;
            all.Add(_before.TryGetValue(key, out TrafficReading? before) && before.Attachments == reading.Attachments ? reading.Since(before) : reading);
        }

        _before = now;
        return all;
    }

    /// <summary>Reads, and again after each interval, however long reading took: without end.</summary>
    /// <param name="interval">The time from one reading to the next; more than nothing.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The readings from the second on: those with rates.</returns>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public IEnumerable<IReadOnlyList<TrafficReading>> ReadEach(TimeSpan interval, CancellationToken cancellation)
    {
        Read();
        for (long began = Stopwatch.GetTimestamp(), turn = 1; ; turn++)
        {
            TimeSpan rest = (turn * interval) - Stopwatch.GetElapsedTime(began);
            if (rest > TimeSpan.Zero)
            {
                cancellation.WaitHandle.WaitOne(rest);
            }

            cancellation.ThrowIfCancellationRequested();
            yield return Read();
        }
    }

    private static IReadOnlyCollection<TrafficReading> Sum(IReadOnlyList<TrafficReading> readings)
    {
        Dictionary<string, TrafficReading> sums = new(StringComparer.Ordinal);
        foreach (TrafficReading reading in readings)
        {
            sums[reading.Network] = sums.TryGetValue(reading.Network, out TrafficReading? sum) ? sum.Plus(reading) : reading with { Attachment = null };
        }

        return sums.Values;
    }
}
