using System.Collections.Generic;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class ConfigurationPositionTests
{
    private const string Text = """
        {
          "name": "blue",
          "cniVersion": "1.1.0",
          "plugins": [
            { "type": "bridge",
              "mtu": "1500", "größe": 1, "hairpin": 1,
              "ipam": {
                "type": "host-local",
                "ranges": [ [ { "subnet": "10.0.0.0/24" },
                              { "subnet": "10.0.1.0/24", "rangeStart": "10.0.1.300" } ] ]
              } }
          ]
        }
        """;

    [Theory]
    [InlineData("{\n \"plugins\": []}", "1:1", "no name")]
    [InlineData("{\n \"name\": 3}", "2:10", "invalid name type number")]
    [InlineData("{\"name\": \"n\",\n \"name\": null}", "2:10", "invalid name type null")]
    [InlineData("{\"name\": \"n\",\n\t\"cniVersion\": 1.0}", "2:16", "invalid cniVersion type number")]
    [InlineData("{\"name\": \"n\", \"cniVersions\": [\"1.0.0\",\n \"1.x\"]}", "2:2", "invalid cniVersions entry 1.x at index 1: failed to convert minor version part \"x\": strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("{\"name\": \"n\",\n \"disableGC\": \"Maybe\"}", "2:15", "invalid value \"maybe\" for disableGC")]
    [InlineData("{\"name\": \"n\",\n \"plugins\": {}}", "2:13", "invalid 'plugins' type object")]
    [InlineData("{\"name\": \"n\",\n \"plugins\": []}", "2:13", "no plugins in list")]
    [InlineData("[]", "1:1", "it must be an object, not an array")]
    public void A_list_key_has_its_position(string text, string position, string message)
    {
        CniException e = Utf8.Refused(() => Utf8.List(text), "n.conflist:" + position);
        Assert.Equal("error parsing configuration list: " + message, e.Message);
        Assert.Equal(CniErrorIds.InvalidNetworkConfig, e.ErrorId);
        Assert.Equal(CniErrorCode.InvalidNetworkConfig, e.Code);
    }

    [Theory]
    [InlineData("{\"type\": \"a\"},\n {\"name\": \"x\"}", "2:2", "missing 'type'")]
    [InlineData("{\"type\": \"a\"},\n {\"TYPE\": 3}", "2:11", "key \"TYPE\" must be a string, not 3")]
    [InlineData("{\"type\": \"a\"},\n {\"type\": \"a\", \"ipam\": \"x\"}", "2:24", "key \"ipam\" must be an object, not a string")]
    [InlineData("{\"type\": \"a\"},\n {\"type\": \"a\", \"dns\": {\"search\": [\"x\",\n {}]}}", "3:2", "key \"dns.search[1]\" must be a string, not an object")]
    [InlineData("{\"type\": \"a\"},\n {\"type\": \"a\", \"capabilities\": {\"ips\": \"yes\"}}", "2:40", "key \"capabilities.ips\" must be true or false, not a string")]
    [InlineData("{\"type\": \"a\"},\n \"bridge\"", "2:2", "a plugin configuration must be an object, not a string")]
    public void A_plugin_key_in_a_list_has_its_position(string plugins, string position, string message)
    {
        CniException e = Utf8.Refused(() => Utf8.List("{\"name\": \"n\", \"plugins\": [" + plugins + "]}"), "n.conflist:" + position);
        Assert.Equal("failed to parse plugin config 1: error parsing configuration: " + message, e.Message);
    }

    [Fact]
    public void A_value_can_be_located()
    {
        NetworkConfigurationList list = Utf8.List(Text);
        PluginConfiguration plugin = list.Plugins[0];
        Assert.Equal("n.conflist:1:1", list.Locate(JsonPath.Root)?.ToString());
        Assert.Equal("n.conflist:2:11", list.Locate(JsonPath.Parse("name"))?.ToString());
        Assert.Equal("n.conflist:5:5", plugin.Locate(JsonPath.Root)?.ToString());
        Assert.Equal("n.conflist:6:31", plugin.Locate(JsonPath.Parse("größe"))?.ToString());
        Assert.Equal("n.conflist:6:22", plugin.LocateName(JsonPath.Parse("größe"))?.ToString());
        Assert.Equal("n.conflist:10:64", plugin.Locate(JsonPath.Parse("ipam.ranges[0][1].rangeStart"))?.ToString());
        Assert.Null(plugin.Locate(JsonPath.Parse("ipam.ranges[0][2]")));
        Assert.Null(plugin.Locate(JsonPath.Parse("ipam.type.x")));
    }

    [Fact]
    public void A_plugin_reading_its_own_keys_names_them_with_their_position()
    {
        PluginConfigReader reader = new(Utf8.List(Text).Plugins[0]);

        CniException mtu = Utf8.Refused(() => reader.GetInt("mtu"), "n.conflist:6:14");
        Assert.Equal("key \"mtu\" must be a whole number, not a string", mtu.Message);
        Assert.Equal(CniErrorCode.InvalidNetworkConfig, mtu.Code);

        Assert.Equal("key \"hairpin\" must be true or false, not 1", Utf8.Refused(() => reader.GetBool("hairpin"), "n.conflist:6:45").Message);

        PluginConfigReader range = reader.GetObject("ipam")!.GetArray("ranges")![0].AsArray()![1].AsObject()!;
        CniException start = Utf8.Refused(() => range.GetIp("rangeStart"), "n.conflist:10:64");
        Assert.Equal(
            "key \"ipam.ranges[0][1].rangeStart\" must be an IP address, such as 10.1.0.1 or fd00::1, not \"10.0.1.300\"", start.Message);
        Assert.Equal("plugins[0].ipam.ranges[0][1].rangeStart", start.Target);

        CniException missing = Utf8.Refused(() => throw range.Error("gateway", "no gateway", "Add one."), "n.conflist:10:23");
        Assert.Equal("no gateway", missing.Message);
    }

    [Fact]
    public void Every_problem_is_found_at_once()
    {
        IReadOnlyList<CniException> problems = NetworkConfigurationList.FindProblems(
            Utf8.Bytes("{\"name\": \"a b\",\n\"cniVersion\": \"1.2.0\",\n\"disableCheck\": 1,\n\"plugins\": [{},\n{\"type\": \"x\", \"dns\": 1, \"ipam\": 2}]}"),
            "f");
        Assert.Equal(
            ["f:3:17", "f:4:13", "f:5:33", "f:5:22", "f:1:10", "f:2:15"],
            System.Linq.Enumerable.Select(problems, problem => problem.Position!.ToString()));
        Assert.Empty(NetworkConfigurationList.FindProblems(Utf8.Bytes("{\"name\": \"n\", \"type\": \"bridge\"}")));
        Assert.Single(NetworkConfigurationList.FindProblems(Utf8.Bytes("{")));
    }
}
