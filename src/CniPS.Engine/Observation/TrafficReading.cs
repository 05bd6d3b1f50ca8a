using System;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Observation;

/// <summary>What an attachment's interface had received and sent at a moment, from the container's point of view; or all of a network's together.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Attachment">The attachment; null for a network's sum.</param>
/// <param name="Received">What came into the container.</param>
/// <param name="Sent">What left it.</param>
/// <param name="Time">The moment.</param>
public sealed record TrafficReading(string Network, CachedAttachment? Attachment, TrafficCount Received, TrafficCount Sent, DateTimeOffset Time)
{
    /// <summary>How many attachments it is of.</summary>
    public int Attachments { get; init; } = 1;

    /// <summary>How many connections the host keeps track of that the container began or answers.</summary>
    public int Connections { get; init; }

    /// <summary>The bytes that went over these; null where the kernel doesn't count them (<c>net.netfilter.nf_conntrack_acct</c> is 0), or there is none.</summary>
    public ulong? ConnectionBytes { get; init; }

    /// <summary>What came in a second since the reading before; null in the first.</summary>
    public TrafficRate? ReceivedPerSecond { get; private init; }

    /// <summary>What left in a second since the reading before; null in the first.</summary>
    public TrafficRate? SentPerSecond { get; private init; }

    /// <summary>Both together.</summary>
    internal TrafficReading Plus(TrafficReading other) => this with
    {
        Attachment = null,
        Received = Received + other.Received,
        Sent = Sent + other.Sent,
        Attachments = Attachments + other.Attachments,
        Connections = Connections + other.Connections,
        ConnectionBytes = other.ConnectionBytes is null ? ConnectionBytes : (ConnectionBytes ?? 0) + other.ConnectionBytes,
    };

    /// <summary>The same, with what has passed since an earlier reading of it.</summary>
    internal TrafficReading Since(TrafficReading before)
    {
        TimeSpan time = Time - before.Time;
        return this with { ReceivedPerSecond = TrafficRate.Of(before.Received, Received, time), SentPerSecond = TrafficRate.Of(before.Sent, Sent, time) };
    }
}

/// <summary>What goes one way, a second.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Drops">Packets that are thrown away.</param>
/// <param name="Errors">Packets that are broken.</param>
public readonly record struct TrafficRate(double Packets, double Bytes, double Drops, double Errors)
{
    /// <summary>Of two counts and the time between them. A count that is less than before has begun anew.</summary>
    internal static TrafficRate? Of(TrafficCount before, TrafficCount now, TimeSpan time) => time <= TimeSpan.Zero ? null : new(
        Of(before.Packets, now.Packets, time), Of(before.Bytes, now.Bytes, time), Of(before.Drops, now.Drops, time), Of(before.Errors, now.Errors, time));

    private static double Of(ulong before, ulong now, TimeSpan time) => (now >= before ? now - before : now) / time.TotalSeconds;
}
