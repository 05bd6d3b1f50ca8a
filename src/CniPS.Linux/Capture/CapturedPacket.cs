using System;

namespace CniPS.Linux.Capture;

/// <summary>Which way a packet went, seen from the interface.</summary>
public enum PacketDirection
{
    /// <summary>Into the namespace.</summary>
    In = 1,

    /// <summary>Out of it.</summary>
    Out = 2,
}

/// <summary>A packet as it was seen.</summary>
/// <param name="place">By which of a capture's interfaces, from 0.</param>
/// <param name="data">Its bytes from the link's header on, with its VLAN tag.</param>
internal readonly ref struct CapturedPacket(int place, ReadOnlySpan<byte> data)
{
    internal int Place { get; } = place;

    internal ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>How long it was, of which <see cref="Data"/> may be a part only.</summary>
    internal int Length { get; init; }

    /// <summary>When, in nanoseconds since 1970.</summary>
    internal ulong Time { get; init; }

    internal PacketDirection Direction { get; init; }

    /// <summary>Whom it was for on the link (PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST).</summary>
    internal byte Kind { get; init; }
}

/// <summary>An interface to capture.</summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Interface">Its name.</param>
public sealed record CapturePoint(Namespaces.NetworkNamespace Namespace, string Interface)
{
    /// <summary>What it is called in the file: names of several namespaces are often the same. Default: its name.</summary>
    public string? Label { get; init; }

    /// <summary>What it is, for people: container, network, namespace.</summary>
    public string? Description { get; init; }
}
