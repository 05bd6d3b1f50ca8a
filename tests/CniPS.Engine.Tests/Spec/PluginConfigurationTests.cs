using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class PluginConfigurationTests
{
    private static string Request(string plugin) => Utf8.Text(Utf8.Plugin(plugin).ToRequest("n", "1.1.0"));

    [Fact]
    public void Numbers_strings_and_unknown_keys_survive_byte_for_byte() => Assert.Equal(
        """{"type":"x","big":9007199254740993,"f":1.0,"e":[1e21,-0.0,1E+2],"s":"\u00e4<ä>\/","o":{"Z":null,"a":true},"name":"n","cniVersion":"1.1.0"}""",
        Request("""{ "type": "x", "big": 9007199254740993, "f": 1.0, "e": [1e21, -0.0, 1E+2], "s": "\u00e4<ä>\/", "o": {"Z": null, "a": true} }"""));

    [Fact]
    public void Of_duplicate_keys_the_last_is_passed_on_at_every_level() => Assert.Equal(
        """{"type":"y","o":[{"k":2,"K":3}],"name":"n","cniVersion":"1.1.0"}""",
        Request("""{"type": "x", "type": "y", "o": [{"k": 1, "k": 2, "K": 3}]}"""));

    [Fact]
    public void Name_and_version_replace_the_files_own_and_come_last()
    {
        string request = Request("""{"name": "other", "Name": "sly", "cniVersion": "0.3.1", "type": "x", "capabilities": {"ips": true}}""");
        Assert.Equal("""{"Name":"sly","type":"x","capabilities":{"ips":true},"name":"n","cniVersion":"1.1.0"}""", request);
        Assert.Equal("n", PluginConfiguration.ParseRequest(Utf8.Bytes(request)).Name);
    }

    [Fact]
    public void An_empty_version_is_set_too() =>
        Assert.Equal("""{"type":"x","name":"n","cniVersion":""}""", Utf8.Text(Utf8.Plugin("""{"type":"x"}""").ToRequest("n", "")));

    [Fact]
    public void Only_wanted_capabilities_become_runtimeConfig()
    {
        PluginConfiguration plugin = Utf8.Plugin("""{"type":"x","capabilities":{"ips":true,"mac":false,"dns":true},"runtimeConfig":{"old":1}}""");
        KeyValuePair<string, JsonElement>[] args =
            [new("mac", Utf8.Json("\"02::\"")), new("ips", Utf8.Json("[1.0]")), new("other", Utf8.Json("1")), new("dns", Utf8.Json("null"))];
        Assert.Equal(
            """{"type":"x","capabilities":{"ips":true,"mac":false,"dns":true},"name":"n","cniVersion":"1.0.0","runtimeConfig":{"ips":[1.0],"dns":null}}""",
            Utf8.Text(plugin.ToRequest("n", "1.0.0", capabilityArgs: args)));
        Assert.Contains("\"runtimeConfig\":{\"old\":1}", Utf8.Text(plugin.ToRequest("n", "1.0.0", capabilityArgs: args[..1])), System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_previous_result_replaces_the_files_own_and_none_leaves_it()
    {
        PluginConfiguration plugin = Utf8.Plugin("""{"type":"x","prevResult":{"file":1}}""");
        Assert.Equal("""{"type":"x","prevResult":{"file":1},"name":"n","cniVersion":"1.0.0"}""", Utf8.Text(plugin.ToRequest("n", "1.0.0")));
        Assert.Equal(
            """{"type":"x","name":"n","cniVersion":"1.0.0","prevResult":{"cniVersion":"1.1.0"}}""",
            Utf8.Text(plugin.ToRequest("n", "1.0.0", new CniResult())));
    }

    [Fact]
    public void GC_names_valid_attachments_under_both_keys()
    {
        PluginConfiguration plugin = Utf8.Plugin("""{"type":"x","cni.dev/attachments":"old","prevResult":{}}""");
        Assert.Equal(
            """{"type":"x","prevResult":{},"name":"n","cniVersion":"1.1.0","cni.dev/valid-attachments":[{"containerID":"c","ifname":"eth0"}],"cni.dev/attachments":[{"containerID":"c","ifname":"eth0"}]}""",
            Utf8.Text(plugin.ToGCRequest("n", "1.1.0", [new AttachmentKey("c", "eth0")])));
        Assert.EndsWith("\"cni.dev/valid-attachments\":[],\"cni.dev/attachments\":[]}", Utf8.Text(plugin.ToGCRequest("n", "1.1.0", [])), System.StringComparison.Ordinal);
        Assert.Equal(
            """{"type":"x","cni.dev/attachments":"old","prevResult":{},"name":"n","cniVersion":"1.1.0"}""",
            Utf8.Text(plugin.ToGCRequest("n", "1.1.0", null)));
    }

    [Fact]
    public void Keys_are_read_in_any_case_and_the_last_counts()
    {
        PluginConfiguration plugin = Utf8.Plugin("""{"Type":"a","TYPE":"b","IPAM":{"Type":"host-local"},"Name":"x","CAPABILITIES":{"ips":null}}""");
        Assert.Equal("b", plugin.Type);
        Assert.Equal("x", plugin.Name);
        Assert.Equal("host-local", plugin.IpamType);
        Assert.False(Assert.Single(plugin.Capabilities).Value);
        Assert.Null(plugin.CniVersion);
    }

    [Theory]
    [InlineData("{\"cniVersion\":\"1.0.0\",\"name\":\"n\"}", "n")]
    [InlineData("{\"cniVersion\":1,\"name\":\"n\",\"ipam\":3}", "n")]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void A_request_needs_no_type(string text, string? name)
    {
        PluginConfiguration request = PluginConfiguration.ParseRequest(Utf8.Bytes(text));
        Assert.Equal(name, request.Name);
        Assert.Equal("", request.Type);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"name\":1}")]
    public void A_request_that_can_not_be_read_is_refused_as_skel_does(string text)
    {
        CniException e = Assert.Throws<CniException>(() => PluginConfiguration.ParseRequest(Utf8.Bytes(text)));
        Assert.StartsWith("error unmarshall network config: ", e.Message, System.StringComparison.Ordinal);
        Assert.Equal(CniErrorCode.DecodingFailure, e.Code);
    }
}
