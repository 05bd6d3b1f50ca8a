using System;
using System.Collections.Generic;

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
