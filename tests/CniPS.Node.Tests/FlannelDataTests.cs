using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Node.Flannel;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>flannel's data, read and written: recorded, and what else may stand there.</summary>
public sealed class FlannelDataTests
{
    private static readonly JsonElement s_vectors = JsonDocument.Parse(File.ReadAllBytes(Path.GetFullPath("../vectors/flannel.json", Here()))).RootElement;

    public static TheoryData<string> Configs => Ids("configs");

    public static TheoryData<string> Leases => Ids("leases");

    [Theory]
    [MemberData(nameof(Configs))]
    public void AConfigurationIsReadAsFlannelReadsIt(string id)
    {
        JsonElement vector = Vector("configs", id);
        FlannelRange range = FlannelRange.Read(FlannelJson.Parse(Encoding.UTF8.GetBytes(vector.GetProperty("text").GetString()!), "x"), vector.GetProperty("v6").GetBoolean());
        Assert.Equal(Text(vector, "network"), range.Network.ToString());
        Assert.Equal(vector.GetProperty("length").GetInt32(), range.SubnetLength);
        Assert.Equal((Text(vector, "first"), Text(vector, "last")), (range.First.ToString(), range.Last.ToString()));
        Assert.True(range.Fits(range.Subnets().First()));
    }

    [Theory]
    [MemberData(nameof(Leases))]
    public void AKeyIsReadAndWrittenAsFlannelDoes(string id)
    {
        JsonElement vector = Vector("leases", id);
        SubnetLease lease = SubnetLease.Parse(Text(vector, "key")!, Encoding.UTF8.GetBytes(Text(vector, "value")!));
        Assert.Equal(Text(vector, "subnet"), lease.Subnet.ToString());
        Assert.Equal((Text(vector, "publicIP"), Text(vector, "backend")), (lease.PublicIP!.ToString(), lease.BackendType));
        Assert.Equal(Text(vector, "mac"), lease.End?.Mac.ToString());
        Assert.Equal(vector.TryGetProperty("vni", out JsonElement vni) ? vni.GetInt32() : null, lease.End?.Vni);
        Assert.Equal(Text(vector, "key"), lease.Key);
        if (vector.GetProperty("isWrittenSo").GetBoolean())
        {
            Assert.Equal(Text(vector, "value"), Encoding.UTF8.GetString(lease.Value.Span));
        }

        Assert.Equal(lease, SubnetLease.Parse(lease.Key, lease.Value));
    }

    [Fact]
    public void BothFamiliesStandInOneKey()
    {
        SubnetLease lease = new(IpPrefix.Parse("10.5.34.0/24"), IpPrefix.Parse("fd00:5:0:34::/64"))
        {
            PublicIP = IPAddress.Parse("10.99.0.11"), PublicIPv6 = IPAddress.Parse("fd00:99::11"), BackendType = "vxlan",
            End = new TunnelEnd(1, new MacAddress([2, 1, 2, 3, 4, 5])), EndV6 = new TunnelEnd(1, new MacAddress([2, 1, 2, 3, 4, 6])),
        };
        Assert.Equal("10.5.34.0-24&fd00:5:0:34::-64", lease.Key);
        Assert.Equal(
            """{"PublicIP":"10.99.0.11","PublicIPv6":"fd00:99::11","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"02:01:02:03:04:05"},"BackendV6Data":{"VNI":1,"VtepMAC":"02:01:02:03:04:06"}}""",
            Encoding.UTF8.GetString(lease.Value.Span));
        Assert.Equal(lease, SubnetLease.Parse(lease.Key, lease.Value));
    }

    [Theory]
    [InlineData("10.5.34.0", "{}", "it is no subnet")]
    [InlineData("10.5.34.1-24", "{}", "it is no subnet")]
    [InlineData("10.5.34.0-33", "{}", "it is no subnet")]
    [InlineData("fd00::-64", "{}", "it is no subnet")]
    [InlineData("10.5.34.0-24&10.6.0.0-24", "{}", "it is no subnet")]
    [InlineData("10.5.34.0-24&fd00::-64&fd01::-64", "{}", "it is no subnet")]
    [InlineData("10.5.34.0-24", "", "flannel's key 10.5.34.0-24: ")]
    [InlineData("10.5.34.0-24", "[]", "it is no object")]
    [InlineData("10.5.34.0-24", """{"PublicIP":7}""", "PublicIP is a number")]
    [InlineData("10.5.34.0-24", """{"PublicIP":"x"}""", "PublicIP is no address: x")]
    [InlineData("10.5.34.0-24", """{"BackendData":{"VtepMAC":"zz"}}""", "VtepMAC is no address: zz")]
    public void AKeyThatIsNoneOfFlannelsIsTold(string key, string value, string problem) =>
        Assert.Contains(problem, Assert.Throws<CniException>(() => SubnetLease.Parse(key, Encoding.UTF8.GetBytes(value))).Message);

    [Theory]
    [InlineData("""{"Network":"10.5.0.0/16"}""", "it has no Backend, for which flannel takes udp")]
    [InlineData("""{"Network":"10.5.0.0/16","Backend":{"Type":"wireguard"}}""", "Type is wireguard: CniPS has vxlan and host-gw")]
    [InlineData("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","VNI":16777216}}""", "VNI is 16777216")]
    [InlineData("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","GBP":true}}""", "GBP is true")]
    [InlineData("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","Port":65536}}""", "Port is 65536")]
    [InlineData("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","MTU":68}}""", "MTU is 68")]
    [InlineData("""{"Network":"10.5.0.0/29","Backend":{"Type":"vxlan"}}""", "can't be split into subnets of /31")]
    [InlineData("""{"Network":"10.5.0.0/16","SubnetLen":17,"Backend":{"Type":"vxlan"}}""", "can't be split into subnets of /17")]
    [InlineData("""{"Network":"10.5.0.0/16","SubnetMin":"10.5.1.7","Backend":{"Type":"vxlan"}}""", "SubnetMin 10.5.1.7 is not the beginning")]
    [InlineData("""{"Network":"10.5.0.0/16","SubnetMax":"10.6.1.0","Backend":{"Type":"vxlan"}}""", "SubnetMax 10.6.1.0 is not the beginning")]
    [InlineData("""{"Network":"10.5.0.0","Backend":{"Type":"vxlan"}}""", "Network is no network: 10.5.0.0")]
    [InlineData("""{"Network":"fd00::/48","Backend":{"Type":"vxlan"}}""", "Network is missing, or of the other family")]
    [InlineData("""{"Network":"10.5.0.0/16","EnableIPv6":true,"Backend":{"Type":"vxlan"}}""", "IPv6Network is missing")]
    [InlineData("""{"EnableIPv4":false,"EnableIPv6":true,"IPv6Network":"fd00::/48","Backend":{"Type":"vxlan"}}""", "EnableIPv4 is false")]
    public void AConfigurationThatCantBeHadIsTold(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<CniException>(() => FlannelConfig.Parse(Encoding.UTF8.GetBytes(text))).Message);

    [Fact]
    public void ANodeTakesWhatItHadElseOneOfTheFirstHundredThatAreFree()
    {
        FlannelConfig config = Config("""{"Network":"10.5.0.0/16","Backend":{"Type":"host-gw"}}""");
        List<SubnetLease> taken = [Lease("10.5.1.0-24"), Lease("10.5.3.0-24"), Lease("10.5.4.0-23")];
        Assert.Equal("10.5.9.0/24", SubnetChoice.Choose(config, taken, [IpPrefix.Parse("10.5.9.0/24")], 0).Subnet.ToString());
        Assert.Equal("10.5.2.0/24", SubnetChoice.Choose(config, taken, [IpPrefix.Parse("10.5.5.0/24")], 0).Subnet.ToString());
        Assert.Equal("10.5.2.0/24", SubnetChoice.Choose(config, taken, [IpPrefix.Parse("10.6.9.0/24")], 100).Subnet.ToString());
        Assert.Equal("10.5.6.0/24", SubnetChoice.Choose(config, taken, [], 1).Subnet.ToString());
        Assert.Equal("10.5.104.0/24", SubnetChoice.Choose(config, taken, [], 99).Subnet.ToString());
        List<SubnetLease> all = [.. Enumerable.Range(1, 255).Select(i => Lease($"10.5.{i}.0-24"))];
        Assert.Contains("no subnet of 10.5.0.0/16 is free", Assert.Throws<CniException>(() => SubnetChoice.Choose(config, all, [], 7)).Message);
    }

    [Fact]
    public void OfBothFamiliesANodeTakesBoth()
    {
        FlannelConfig config = Config("""{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48","Backend":{"Type":"vxlan"}}""");
        (IpPrefix subnet, IpPrefix? subnetV6) = SubnetChoice.Choose(config, [Lease("10.5.1.0-24&fd00:5:0:1::-64")], [], 0);
        Assert.Equal(("10.5.2.0/24", "fd00:5:0:2::/64"), (subnet.ToString(), subnetV6.ToString()));
        Assert.Equal("fd00:5:0:ffff::/64", config.V6!.Subnets().Last().ToString());
        Assert.Equal(65535, config.V6.Subnets().Count());
    }

    [Fact]
    public void TheFileIsAsFlanneldWritesIt()
    {
        JsonElement node = Vector("nodes", "vni-88");
        FlannelConfig config = Config(Text(node, "config")!);
        Assert.Equal((88, (ushort)4789, "flannel.88"), (config.Backend.Vni, config.Backend.Port, config.Backend.DeviceOf(v6: false)));
        JsonElement own = node.GetProperty("own");
        SubnetLease lease = SubnetLease.Parse(Text(own, "key")!, Encoding.UTF8.GetBytes(Text(own, "value")!));
        Assert.Equal(Text(node, "subnetFile"), Encoding.UTF8.GetString(SubnetFile.Write(config, lease, 1450, masquerades: false).Span));
        config = Config("""{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48","Backend":{"Type":"host-gw"}}""");
        Assert.Equal(
            "FLANNEL_NETWORK=10.5.0.0/16\nFLANNEL_SUBNET=10.5.34.1/24\nFLANNEL_IPV6_NETWORK=fd00:5::/48\nFLANNEL_IPV6_SUBNET=fd00:5:0:34::1/64\nFLANNEL_MTU=1500\nFLANNEL_IPMASQ=true\n",
            Encoding.UTF8.GetString(SubnetFile.Write(config, Lease("10.5.34.0-24&fd00:5:0:34::-64"), 1500, masquerades: true).Span));
    }

    [Fact]
    public void WhateverStandsInAKeyIsReadOrTold()
    {
        byte[][] keys = [.. s_vectors.GetProperty("leases").EnumerateArray().Select(lease => Encoding.UTF8.GetBytes(Text(lease, "key") + "\n" + Text(lease, "value")))];
        Mutator.Run(
            "flannel-key", [.. keys, [.. "10.5.34.0-24&fd00:5:0:34::-64\n"u8, .. Lease("10.5.34.0-24&fd00:5:0:34::-64").Value.Span]],
            bytes =>
            {
                int end = Array.IndexOf(bytes, (byte)'\n');
                SubnetLease lease = SubnetLease.Parse(Encoding.UTF8.GetString(bytes, 0, Math.Max(end, 0)), bytes.AsMemory(end + 1));
                Assert.Equal(lease, SubnetLease.Parse(lease.Key, lease.Value));
            },
            static e => e is CniException);
    }

    [Fact]
    public void WhateverStandsInTheConfigurationIsReadOrTold() => Mutator.Run(
        "flannel-config",
        [
            """{"Network":"10.5.0.0/16","SubnetLen":24,"SubnetMin":"10.5.3.0","SubnetMax":"10.5.9.0","Backend":{"Type":"vxlan","VNI":88,"Port":4789,"MTU":1400,"DirectRouting":true}}"""u8.ToArray(),
            """{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48","IPv6SubnetLen":64,"Backend":{"Type":"host-gw"}}"""u8.ToArray(),
        ],
        static bytes => Assert.NotEmpty(FlannelConfig.Parse(bytes).V4.Subnets().Take(3)),
        static e => e is CniException);

    internal static FlannelConfig Config(string text) => FlannelConfig.Parse(Encoding.UTF8.GetBytes(text));

    internal static JsonElement Vector(string kind, string id) => s_vectors.GetProperty(kind).EnumerateArray().Single(vector => Text(vector, "id") == id);

    internal static string? Text(JsonElement vector, string name) => vector.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static SubnetLease Lease(string key) => SubnetLease.Parse(key, "{}"u8.ToArray());

    private static TheoryData<string> Ids(string kind) => [.. s_vectors.GetProperty(kind).EnumerateArray().Select(vector => Text(vector, "id")!)];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
