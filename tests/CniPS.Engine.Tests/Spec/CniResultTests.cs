using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using CniPS.Tests.Vectors;
using CniPS.Linux.Route;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class CniResultTests
{
    private static readonly CniResult Full = new()
    {
        Interfaces =
        [
            new CniInterface { Name = "br0", Mac = "00:11:22:33:44:55", Mtu = 1500 },
            new CniInterface { Name = "eth0", Sandbox = "/run/netns/x", SocketPath = "/s", PciID = "0000:04:00.5" },
        ],
        Ips = [new CniIPConfig { Address = IpPrefix.Parse("10.1.0.5/16"), Gateway = IPAddress.Parse("10.1.0.1"), Interface = 1 }],
        Routes = [new CniRoute { Destination = IpPrefix.Parse("0.0.0.0/0"), Priority = 4294967295, Table = 0 }],
        Dns = new CniDns { Nameservers = ["10.1.0.1"], Domain = "ex.com" },
    };

    /// <summary>The texts of the Go libraries; they escape what could end an HTML element.</summary>
    public static IEnumerable<TheoryDataRow<string>> GoTexts => VectorFile.Rows("convert-result")
        .Where(row => VectorFile.Get(row.Data).Expect.TryGetProperty("goText", out _) && VectorFile.Get(row.Data).Deviation is null);

    [Theory]
    [MemberData(nameof(GoTexts))]
    public void A_result_is_written_as_Go_writes_it(string key)
    {
        Vector vector = VectorFile.Get(key);
        var result = CniResult.Parse(Utf8.Bytes(vector.Text()), keepUnknownFields: false);
        string goText = vector.Expect.GetProperty("goText").GetString()!;
        string unescaped = goText.Replace("\\u003c", "<", StringComparison.Ordinal).Replace("\\u003e", ">", StringComparison.Ordinal);
        Assert.Equal(unescaped, Utf8.Text((vector.Text("to") == "-" ? result : result.ConvertTo(vector.Text("to"))).ToJson()));
    }

    [Theory]
    [InlineData("0.2.0")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void A_result_reads_as_it_is_written(string version)
    {
        byte[] written = Full.ConvertTo(version).ToJson();
        var read = CniResult.Parse(written);
        Assert.Equal(version, read.CniVersion);
        Assert.Equal(Utf8.Text(written), Utf8.Text(read.ToJson()));
        Assert.Equal(Utf8.Text(written), Utf8.Text(CniResult.Parse(read.ToJson(indented: true)).ToJson()));
    }

    [Fact]
    public void Every_version_converts_to_every_other() => Assert.All(CniVersion.All, from => Assert.All(CniVersion.All, to =>
        Assert.Equal(to, Full.ConvertTo(from).ConvertTo(to).CniVersion)));

    [Fact]
    public void What_an_old_version_can_not_say_is_gone_for_good()
    {
        Assert.Equal(
            """{"cniVersion":"1.1.0","dns":{"domain":"ex.com","nameservers":["10.1.0.1"]},"interfaces":[{"mac":"00:11:22:33:44:55","name":"br0"},{"name":"eth0","sandbox":"/run/netns/x"}],"ips":[{"address":"10.1.0.5/16","gateway":"10.1.0.1","interface":1}],"routes":[{"dst":"0.0.0.0/0","priority":4294967295,"table":0}]}""",
            Utf8.Text(Full.ConvertTo("0.4.0").ConvertTo("1.1.0").ToJson()));
        Assert.Equal(
            """{"cniVersion":"1.1.0","dns":{"domain":"ex.com","nameservers":["10.1.0.1"]},"ips":[{"address":"10.1.0.5/16","gateway":"10.1.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}""",
            Utf8.Text(Full.ConvertTo("0.1.0").ConvertTo("1.1.0").ToJson()));
    }

    [Fact]
    public void Indentation_is_that_of_Go() => Assert.Equal(
        """
        {
            "cniVersion": "0.4.0",
            "ips": [
                {
                    "version": "4",
                    "address": "10.0.0.1/24"
                }
            ],
            "dns": {},
            "a\"{": []
        }
        """,
        Utf8.Text(CniResult.Parse(Utf8.Bytes("""{"cniVersion":"0.4.0","a\"{":[],"ips":[{"version":"4","address":"10.0.0.1/24"}]}""")).ToJson(indented: true)));

    [Fact]
    public void Unknown_fields_are_kept_or_dropped()
    {
        byte[] text = Utf8.Bytes(
            """{"cniVersion":"1.0.0","x":1.0,"interfaces":[{"name":"e","vlan":[9007199254740993]}],"ips":[{"address":"10.0.0.1/24","version":"4","y":null}],"routes":[{"dst":"::/0","z":{}}],"dns":{"w":"ä"}}""");
        Assert.Equal(
            """{"cniVersion":"1.0.0","dns":{"w":"ä"},"interfaces":[{"name":"e","vlan":[9007199254740993]}],"ips":[{"address":"10.0.0.1/24","y":null}],"routes":[{"dst":"::/0","z":{}}],"x":1.0}""",
            Utf8.Text(CniResult.Parse(text).ToJson()));
        Assert.Equal(
            """{"cniVersion":"1.0.0","interfaces":[{"name":"e"}],"ips":[{"address":"10.0.0.1/24"}],"routes":[{"dst":"::/0"}]}""",
            Utf8.Text(CniResult.Parse(text, keepUnknownFields: false).ToJson()));
    }

    [Fact]
    public void A_kept_field_never_doubles_a_key_that_another_version_knows() => Assert.Equal(
        """{"cniVersion":"1.1.0","interfaces":[{"name":"e"}],"ips":[{"address":"10.0.0.1/24"}]}""",
        Utf8.Text(CniResult.Parse(Utf8.Bytes(
            """{"cniVersion":"0.4.0","interfaces":[{"name":"e","mtu":"?"}],"ips":[{"version":"4","address":"10.0.0.1/24"}],"dns":{}}""")).ConvertTo("1.1.0").ToJson()));

    [Theory]
    [InlineData("{\"cniVersion\":\"1.2.0\"}", "unsupported CNI result version \"1.2.0\"")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":null}]}", "invalid CIDR address: ")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"ips\":[{\"address\":\"10.0.0.1/24\",\"gateway\":\"x\"}]}", "invalid IP address: x")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"interfaces\":null,\"ips\":3}", "key \"ips\" must be an array, not 3")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"mtu\":\"1\"}]}", "key \"interfaces[0].mtu\" must be a whole number, not a string")]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"routes\":[1]}", "key \"routes[0]\" must be an object, not 1")]
    public void A_bad_result_is_refused(string text, string message)
    {
        CniException e = Assert.Throws<CniException>(() => CniResult.Parse(Utf8.Bytes(text)));
        Assert.EndsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(CniErrorIds.InvalidResult, e.ErrorId);
    }

    [Theory]
    [InlineData("1.0.0", "0.4.0", "could not parse prevResult: result type supports [1.0.0 1.1.0] but unmarshalled CNIVersion is \"0.4.0\"")]
    [InlineData("0.2.0", "1.0.0", "could not parse prevResult: result type supports [ 0.1.0 0.2.0] but unmarshalled CNIVersion is \"1.0.0\"")]
    public void A_previous_result_of_another_family_is_refused(string request, string previous, string message) => Assert.Equal(
        message,
        Assert.Throws<CniException>(() => Utf8.Plugin(
            $$$"""{"type":"x","cniVersion":"{{{request}}}","prevResult":{"cniVersion":"{{{previous}}}"}}""").ParsePrevResult()).Message);

    [Fact]
    public void A_result_outlives_the_document_it_was_read_from()
    {
        CniResult result;
        using (JsonDocument document = JsonDocument.Parse("""{"cniVersion":"1.0.0","x":{"y":1}}"""))
        {
            result = CniResult.Parse(document.RootElement);
        }

        Assert.Equal("""{"cniVersion":"1.0.0","x":{"y":1}}""", Utf8.Text(result.ToJson()));
    }

    [Fact]
    public void A_null_in_a_list_keeps_its_place()
    {
        const string Text = """{"cniVersion":"1.0.0","interfaces":[null,{"name":"e"}],"ips":[null],"routes":[null]}""";
        var result = CniResult.Parse(Utf8.Bytes(Text));
        Assert.Equal("", result.Interfaces[0].Name);
        Assert.Null(result.Ips[0].Address);
        Assert.Null(result.Routes[0].Destination);
        Assert.Equal(Text, Utf8.Text(result.ToJson()));
    }

    [Fact]
    public void No_converter_is_said_as_libcni_says_it() => Assert.Equal(
        "no converter for CNI result version 1.1.0 to 2.0.0", Assert.Throws<CniException>(() => Full.ConvertTo("2.0.0")).Message);
}
