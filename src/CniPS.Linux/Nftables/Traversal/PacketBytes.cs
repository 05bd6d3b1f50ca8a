using System;
using System.Buffers.Binary;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>A packet's headers as bytes, with what of them is known: checksums and sequence numbers aren't.</summary>
internal sealed class PacketBytes
{
    private readonly byte[] _link = new byte[14];
    private readonly byte[] _network;
    private readonly byte[] _transport = new byte[20];
    private readonly bool _hasLink;
    private readonly int _transportLength;

    internal PacketBytes(FilteredPacket packet)
    {
        _network = packet.IsV6 ? new byte[40] : new byte[20];
        if (packet.IsV6)
        {
            _network[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(_network.AsSpan(4), (ushort)Math.Max(packet.Length - 40, 0));
            (_network[6], _network[7]) = (packet.Protocol, 64);
            packet.Source.TryWriteBytes(_network.AsSpan(8), out _);
            packet.Destination.TryWriteBytes(_network.AsSpan(24), out _);
        }
        else
        {
            _network[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(_network.AsSpan(2), (ushort)packet.Length);
            _network[6] = 0x40; // don't fragment
            (_network[8], _network[9]) = (64, packet.Protocol);
            packet.Source.TryWriteBytes(_network.AsSpan(12), out _);
            packet.Destination.TryWriteBytes(_network.AsSpan(16), out _);
        }

        if (packet.HasPorts)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_transport, packet.SourcePort);
            BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(2), packet.DestinationPort);
            _transport[12] = 0x50;
            _transport[13] = packet.IsReply ? (byte)0x12 : (byte)0x02; // SYN and its answer
        }
        else
        {
            _transport[0] = packet.IcmpType;
        }

        _transportLength = packet.Protocol == Nf.IPPROTO_TCP ? 20 : 8;
        _hasLink = packet.SourceMac is not null && packet.DestinationMac is not null;
        packet.DestinationMac?.CopyTo(_link);
        packet.SourceMac?.CopyTo(_link.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(_link.AsSpan(12), packet.IsV6 ? NfExpr.ETH_P_IPV6 : NfExpr.ETH_P_IP);
        Protocol = packet.Protocol;
    }

    private byte Protocol { get; }

    /// <summary>Some bytes of a header.</summary>
    /// <param name="header">NFT_PAYLOAD_*.</param>
    /// <param name="offset">Where they begin in it.</param>
    /// <param name="length">How many.</param>
    /// <param name="isKnown">Whether they are known.</param>
    internal ReadOnlySpan<byte> Read(uint header, int offset, int length, out bool isKnown)
    {
        byte[] bytes = header switch
        {
            Nf.NFT_PAYLOAD_LL_HEADER => _link,
            Nf.NFT_PAYLOAD_NETWORK_HEADER => _network,
            Nf.NFT_PAYLOAD_TRANSPORT_HEADER => _transport,
            _ => [],
        };
        bool fits = offset >= 0 && length >= 0 && offset + length <= (bytes == _transport ? _transportLength : bytes.Length);
        isKnown = fits && header switch
        {
            Nf.NFT_PAYLOAD_LL_HEADER => _hasLink,
            Nf.NFT_PAYLOAD_NETWORK_HEADER => !IsVague(offset, length),
            _ => Protocol is Nf.IPPROTO_ICMP or Nf.IPPROTO_ICMPV6 ? offset + length <= 2 : offset + length <= 4 || (offset == 13 && length == 1),
        };
        return fits ? bytes.AsSpan(offset, length) : [];
    }

    // Of IPv4: identification, TTL and checksum; of IPv6: class, flow label and hop limit.
    private bool IsVague(int offset, int length) => _network.Length == 20
        ? Touches(offset, length, 4, 2) || Touches(offset, length, 8, 1) || Touches(offset, length, 10, 2) || Touches(offset, length, 1, 1)
        : Touches(offset, length, 1, 3) || Touches(offset, length, 7, 1);

    private static bool Touches(int offset, int length, int from, int count) => offset < from + count && from < offset + length;
}
