using System;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CniPS.Linux.Tests.Netlink;

/// <summary>What holds for every message: what is written is read, and what is no message ends the reading.</summary>
public class NetlinkPropertyTests
{
    [Fact]
    public void AttributesAreReadAsTheyWereWritten() =>
        Prop.ForAll<byte[][]>(static values => Read(Write(values)).SequenceEqual(values, ByteComparer.Instance)).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyBytesEndTheWalk() =>
        Prop.ForAll<byte[]>(static bytes =>
        {
            NetlinkAttributes attributes = new(bytes);
            int count = 0;
            while (attributes.Next())
            {
                count++;
            }

            return count <= bytes.Length / 4;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void PrefixesAreParsedAsTheyAreWritten() =>
        Prop.ForAll<uint, byte>(static (address, length) =>
        {
            IpPrefix prefix = new(new IPAddress(address), length % 33);
            return IpPrefix.TryParse(prefix.ToString(), out IpPrefix parsed) && parsed == prefix;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NoTextIsAPrefixByAccident() =>
        Prop.ForAll<string>(static text => !IpPrefix.TryParse(text, out IpPrefix prefix) || IpPrefix.Parse(prefix.ToString()) == prefix).QuickCheckThrowOnFailure();

    private static byte[] Write(byte[][] values)
    {
        NetlinkBatch batch = new();
        batch.Begin(Rt.RTM_NEWLINK, 0, default(ifinfomsg));
        using (batch.Nested(1))
        {
            for (int i = 0; i < values.Length; i++)
            {
                batch.Attribute((ushort)(i + 1), values[i].AsSpan());
            }
        }

        return batch.Bytes[(16 + Marshal.SizeOf<ifinfomsg>())..].ToArray(); // struct nlmsghdr is 16 bytes
    }

    private static byte[][] Read(byte[] bytes)
    {
        NetlinkAttributes outer = new(bytes);
        Assert.True(outer.Next());
        NetlinkAttributes inner = outer.Nested;
        System.Collections.Generic.List<byte[]> values = [];
        while (inner.Next())
        {
            Assert.Equal(values.Count + 1, inner.Type);
            values.Add(inner.Value.ToArray());
        }

        return [.. values];
    }

    private sealed class ByteComparer : System.Collections.Generic.IEqualityComparer<byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
