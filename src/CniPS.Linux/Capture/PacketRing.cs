using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Capture;

/// <summary>
/// A packet socket on one interface (packet(7)), with a ring of blocks in memory that the kernel fills (TPACKET_V3): reading costs no system call as long as there
/// is something, and what comes meanwhile waits.
/// </summary>
internal sealed unsafe class PacketRing : IDisposable
{
    // 32 blocks of half a megabyte: a tenth of a second of a full gigabit, or 150,000 small packets. A block is handed over when it is full, or after 20 ms.
    private const uint BlockSize = 512 * 1024, Blocks = 32;

    internal const int HandOverMilliseconds = 20;

    private const int TagOffset = 12, TagLength = 4;

    private readonly SafeFileHandle _handle;
    private readonly int _place;
    private readonly byte[] _tagged = new byte[BlockSize];
    private byte* _memory;
    private uint _block;

    /// <summary>Begins to listen.</summary>
    /// <param name="point">The interface.</param>
    /// <param name="place">Which of the capture's it is.</param>
    /// <param name="filter">Which packets; null for all.</param>
    /// <exception cref="LinuxException">There is no such interface, or the kernel refused.</exception>
    internal PacketRing(CapturePoint point, int place, PacketFilter? filter)
    {
        _place = place;
        string operation = $"capture {point.Interface} in namespace {point.Namespace}";
        Link = point.Namespace.Route.FindLink(point.Interface)?.Id ?? throw new LinuxException(operation, Errno.ENODEV);
        // Without a protocol nothing comes in before the filter and the ring are there.
        _handle = point.Namespace.OpenSocket(LibC.AF_PACKET, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, 0);
        try
        {
            Begin(operation, filter);
        }
        catch (LinuxException)
        {
            Dispose();
            throw;
        }
    }

    internal LinkId Link { get; }

    /// <summary>For poll(2).</summary>
    internal SafeHandle Handle => _handle;

    /// <summary>Whether it has an Ethernet header; else packets begin with IP's.</summary>
    internal bool IsEthernet { get; private set; } = true;

    private int Descriptor => (int)_handle.DangerousGetHandle();

    private void Begin(string operation, PacketFilter? filter)
    {
        int version = Packet.TPACKET_V3;
        Check(LibCAhead.setsockopt(Descriptor, Packet.SOL_PACKET, Packet.PACKET_VERSION, &version, sizeof(int)), operation);
        if (filter is not null)
        {
            fixed (sock_filter* code = filter.Code)
            {
                sock_fprog program = new() { len = (ushort)filter.Code.Length, filter = code };
                Check(LibCAhead.setsockopt(Descriptor, LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, &program, (uint)sizeof(sock_fprog)), operation);
            }
        }

        tpacket_req3 ring = new()
        {
            tp_block_size = BlockSize,
            tp_block_nr = Blocks,
            tp_frame_size = 2048,
            tp_frame_nr = BlockSize * Blocks / 2048,
            tp_retire_blk_tov = HandOverMilliseconds,
        };
        Check(LibCAhead.setsockopt(Descriptor, Packet.SOL_PACKET, Packet.PACKET_RX_RING, &ring, (uint)sizeof(tpacket_req3)), operation);
        void* memory = LibC.mmap(null, BlockSize * Blocks, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, Descriptor, 0);
        if ((nint)memory == -1)
        {
            throw LinuxException.Last(operation);
        }

        _memory = (byte*)memory;
        // What goes to others as well, such as through a bridge; it ends with the socket.
        packet_mreq membership = new() { mr_ifindex = Link.Index, mr_type = (ushort)Packet.PACKET_MR_PROMISC };
        Check(LibCAhead.setsockopt(Descriptor, Packet.SOL_PACKET, Packet.PACKET_ADD_MEMBERSHIP, &membership, (uint)sizeof(packet_mreq)), operation);
        sockaddr_ll address = new()
        {
            sll_family = (ushort)LibC.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness(Packet.ETH_P_ALL),
            sll_ifindex = Link.Index,
        };
        Check(LibC.bind(Descriptor, (sockaddr*)&address, (uint)sizeof(sockaddr_ll)), operation);
        socklen_t length = sizeof(sockaddr_ll);
        Check(LibC.getsockname(Descriptor, (sockaddr*)&address, &length), operation);
        IsEthernet = (ushort)address.sll_hatype is Packet.ARPHRD_ETHER or Packet.ARPHRD_LOOPBACK;
    }

    private static void Check(int status, string operation)
    {
        if (status != 0)
        {
            throw LinuxException.Last(operation);
        }
    }

    /// <summary>Called for each packet, whose bytes are there till it returns.</summary>
    /// <returns>Whether to go on.</returns>
    internal delegate bool PacketVisitor(in CapturedPacket packet);

    /// <summary>Reads what the kernel has handed over, once around the ring at most.</summary>
    /// <returns>Whether the visitor wants to go on.</returns>
    internal bool Read(PacketVisitor visit)
    {
        for (uint i = 0; i < Blocks; i++)
        {
            tpacket_block_desc* block = (tpacket_block_desc*)(_memory + (_block * BlockSize));
            if ((Volatile.Read(ref block->block_status) & Packet.TP_STATUS_USER) == 0)
            {
                return true;
            }

            bool goesOn = Read(block, visit);
            Volatile.Write(ref block->block_status, Packet.TP_STATUS_KERNEL);
            _block = (_block + 1) % Blocks;
            if (!goesOn)
            {
                return false;
            }
        }

        return true;
    }

    private bool Read(tpacket_block_desc* block, PacketVisitor visit)
    {
        tpacket3_hdr* header = (tpacket3_hdr*)((byte*)block + block->offset_to_first_pkt);
        for (uint i = 0; i < block->num_pkts; i++)
        {
            sockaddr_ll* from = (sockaddr_ll*)((byte*)header + sizeof(tpacket3_hdr));
            ReadOnlySpan<byte> data = new((byte*)header + header->tp_mac, (int)header->tp_snaplen);
            int length = (int)header->tp_len;
            if ((header->tp_status & Packet.TP_STATUS_VLAN_VALID) != 0 && IsEthernet && data.Length >= TagOffset)
            {
                data = Tag(data, *header);
                length += TagLength;
            }

            byte kind = from->sll_pkttype;
            CapturedPacket packet = new(_place, data)
            {
                Length = length,
                Time = ((ulong)header->tp_sec * 1_000_000_000) + header->tp_nsec,
                Direction = kind == Packet.PACKET_OUTGOING ? PacketDirection.Out : PacketDirection.In,
                Kind = kind,
            };
            if (!visit(packet))
            {
                return false;
            }

            header = (tpacket3_hdr*)((byte*)header + header->tp_next_offset);
        }

        return true;
    }

    // The kernel keeps a VLAN's tag beside the packet: it goes back to where it was.
    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> data, in tpacket3_hdr header)
    {
        data[..TagOffset].CopyTo(_tagged);
        ushort type = (header.tp_status & Packet.TP_STATUS_VLAN_TPID_VALID) != 0 ? header.tp_vlan_tpid : Packet.ETH_P_8021Q;
        BinaryPrimitives.WriteUInt16BigEndian(_tagged.AsSpan(TagOffset), type);
        BinaryPrimitives.WriteUInt16BigEndian(_tagged.AsSpan(TagOffset + 2), (ushort)header.tp_vlan_tci);
        data[TagOffset..].CopyTo(_tagged.AsSpan(TagOffset + TagLength));
        return _tagged.AsSpan(0, data.Length + TagLength);
    }

    /// <summary>How many packets came, and how many of them the ring had no room for, since this was last asked (PACKET_STATISTICS).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal (uint Packets, uint Drops) TakeStatistics()
    {
        tpacket_stats_v3 counted;
        socklen_t length = sizeof(tpacket_stats_v3);
        Check(LibC.getsockopt(Descriptor, Packet.SOL_PACKET, Packet.PACKET_STATISTICS, &counted, &length), "read a capture's statistics");
        return (counted.tp_packets, counted.tp_drops);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_memory is not null)
        {
            LibC.munmap(_memory, BlockSize * Blocks);
            _memory = null;
        }

        _handle.Dispose();
    }
}
