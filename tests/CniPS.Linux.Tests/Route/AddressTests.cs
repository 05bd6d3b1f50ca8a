using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Route;

/// <summary>Addresses, prefixes and link-layer addresses as text and as numbers.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("fd00::10.0.0.1", true)]
    [InlineData("010.0.0.1", false)]
    [InlineData("10.0.0", false)]
    [InlineData("1", false)]
    [InlineData("0x1.2.3.4", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("fd00::010.0.0.1", false)]
    [InlineData(" 10.0.0.1", false)]
    [InlineData("", false)]
    public void AddressesAreReadStrictly(string text, bool valid) => Assert.Equal(valid, IpText.TryParse(text, out _));

    [Theory]
    [InlineData("10.15.20.7/24", "10.15.20.0/24")]
    [InlineData("10.15.20.7/32", "10.15.20.7/32")]
    [InlineData("10.15.20.7/0", "0.0.0.0/0")]
    [InlineData("fd00:1::7/33", "fd00:1::/33")]
    [InlineData("::ffff:10.0.0.1/120", "10.0.0.0/24")]
    public void APrefixHasItsNetwork(string text, string network) => Assert.Equal(network, IpPrefix.Parse(text).Network.ToString());

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::ffff:10.0.0.1/64")]
    public void APrefixNeedsItsLength(string text) => Assert.False(IpPrefix.TryParse(text, out _));

    [Fact]
    public void NumbersCarry()
    {
        IpNumber number = IpNumber.Of(IPAddress.Parse("fd00::ffff:ffff:ffff:ffff"));
        Assert.Equal("fd00:0:0:1::", number.Next().ToAddress(AddressFamily.InterNetworkV6).ToString());
        Assert.Equal(number, number.Next().Previous());
        Assert.True(number < number.Next());
        Assert.Equal("10.0.255.255", IpNumber.LastOf(IpPrefix.Parse("10.0.0.0/16")).ToAddress(AddressFamily.InterNetwork).ToString());
        Assert.Equal("fd00::ffff:ffff:ffff:ffff", IpNumber.LastOf(IpPrefix.Parse("fd00::/64")).ToAddress(AddressFamily.InterNetworkV6).ToString());
        Assert.Equal("fd00::ffff", IpNumber.LastOf(IpPrefix.Parse("fd00::/112")).ToAddress(AddressFamily.InterNetworkV6).ToString());
        Assert.Equal("fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", IpNumber.LastOf(IpPrefix.Parse("fd00::/16")).ToAddress(AddressFamily.InterNetworkV6).ToString());
    }

    [Theory]
    [InlineData("0A-58-0a-0f-14-02", "0a:58:0a:0f:14:02")]
    [InlineData("0a58.0a0f.1402", "0a:58:0a:0f:14:02")]
    [InlineData("zz:58:0a:0f:14:02", null)]
    [InlineData("0a:58:0a:0f:14", null)]
    [InlineData("0a:58-0a:0f:14:02", null)]
    public void LinkLayerAddresses(string text, string? expected) =>
        Assert.Equal(expected, MacAddress.TryParse(text, out MacAddress address) ? address.ToString() : null);

    [Fact]
    public void ARandomOneIsLocalAndUnicast()
    {
        for (int i = 0; i < 100; i++)
        {
            MacAddress address = MacAddress.Random();
            Assert.False(address.IsMulticast);
            Assert.Contains(address.ToString()[1], "26ae");
        }
    }
}
