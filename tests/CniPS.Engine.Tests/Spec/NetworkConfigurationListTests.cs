using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class NetworkConfigurationListTests
{
    [Fact]
    public void The_text_is_kept_as_it_was()
    {
        const string Text = "{ \"name\": \"n\", \"mine\": 1.0,\n \"plugins\": [ {\"type\":\"x\"} ] }\n";
        Assert.Equal(Text, Utf8.Text(Utf8.List(Text).Bytes));
    }

    [Theory]
    [InlineData("\"cniVersions\":[\"1.0\",\"1.0.0\"]", "1.0")]
    [InlineData("\"cniVersions\":[\"1.0.0\",\"0.4.0\",\"1\"]", "1.0.0")]
    [InlineData("\"cniVersion\":\"1.0\",\"cniVersions\":[\"1.0.0\"]", "1.0.0")]
    [InlineData("\"cniVersion\":\"9.0.0\",\"cniVersions\":[\"8.0.0\"]", "9.0.0")]
    [InlineData("\"cniVersion\":\"anything\"", "anything")]
    [InlineData("\"cniVersions\":[\"\"]", "")]
    public void The_version_is_selected_as_libcni_does(string keys, string version) =>
        Assert.Equal(version, Utf8.List("{\"name\":\"n\"," + keys + "}").CniVersion);

    [Fact]
    public void A_single_plugin_becomes_a_list_of_one_with_its_own_positions()
    {
        NetworkConfigurationList list = NetworkConfigurationList.ParseAny(
            Utf8.Bytes("{\"type\":\"x\",\"name\":\"n\",\"disableCheck\":true,\n\"big\":9007199254740993}"), "a.conf");
        Assert.Equal("n", list.Name);
        Assert.Equal("", list.CniVersion);
        Assert.False(list.DisableCheck);
        Assert.Equal("a.conf:2:7", list.Plugins[0].Locate(JsonPath.Parse("big"))?.ToString());
        Assert.Equal(
            "{\"cniVersion\":\"\",\"name\":\"n\",\"plugins\":[{\"type\":\"x\",\"name\":\"n\",\"disableCheck\":true,\"big\":9007199254740993}]}",
            Utf8.Text(list.Bytes));
        Assert.Equal("x", Utf8.List(Utf8.Text(list.Bytes)).Plugins[0].Type);
    }

    [Fact]
    public void A_text_with_plugins_is_a_list() =>
        Assert.Equal(2, NetworkConfigurationList.ParseAny(Utf8.Bytes("{\"name\":\"n\",\"plugins\":[{\"type\":\"a\"},{\"type\":\"b\"}]}")).Plugins.Count);
}
