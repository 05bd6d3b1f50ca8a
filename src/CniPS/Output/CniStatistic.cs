using System;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Observation;

namespace CniPS;

/// <summary>What an attachment has received and sent, from the container's point of view; or all attachments of a network together.</summary>
public sealed class CniStatistic : IComparable<CniStatistic>, IComparable
{
    internal CniStatistic(TrafficReading reading, string cachePath)
    {
        Network = reading.Network;
        ContainerId = reading.Attachment?.ContainerId;
        Interface = reading.Attachment?.InterfaceName;
        NetNS = reading.Attachment?.NetNS;
        Attachments = reading.Attachments;
        (PacketsIn, BytesIn, DropsIn, ErrorsIn) = reading.Received;
        (PacketsOut, BytesOut, DropsOut, ErrorsOut) = reading.Sent;
        Connections = reading.Connections;
        ConnectionBytes = reading.ConnectionBytes;
        PacketsInPerSecond = Rounded(reading.ReceivedPerSecond?.Packets);
        PacketsOutPerSecond = Rounded(reading.SentPerSecond?.Packets);
        BytesInPerSecond = Rounded(reading.ReceivedPerSecond?.Bytes);
        BytesOutPerSecond = Rounded(reading.SentPerSecond?.Bytes);
        DropsPerSecond = Rounded(reading.ReceivedPerSecond?.Drops + reading.SentPerSecond?.Drops);
        Time = reading.Time.LocalDateTime;
        CachePath = cachePath;
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The container; null for a network's sum.</summary>
    public string? ContainerId { get; }

    /// <summary>The interface; null for a network's sum.</summary>
    public string? Interface { get; }

    /// <summary>The name of the container's namespace, else its path; null for a network's sum.</summary>
    public string? Namespace => NetNS is null ? null : NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace; likewise.</summary>
    public string? NetNS { get; }

    /// <summary>How many attachments it is of.</summary>
    public int Attachments { get; }

    /// <summary>Packets that came into the container.</summary>
    public ulong PacketsIn { get; }

    /// <summary>Packets that left it.</summary>
    public ulong PacketsOut { get; }

    /// <summary>Bytes that came into the container, with the link layer's headers.</summary>
    public ulong BytesIn { get; }

    /// <summary>Bytes that left it.</summary>
    public ulong BytesOut { get; }

    /// <summary>Packets that were to come in and were thrown away.</summary>
    public ulong DropsIn { get; }

    /// <summary>Packets that were to leave and were thrown away.</summary>
    public ulong DropsOut { get; }

    /// <summary>Broken packets that came in.</summary>
    public ulong ErrorsIn { get; }

    /// <summary>Packets that could not be sent.</summary>
    public ulong ErrorsOut { get; }

    /// <summary>How many connections the host keeps track of that the container began or answers.</summary>
    public int Connections { get; }

    /// <summary>The bytes that went over these; null where the kernel doesn't count them (net.netfilter.nf_conntrack_acct), or there is none.</summary>
    public ulong? ConnectionBytes { get; }

    /// <summary>Packets that came in, a second; null without an interval.</summary>
    public double? PacketsInPerSecond { get; }

    /// <summary>Packets that left, a second; null without an interval.</summary>
    public double? PacketsOutPerSecond { get; }

    /// <summary>Bytes that came in, a second; null without an interval.</summary>
    public double? BytesInPerSecond { get; }

    /// <summary>Bytes that left, a second; null without an interval.</summary>
    public double? BytesOutPerSecond { get; }

    /// <summary>Bytes of both ways, a second; null without an interval.</summary>
    public double? BytesPerSecond => BytesInPerSecond + BytesOutPerSecond;

    /// <summary>Packets that were thrown away, a second; null without an interval.</summary>
    public double? DropsPerSecond { get; }

    /// <summary>When it was read.</summary>
    public DateTime Time { get; }

    /// <summary>The folder of the cache that was asked.</summary>
    public string CachePath { get; }

    /// <summary>By network, container and interface.</summary>
    public int CompareTo(CniStatistic? other) =>
        other is null ? 1 : Order.Of((Network, other.Network), (ContainerId, other.ContainerId), (Interface, other.Interface));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Whose it is.</summary>
    public override string ToString() => ContainerId is null ? Network : $"{Network}/{ContainerId}/{Interface}";

    private static double? Rounded(double? rate) => rate is { } known ? Math.Round(known, 1) : null;
}
