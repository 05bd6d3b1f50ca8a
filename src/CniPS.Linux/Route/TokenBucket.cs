using System;

namespace CniPS.Linux.Route;

/// <summary>A rate and how far it may be exceeded for a moment (tc-tbf(8)), as the kernel keeps it.</summary>
/// <param name="Rate">Bytes a second.</param>
/// <param name="Buffer">The burst, as the time it takes at that rate, in the kernel's ticks of 64 ns (PSCHED_SHIFT).</param>
/// <param name="Limit">How many bytes may wait.</param>
public sealed record TokenBucket(ulong Rate, uint Buffer, uint Limit)
{
    private const double TicksPerMicrosecond = 1000.0 / 64, Microseconds = 1_000_000, LatencyMicroseconds = 25_000;

    /// <summary>The bucket of a rate and a burst, in which a packet waits no longer than 25 ms beyond the burst.</summary>
    /// <param name="rate">Bytes a second; not 0.</param>
    /// <param name="burst">Bytes.</param>
    public static TokenBucket Of(ulong rate, uint burst)
    {
        double time = Math.Floor(burst * Microseconds / rate);
        return new TokenBucket(rate, Fit(time * TicksPerMicrosecond), Fit(Math.Floor(rate * LatencyMicroseconds / Microseconds) + burst));
    }

    /// <summary>As <c>tc</c> takes it.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"tbf rate {Rate * 8}bit burst {(ulong)Math.Round(Buffer / TicksPerMicrosecond * Rate / Microseconds)} limit {Limit}");

    private static uint Fit(double value) => value >= uint.MaxValue ? uint.MaxValue : (uint)value;
}
