using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;

namespace CniPS.Linux.Capture;

/// <summary>
/// Writes pcapng (draft-ietf-opsawg-pcapng), which Wireshark and tcpdump read: a section, its interfaces with names and descriptions, packets with their
/// direction, and at the end what was counted. What is there at any moment is complete.
/// </summary>
internal sealed class CaptureFile : IDisposable
{
    private const uint SectionHeader = 0x0a0d0d0a, InterfaceDescription = 1, InterfaceStatistics = 5, EnhancedPacket = 6;
    private const ushort Comment = 1, InterfaceName = 2, InterfaceDescriptionText = 3, TimeResolution = 9, FilterText = 11, Application = 4, OperatingSystem = 3;
    private const ushort EpbFlags = 2, StatisticsReceived = 4, StatisticsDropped = 5;
    private const ushort LinkEthernet = 1, LinkRaw = 101;

    private readonly Stream _stream;
    private readonly byte[] _block = new byte[1024 * 1024];
    private int _length;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where to; it is closed at the end.</param>
    /// <param name="comment">What is captured, for people.</param>
    internal CaptureFile(Stream stream, string comment)
    {
        _stream = stream;
        Begin(SectionHeader);
        Put(0x1a2b3c4du);
        Put((ushort)1);
        Put((ushort)0);
        Put(ulong.MaxValue); // its length: unknown
        Option(Comment, comment);
        Option(OperatingSystem, Environment.OSVersion.VersionString);
        Option(Application, "CniPS");
        End();
    }

    /// <summary>How many packets are in it.</summary>
    internal long Packets { get; private set; }

    /// <summary>Adds an interface.</summary>
    /// <param name="point">The interface.</param>
    /// <param name="isEthernet">Whether packets begin with Ethernet's header, or with IP's.</param>
    /// <param name="filter">Which packets; null for all.</param>
    internal void AddInterface(CapturePoint point, bool isEthernet, PacketFilter? filter)
    {
        Begin(InterfaceDescription);
        Put(isEthernet ? LinkEthernet : LinkRaw);
        Put((ushort)0);
        Put(0u); // no limit
        Option(InterfaceName, point.Label ?? point.Interface);
        if (point.Description is { } description)
        {
            Option(InterfaceDescriptionText, description);
            Option(Comment, description);
        }

        Option(TimeResolution, [9]); // nanoseconds
        if (filter is not null)
        {
            Option(FilterText, (byte[])[0, .. Encoding.UTF8.GetBytes(filter.ToString())]);
        }

        End();
    }

    /// <summary>Adds a packet.</summary>
    internal void Add(in CapturedPacket packet)
    {
        Begin(EnhancedPacket);
        Put((uint)packet.Place);
        Put((uint)(packet.Time >> 32));
        Put((uint)packet.Time);
        Put((uint)packet.Data.Length);
        Put((uint)packet.Length);
        Put(packet.Data);
        // Bits 0 and 1: the direction; 2 to 4: unicast, multicast, broadcast, promiscuous, counted from 1 (the kernel counts host, broadcast, multicast, other).
        uint reception = packet.Kind switch { 0 => 1, 1 => 3, 2 => 2, 3 => 4, _ => 0 };
        Span<byte> flags = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, (uint)packet.Direction | (reception << 2));
        Option(EpbFlags, flags);
        End();
        Packets++;
    }

    /// <summary>Adds what was counted on an interface.</summary>
    internal void AddStatistics(int place, DateTimeOffset time, ulong packets, ulong drops)
    {
        Begin(InterfaceStatistics);
        Put((uint)place);
        ulong nanoseconds = (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;
        Put((uint)(nanoseconds >> 32));
        Put((uint)nanoseconds);
        Option(StatisticsReceived, BitConverter.GetBytes(packets));
        Option(StatisticsDropped, BitConverter.GetBytes(drops));
        End();
    }

    private void Begin(uint type)
    {
        _length = 0;
        Put(type);
        Put(0u); // the length, when it is known
    }

    // The option that ends them, and the length once more.
    private void End()
    {
        Put(0u);
        uint length = (uint)_length + 4;
        Put(length);
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4), length);
        _stream.Write(_block, 0, _length);
    }

    private void Option(ushort code, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Option(code, bytes.AsSpan(0, Math.Min(bytes.Length, short.MaxValue)));
    }

    private void Option(ushort code, ReadOnlySpan<byte> value)
    {
        Put(code);
        Put((ushort)value.Length);
        Put(value);
    }

    private void Put(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_block.AsSpan(_length), value);
        _length += 2;
    }

    private void Put(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(_length), value);
        _length += 4;
    }

    private void Put(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_block.AsSpan(_length), value);
        _length += 8;
    }

    // Padded to four bytes.
    private void Put(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_block.AsSpan(_length));
        int padding = -value.Length & 3;
        _block.AsSpan(_length + value.Length, padding).Clear();
        _length += value.Length + padding;
    }

    /// <summary>Writes what is still in memory.</summary>
    internal void Flush() => _stream.Flush();

    /// <summary>Writes what is still in memory, and closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
