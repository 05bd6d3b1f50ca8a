using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// From an attachment to its addresses in constant time: a hash table in one file of our own (<c>dataDir/.cnips/network/index</c>), read
/// and changed under the network's lock. It is a cache: each hit is checked against the address's file, and the whole is made anew when
/// the folder's time says that another program (or a killed one of ours) has been there since.
/// </summary>
/// <remarks>
/// Header, 64 bytes little-endian: magic, capacity (slots, a power of two), slots used (deleted ones included), folder time seconds and
/// nanoseconds. Slot, 32 bytes: hash (0 = free, 1 = deleted), family (4 or 6), three spare, four spare, address.
/// </remarks>
internal sealed class LeaseIndex
{
    private const ulong Magic = 0x3178_6449_5350_4e43; // CNPSIdx1
    private const int HeaderSize = 64, SlotSize = 32, FirstCapacity = 64;
    private const ulong Free = 0, Deleted = 1;
    private const uint FolderMode = 0x1ED, FileMode = 0x180; // 0755, 0600

    private readonly SafeFileHandle _file;
    private int _capacity;
    private int _used;
    private FolderTime _time;
    private bool _stale;
    private bool _fresh;
    private bool _changed;

    private readonly string _path;

    private LeaseIndex(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Opens a network's index; null where there is no room for one: then each address's file has to be looked at.</summary>
    /// <exception cref="LinuxException">It can't be opened.</exception>
    internal static LeaseIndex? TryOpen(string dataFolder, string network)
    {
        string folder = Path.Combine(dataFolder, ".cnips", network);
        try
        {
            LeaseIndex index = new(StateFolder.OpenFile(folder, "index", FolderMode, FileMode), Path.Combine(folder, "index"));
            index.Try(index.ReadHeader);
            return index;
        }
        catch (LinuxException e) when (e.IsFull)
        {
            return null;
        }
    }

    /// <summary>Whether it could not be read or written (a full or broken disk): what it says is not to be relied on, and it goes when it is closed.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Makes the index anew if the folder changed since it was written, or can't be told not to have. Once is enough under the lock.</summary>
    internal void Refresh(string leaseFolder, Func<IEnumerable<Lease>> scan)
    {
        if (_stale || (!_fresh && !FolderTime.IsUnchanged(leaseFolder, _time)))
        {
            Try(() => Rebuild(scan()));
        }

        _fresh = true;
    }

    /// <summary>The addresses noted under a hash.</summary>
    internal List<IPAddress> Find(ulong hash)
    {
        List<IPAddress> found = [];
        Try(() => Walk(Normal(hash), (slot, _) =>
        {
            found.Add(Address(slot));
            return false;
        }));
        return found;
    }

    /// <summary>Notes an address.</summary>
    internal void Add(ulong hash, IPAddress address)
    {
        if (_stale || !_fresh)
        {
            _stale = true; // never looked at: the next look-up makes it anew
            return;
        }

        Try(() =>
        {
            if ((_used + 1) * 4 > _capacity * 3)
            {
                Grow();
            }

            Insert(Normal(hash), address);
        });
        _changed = true;
    }

    /// <summary>Forgets an address.</summary>
    internal void Remove(ulong hash, IPAddress address)
    {
        if (_stale || !_fresh)
        {
            _stale = true;
            return;
        }

        Try(() => Walk(Normal(hash), (slot, at) =>
        {
            if (!Address(slot).Equals(address))
            {
                return false;
            }

            Span<byte> dead = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(dead, Deleted);
            RandomAccess.Write(_file, dead, at);
            return true;
        }));
        _changed = true;
    }

    private void Rebuild(IEnumerable<Lease> leases)
    {
        List<(ulong Hash, IPAddress Address)> entries = [];
        foreach (Lease lease in leases)
        {
            string key = lease.InterfaceName is null ? lease.ContainerId : Lease.Content(lease.ContainerId, lease.InterfaceName);
            entries.Add((Normal(StableHash.Of(key)), lease.Address));
        }

        Write(entries);
        _stale = false;
        _changed = true;
    }

    /// <summary>Notes the folder's time, so that what was done here does not count as somebody else's doing, and closes the file.</summary>
    internal void Close(string leaseFolder)
    {
        if (_changed && !_stale)
        {
            _time = FolderTime.Of(leaseFolder);
            Try(WriteHeader);
        }

        _file.Dispose();
        if (IsLost)
        {
            StateFolder.Forget(_path);
        }
    }

    // It is a cache: one that can't be kept is made anew by the next one who needs it, and is no reason to refuse an address or to keep one.
    private void Try(Action access)
    {
        if (IsLost)
        {
            return;
        }

        try
        {
            access();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IsLost = true;
        }
    }

    private delegate bool SlotVisitor(ReadOnlySpan<byte> slot, long at);

    // Calls for each slot of a hash, until the visitor has enough or the chain ends.
    private void Walk(ulong hash, SlotVisitor visit)
    {
        Span<byte> slots = stackalloc byte[4 * SlotSize];
        for (int probe = 0; probe < _capacity;)
        {
            int first = (int)((hash + (ulong)probe) & (ulong)(_capacity - 1));
            int count = Math.Min(4, _capacity - first);
            long at = Offset(first);
            RandomAccess.Read(_file, slots[..(count * SlotSize)], at);
            for (int i = 0; i < count; i++, probe++)
            {
                ReadOnlySpan<byte> slot = slots.Slice(i * SlotSize, SlotSize);
                ulong found = BinaryPrimitives.ReadUInt64LittleEndian(slot);
                if (found == Free || (found == hash && visit(slot, at + (i * SlotSize))))
                {
                    return;
                }
            }
        }
    }

    private void Insert(ulong hash, IPAddress address)
    {
        Span<byte> slots = stackalloc byte[4 * SlotSize];
        for (int probe = 0; probe < _capacity;)
        {
            int first = (int)((hash + (ulong)probe) & (ulong)(_capacity - 1));
            int count = Math.Min(4, _capacity - first);
            RandomAccess.Read(_file, slots[..(count * SlotSize)], Offset(first));
            for (int i = 0; i < count; i++, probe++)
            {
                ulong found = BinaryPrimitives.ReadUInt64LittleEndian(slots[(i * SlotSize)..]);
                if (found is Free or Deleted)
                {
                    Span<byte> slot = stackalloc byte[SlotSize];
                    Fill(slot, hash, address);
                    RandomAccess.Write(_file, slot, Offset(first + i));
                    _used += found == Free ? 1 : 0;
                    return;
                }
            }
        }
    }

    private void Grow()
    {
        List<(ulong, IPAddress)> entries = [];
        byte[] all = new byte[(long)_capacity * SlotSize];
        RandomAccess.Read(_file, all, HeaderSize);
        for (int at = 0; at < all.Length; at += SlotSize)
        {
            ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(all.AsSpan(at));
            if (hash is not (Free or Deleted))
            {
                entries.Add((hash, Address(all.AsSpan(at, SlotSize))));
            }
        }

        Write(entries);
    }

    private void Write(List<(ulong Hash, IPAddress Address)> entries)
    {
        int capacity = FirstCapacity;
        while (capacity < entries.Count * 2)
        {
            capacity *= 2;
        }

        byte[] table = new byte[(long)capacity * SlotSize];
        foreach ((ulong hash, IPAddress address) in entries)
        {
            int at = (int)(hash & (ulong)(capacity - 1));
            while (BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at * SlotSize)) != Free)
            {
                at = (at + 1) & (capacity - 1);
            }

            Fill(table.AsSpan(at * SlotSize, SlotSize), hash, address);
        }

        _capacity = capacity;
        _used = entries.Count;
        RandomAccess.SetLength(_file, HeaderSize + table.Length);
        RandomAccess.Write(_file, table, HeaderSize);
    }

    private void ReadHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        _stale = RandomAccess.Read(_file, header, 0) != HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic;
        if (_stale)
        {
            return;
        }

        _capacity = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        _used = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        _time = new FolderTime(BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadUInt32LittleEndian(header[24..]));
        _stale = _capacity < FirstCapacity || (_capacity & (_capacity - 1)) != 0 || _used < 0 || _used > _capacity
            || RandomAccess.GetLength(_file) != Offset(_capacity); // cut short by a full disk or a kill
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], _capacity);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _used);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], _time.Seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], _time.Nanoseconds);
        RandomAccess.Write(_file, header, 0);
    }

    private static long Offset(int slot) => HeaderSize + ((long)slot * SlotSize);

    private static ulong Normal(ulong hash) => hash is Free or Deleted ? hash + 2 : hash;

    private static void Fill(Span<byte> slot, ulong hash, IPAddress address)
    {
        slot.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot, hash);
        slot[8] = (byte)(address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6);
        address.TryWriteBytes(slot[16..], out _);
    }

    private static IPAddress Address(ReadOnlySpan<byte> slot) => new(slot.Slice(16, slot[8] == 4 ? 4 : 16));
}
