using System;
using System.Linq;
using System.Net;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Dhcp;

/// <summary>DHCP messages, packets and leases byte by byte.</summary>
public sealed class DhcpMessageTests
{
    private static readonly MacAddress s_mac = new([0x0a, 0x58, 0x0a, 0x4d, 0x00, 0x32]);

    [Fact]
    public void ADiscoverIsWrittenToTheLastByte()
    {
        DhcpMessage message = new()
        {
            TransactionId = 0x12345678,
            Seconds = 3,
            Broadcast = true,
            Mac = s_mac,
            Options = new DhcpOptions().Set(DhcpOptionCode.MessageType, [1]).Set(DhcpOptionCode.ClientIdentifier, [0, 0x61, 0x62]).Set(DhcpOptionCode.ParameterRequestList, [3, 1]),
        };
        string expected =
            "01010600" + "12345678" + "0003" + "8000" + Zeros(16)
            + "0a580a4d0032" + Zeros(10) + Zeros(64 + 128) + "63825363"
            + "350101" + "3d03006162" + "37020301" + "ff" + Zeros(300 - 240 - 13);
        Assert.Equal(expected, Hex.Of(message.ToBytes()));
    }

    [Fact]
    public void APacketHasBothChecksums()
    {
        byte[] packet = DhcpPacket.Wrap(IPAddress.Any, IPAddress.Broadcast, [0xde, 0xad, 0xbe]);

        // Reckoned by another program (RFC 1071).
        Assert.Equal("4510001f0000000040117abf00000000ffffffff" + "00440043000b" + "62a3" + "deadbe", Hex.Of(packet));
    }

    [Fact]
    public void AServersPacketIsReadWithItsPadding()
    {
        byte[] packet = Reply([1, 2, 3]);
        Assert.True(DhcpPacket.TryUnwrap([.. packet, 0, 0, 0], out ReadOnlySpan<byte> payload));
        Assert.Equal([1, 2, 3], payload.ToArray());
    }

    [Theory]
    [InlineData(0, 0x65)] // IPv6
    [InlineData(9, 6)] // TCP
    [InlineData(7, 1)] // a fragment
    [InlineData(3, 200)] // longer than what came
    [InlineData(23, 69)] // to another port
    [InlineData(25, 100)] // UDP's length beyond the packet
    public void AnythingElseIsPassedOver(int offset, byte value)
    {
        byte[] packet = Reply([1, 2, 3]);
        packet[offset] = value;
        Assert.False(DhcpPacket.TryUnwrap(packet, out _));
    }

    [Fact]
    public void EveryCutOfAMessageIsRefusedOrRead()
    {
        byte[] bytes = Ack("0104ffffff00").ToBytes();
        for (int length = 0; length < bytes.Length; length++)
        {
            DhcpMessage.TryParse(bytes.AsSpan(0, length), out DhcpMessage? message);
            Assert.True(length >= 240 || message is null);
            DhcpPacket.TryUnwrap(bytes.AsSpan(0, length), out _);
        }

        Assert.True(DhcpMessage.TryParse(bytes, out DhcpMessage? whole));
        Assert.Equal("10.77.0.50", whole.YourAddress.ToString());
        Assert.True(whole.IsReply);
    }

    [Fact]
    public void OptionsGoOnInTheFieldsForNames()
    {
        byte[] bytes = Ack("340103" + "0104ffffff00").ToBytes();
        Convert.FromHexString("0304" + "0a4d0001" + "ff").CopyTo(bytes, 108); // file
        Convert.FromHexString("0303" + "0a4d00" + "ff").CopyTo(bytes, 44); // sname: the second half of a long option 3
        Assert.True(DhcpMessage.TryParse(bytes, out DhcpMessage? message));
        Assert.Equal("0a4d00010a4d00", Hex.Of(message.Options[3]!));
    }

    [Fact]
    public void ALongOptionIsWrittenInPartsAndReadAsOne()
    {
        byte[] value = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        DhcpMessage message = Ack("") with { Options = new DhcpOptions().Set(224, value) };
        byte[] bytes = message.ToBytes();
        Assert.Equal("e0ff", Hex.Of(bytes.AsSpan(240, 2)));
        Assert.Equal("e02d", Hex.Of(bytes.AsSpan(240 + 257, 2)));
        Assert.True(DhcpMessage.TryParse(bytes, out DhcpMessage? read));
        Assert.Equal(value, read.Options[224]);
    }

    [Theory]
    // RFC 3442's own examples, and one on the link.
    [InlineData("7913" + "00c0a80001" + "080ac0a80002" + "1811000" + "1c0a80003", "0.0.0.0/0 192.168.0.1, 10.0.0.0/8 192.168.0.2, 17.0.1.0/24 192.168.0.3")]
    [InlineData("790b" + "1d0a1b817c00000000" + "0801" + "03040a4d0001", "10.27.129.120/29 0.0.0.0")]
    // Classful routes, then the default route.
    [InlineData("2110" + "0a0000000a4d0002" + "c0a801000a4d0003" + "03080a4d00010a4d0009", "10.0.0.0/8 10.77.0.2, 192.168.1.0/24 10.77.0.3, 0.0.0.0/0 10.77.0.1")]
    [InlineData("", "")]
    public void RoutesAreThoseOfTheBestOption(string options, string expected) =>
        Assert.Equal(expected, string.Join(", ", DhcpLease.From(Ack(options)).Routes.Select(route => $"{route.Destination} {route.Router}")));

    [Theory]
    [InlineData("330400000078", 120, 60, 102)]
    [InlineData("330400000078" + "3a0400000002" + "3b0400000005", 120, 2, 5)]
    [InlineData("330400000078" + "3a0400000400" + "3b0400000500", 120, 120, 120)] // later than its end
    [InlineData("", 3600, 1800, 3060)]
    public void TimesAreTheServersOrDerived(string options, int time, int renewal, int rebinding)
    {
        DhcpLease lease = DhcpLease.From(Ack(options));
        Assert.Equal((time, renewal, rebinding), ((int)lease.Time.TotalSeconds, (int)lease.Renewal.TotalSeconds, (int)lease.Rebinding.TotalSeconds));
    }

    [Fact]
    public void ALeaseCanBeForEver()
    {
        DhcpLease lease = DhcpLease.From(Ack("3304ffffffff"));
        Assert.Equal((TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue), (lease.Time, lease.Renewal, lease.Rebinding));
    }

    [Theory]
    [InlineData("0104ffffff00", "10.77.0.50/24")]
    [InlineData("0104ffffffff", "10.77.0.50/32")]
    [InlineData("0104ffff00ff", null)]
    [InlineData("", null)]
    public void TheMaskMustHaveNoGaps(string options, string? expected) => Assert.Equal(expected, DhcpLease.From(Ack(options)).Prefix?.ToString());

    private static string Zeros(int bytes) => new('0', bytes * 2);

    private static byte[] Reply(byte[] payload)
    {
        byte[] packet = DhcpPacket.Wrap(IPAddress.Any, IPAddress.Broadcast, payload);
        (packet[21], packet[23]) = (packet[23], packet[21]); // from 67 to 68
        return packet;
    }

    private static DhcpMessage Ack(string options)
    {
        DhcpOptions parsed = new DhcpOptions().Set(DhcpOptionCode.MessageType, [5]);
        Assert.True(parsed.Read(Convert.FromHexString(options)));
        return new DhcpMessage { IsReply = true, TransactionId = 7, YourAddress = IPAddress.Parse("10.77.0.50"), Mac = s_mac, Options = parsed };
    }
}
