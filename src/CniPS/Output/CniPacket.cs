using System;
using CniPS.Facts;
using CniPS.Linux.Capture;
using CniPS.Linux.Namespaces;
using CniPS.Observation;

namespace CniPS;

/// <summary>A packet that was captured, in short.</summary>
public sealed class CniPacket : IComparable<CniPacket>, IComparable
{
    private readonly string _text;

    internal CniPacket(PacketSummary packet, CaptureTarget target)
    {
        _text = packet.Text;
        Time = packet.Time.LocalDateTime;
        Network = target.Attachment?.Network;
        ContainerId = target.Attachment?.ContainerId;
        Interface = target.Point.Interface;
        NetNS = target.Point.Namespace.Path;
        End = target.IsHostEnd ? "Host" : "Container";
        Direction = packet.Direction.ToString();
        Protocol = packet.Protocol;
        Source = packet.Source?.ToString();
        SourcePort = packet.SourcePort;
        Destination = packet.Destination?.ToString();
        DestinationPort = packet.DestinationPort;
        Flags = packet.Flags;
        Length = packet.Length;
        Vlan = packet.Vlan;
    }

    /// <summary>When the kernel saw it.</summary>
    public DateTime Time { get; }

    /// <summary>The network of the attachment whose interface it was seen at; null for other interfaces.</summary>
    public string? Network { get; }

    /// <summary>The container; likewise.</summary>
    public string? ContainerId { get; }

    /// <summary>The interface it was seen at.</summary>
    public string Interface { get; }

    /// <summary>The name of that interface's namespace, else its path.</summary>
    public string Namespace => NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of that interface's namespace.</summary>
    public string NetNS { get; }

    /// <summary>Whether the interface is in a container, or on the host.</summary>
    public string End { get; }

    /// <summary>Whether it came in by the interface, or went out.</summary>
    public string Direction { get; }

    /// <summary>TCP, UDP, ICMP, ICMPv6, SCTP or ARP; else IP's number, or Ethernet's type.</summary>
    public string Protocol { get; }

    /// <summary>The address it comes from; null where it has none.</summary>
    public string? Source { get; }

    /// <summary>The port it comes from; likewise.</summary>
    public ushort? SourcePort { get; }

    /// <summary>The address it goes to; likewise.</summary>
    public string? Destination { get; }

    /// <summary>The port it goes to; likewise.</summary>
    public ushort? DestinationPort { get; }

    /// <summary>TCP's flags, as SYN,ACK; ICMP's type and code, as 8/0; ARP's request or reply.</summary>
    public string Flags { get; }

    /// <summary>Its length in bytes, with the link layer's header.</summary>
    public int Length { get; }

    /// <summary>The VLAN it is tagged with; null for none.</summary>
    public ushort? Vlan { get; }

    /// <summary>By time, then by interface.</summary>
    public int CompareTo(CniPacket? other) => other is null ? 1 : Time != other.Time ? Time.CompareTo(other.Time) : Order.Of((Interface, other.Interface));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>What it is: <c>TCP 10.15.20.2:40000 > 10.15.20.1:80 SYN</c>.</summary>
    public override string ToString() => _text;
}
