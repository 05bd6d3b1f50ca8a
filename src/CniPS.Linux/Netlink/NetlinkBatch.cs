using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>
/// Messages written one behind the other, to be sent in one system call. rtnetlink runs every message of a batch even when one
/// fails; nf_tables takes a batch as one transaction.
/// </summary>
public sealed class NetlinkBatch
{
    private byte[] _buffer;
    private int _length;
    private int _message = -1;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Bytes to begin with; it grows as needed.</param>
    public NetlinkBatch(int capacity = 1024) => _buffer = new byte[capacity];

    /// <summary>How many messages it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes as they are sent; sequence numbers are filled in by the socket.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Empties the batch, keeping its memory.</summary>
    public void Clear()
    {
        _length = 0;
        _message = -1;
        Count = 0;
    }

    /// <summary>Begins a message. The one before it ends here.</summary>
    /// <param name="type">Message type, such as RTM_NEWLINK.</param>
    /// <param name="flags">NLM_F_* beyond NLM_F_REQUEST.</param>
    /// <param name="header">The family's fixed header behind nlmsghdr, such as ifinfomsg.</param>
    internal void Begin<T>(ushort type, ushort flags, in T header)
        where T : unmanaged
    {
        Align();
        _message = _length;
        Count++;
        Put(new nlmsghdr { nlmsg_type = type, nlmsg_flags = (ushort)(flags | Nl.NLM_F_REQUEST) });
        Put(header);
        PatchMessage();
    }

    /// <summary>Sets more NLM_F_* flags on the message begun last.</summary>
    internal void AddFlags(ushort flags) =>
        MemoryMarshal.AsRef<nlmsghdr>(_buffer.AsSpan(_message)).nlmsg_flags |= flags;

    /// <summary>Has only the last message ask for an acknowledgement.</summary>
    internal void AcknowledgeLast()
    {
        for (int at = 0; at < _length;)
        {
            ref nlmsghdr header = ref MemoryMarshal.AsRef<nlmsghdr>(_buffer.AsSpan(at));
            header.nlmsg_flags = (ushort)(at == _message ? header.nlmsg_flags | Nl.NLM_F_ACK : header.nlmsg_flags & ~Nl.NLM_F_ACK);
            at += (int)(header.nlmsg_len + 3) & ~3;
        }
    }

    /// <summary>Gives the messages their sequence numbers.</summary>
    /// <param name="sequence">The number before the first one's; the last one's afterwards.</param>
    internal void Number(ref uint sequence)
    {
        for (int at = 0; at < _length;)
        {
            ref nlmsghdr header = ref MemoryMarshal.AsRef<nlmsghdr>(_buffer.AsSpan(at));
            header.nlmsg_seq = ++sequence;
            at += (int)(header.nlmsg_len + 3) & ~3;
        }
    }

    /// <summary>Adds an attribute.</summary>
    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Align();
        Span<byte> span = Take(4 + value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(span[2..], type);
        value.CopyTo(span[4..]);
        Align();
        PatchMessage();
    }

    /// <summary>Adds an attribute of host byte order, as rtnetlink wants its numbers.</summary>
    internal void Attribute<T>(ushort type, T value)
        where T : unmanaged => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Adds a 32-bit number in network byte order, as nf_tables wants its numbers.</summary>
    internal void AttributeBigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>Adds a 64-bit number in network byte order.</summary>
    internal void AttributeBigEndian(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>Adds a text with its terminating zero.</summary>
    internal void Attribute(ushort type, string value)
    {
        int max = Encoding.UTF8.GetMaxByteCount(value.Length) + 1;
        Span<byte> bytes = max <= 256 ? stackalloc byte[max] : new byte[max];
        int n = Encoding.UTF8.GetBytes(value, bytes);
        bytes[n] = 0;
        Attribute(type, bytes[..(n + 1)]);
    }

    /// <summary>Adds a text without a terminating zero, as IFLA_IFALIAS wants it: an empty one takes an alias away.</summary>
    internal void Unterminated(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value).AsSpan());

    /// <summary>Adds an address's 4 or 16 bytes.</summary>
    internal void Attribute(ushort type, IPAddress value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, out int n);
        Attribute(type, bytes[..n]);
    }

    /// <summary>Opens an attribute that holds attributes; disposing what comes back closes it.</summary>
    internal Nest Nested(ushort type, bool flag = false)
    {
        Align();
        int at = _length;
        Attribute(flag ? (ushort)(type | Nl.NLA_F_NESTED) : type, ReadOnlySpan<byte>.Empty);
        return new Nest(this, at);
    }

    /// <summary>Writes a fixed structure at the end, as VETH_INFO_PEER has one before its attributes.</summary>
    internal void Raw<T>(in T value)
        where T : unmanaged
    {
        Put(value);
        PatchMessage();
    }

    private void Put<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).CopyTo(Take(System.Runtime.CompilerServices.Unsafe.SizeOf<T>()));

    private Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count + 64));
        }

        Span<byte> span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    private void Align()
    {
        int pad = -_length & 3;
        if (pad > 0)
        {
            Take(pad).Clear();
        }
    }

    private void PatchMessage() =>
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_message), (uint)(_length - _message));

    /// <summary>An open nested attribute.</summary>
    internal readonly ref struct Nest
    {
        private readonly NetlinkBatch _batch;
        private readonly int _at;

        internal Nest(NetlinkBatch batch, int at)
        {
            _batch = batch;
            _at = at;
        }

        /// <summary>Closes the attribute: its length covers all that was written since.</summary>
        public void Dispose() =>
            BinaryPrimitives.WriteUInt16LittleEndian(_batch._buffer.AsSpan(_at), checked((ushort)(_batch._length - _at)));
    }
}
