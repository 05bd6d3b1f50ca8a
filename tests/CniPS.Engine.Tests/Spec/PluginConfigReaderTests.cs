using System.Linq;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class PluginConfigReaderTests
{
    private static PluginConfigReader Reader(string keys) => new(Utf8.Plugin("{\"type\":\"x\"," + keys + "}"));

    [Fact]
    public void Values_are_read_by_type()
    {
        PluginConfigReader reader = Reader(
            "\"MTU\":1500,\"on\":true,\"s\":\"t\",\"gw\":\"fd00::1\",\"net\":\"10.1.2.3/16\",\"mac\":\"0A-58-0a-0f-14-02\",\"big\":4294967295,\"list\":[\"a\",null]");
        Assert.Equal(1500, reader.GetInt("mtu"));
        Assert.True(reader.GetBool("ON"));
        Assert.Equal("t", reader.GetString("s"));
        Assert.Equal(IPAddress.Parse("fd00::1"), reader.GetIp("gw"));
        Assert.Equal(IpPrefix.Parse("10.1.2.3/16"), reader.GetPrefix("net"));
        Assert.Equal("0a:58:0a:0f:14:02", reader.GetMac("mac")?.ToString());
        Assert.Equal(4294967295, reader.GetLong("big"));
        Assert.Equal(["a", ""], reader.GetStrings("list"));
        Assert.Equal(["type", "MTU", "on", "s", "gw", "net", "mac", "big", "list"], reader.Properties().Select(p => p.Key));
    }

    [Theory]
    [InlineData("\"other\":1")]
    [InlineData("\"k\":null")]
    [InlineData("\"k\":1,\"K\":null")]
    public void Absent_and_null_are_the_same(string keys)
    {
        PluginConfigReader reader = Reader(keys);
        Assert.False(reader.Has("k"));
        Assert.Null(reader.GetInt("k"));
        Assert.Null(reader.GetString("k"));
        Assert.Null(reader.GetObject("k"));
        Assert.Null(reader.GetArray("k"));
        Assert.Empty(reader.GetStrings("k"));
        Assert.Null(reader.GetPrefix("k"));
        Assert.True(reader.GetBool("k", defaultValue: true));
    }

    [Theory]
    [InlineData("\"k\":1500.0")]
    [InlineData("\"k\":1e3")]
    [InlineData("\"k\":2147483648")]
    [InlineData("\"k\":true")]
    public void A_whole_number_is_an_integer_literal_that_fits(string keys) => Assert.Throws<CniException>(() => Reader(keys).GetInt("k"));

    [Theory]
    [InlineData("010.0.0.1")]
    [InlineData("10.1")]
    [InlineData("0x1.2.3.4")]
    [InlineData("fe80::1%eth0")]
    [InlineData("10.0.0.1/24")]
    [InlineData(" 10.0.0.1")]
    public void An_address_is_read_strictly(string address)
    {
        Assert.Throws<CniException>(() => Reader($"\"k\":\"{address}\"").GetIp("k"));
        Assert.Throws<CniException>(() => CniResult.Parse(Utf8.Bytes($$"""{"cniVersion":"1.0.0","routes":[{"dst":"0.0.0.0/0","gw":"{{address}}"}]}""")));
    }

    [Fact]
    public void Unknown_keys_are_found_with_the_nearest_known_one()
    {
        var schema = new PluginSchema("bridge", [
            new("bridge", "string", "cni0", "The bridge.", "0.1"),
            new("isGateway", "boolean", "false", "Give it an address.", "0.1"),
            new("ipam.ranges[][].rangeStart", "IP", null, "First address.", "0.7"),
            new("sysctl.*", "string", null, "A setting.", "0.7"),
        ]);
        PluginConfiguration plugin = Utf8.Plugin("""
            {"type":"bridge","BRIDGE":"b","isGatway":true,"completely":1,
             "ipam":{"ranges":[[{"rangeStart":"x"},{"rangestrat":"y"}]]},
             "sysctl":{"net.core.somaxconn":"1"},"dns":{"any":1},"cni.dev/attachments":[]}
            """);
        Assert.Equal(
            ["unknown key \"isGatway\": did you mean \"isGateway\"?", "unknown key \"completely\"", "unknown key \"ipam.ranges[0][1].rangestrat\": did you mean \"rangeStart\"?"],
            schema.FindUnknownKeys(plugin).Select(key => key.ToString()));
        Assert.Equal("p.conf:2:41", schema.FindUnknownKeys(plugin)[2].Position?.ToString());
    }
}
