using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

public sealed class NftValueTests
{
    [Fact]
    public void Values_of_the_same_type_and_bytes_are_equal()
    {
        NftValue a = NftValue.Concat(NftValue.Protocol(ProtocolType.Tcp), NftValue.Port(8080));
        NftValue b = NftValue.Concat(NftValue.Protocol(ProtocolType.Tcp), NftValue.Port(8080));
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, NftValue.Concat(NftValue.Protocol(ProtocolType.Udp), NftValue.Port(8080)));
        Assert.NotEqual(NftValue.Mark(1), NftValue.Of(new IPAddress([1, 0, 0, 0])));
    }

    [Fact]
    public void Types_have_lengths_and_names()
    {
        NftType type = NftType.Concat(NftType.IPv6Address, NftType.Protocol, NftType.Service);
        Assert.Equal("ipv6_addr . inet_proto . inet_service", type.ToString());
        Assert.Equal(24, type.Length);
        Assert.True(type.IsConcatenation);
        Assert.Equal(1, NftType.Protocol.Length);
        Assert.False(NftType.Verdict.IsConcatenation);
        Assert.Equal("verdict", NftType.Verdict.ToString());
    }

    [Fact]
    public void Values_read_as_nft_writes_them()
    {
        NftValue value = NftValue.Concat(NftValue.Of(IPAddress.Parse("fd00::2")), NftValue.Protocol((ProtocolType)132), NftValue.Port(80));
        Assert.Equal("fd00::2 . sctp . 80", value.ToString());
        Assert.Equal("0x00002000", NftValue.Mark(0x2000).ToString());
        Assert.Equal("\"eth0\"", NftValue.InterfaceName("eth0").ToString());
    }
}
