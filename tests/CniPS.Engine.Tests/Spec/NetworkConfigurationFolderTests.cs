using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Spec;

public sealed class NetworkConfigurationFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("cnips-folder-").FullName;
    private readonly List<CniException> _broken = [];

    private NetworkConfigurationFolder Folder => new(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Networks_come_in_file_name_order_whatever_they_are()
    {
        Write("10-b.conf", "{\"name\":\"single\",\"type\":\"x\"}");
        Write("20-c.conf", "{\"name\":\"list-in-conf\",\"plugins\":[{\"type\":\"x\"}]}");
        Write("9-a.conflist", "{\"name\":\"list\",\"plugins\":[{\"type\":\"x\"}]}");
        Write("15.json", "{");
        Write("16.conflist.bak", "{");
        Assert.Equal(["single", "list-in-conf", "list"], Folder.LoadAll(_broken.Add).Select(list => list.Name));
        Assert.Equal(Path.Join(_path, "15.json") + ":1:2", Assert.Single(_broken).Position?.ToString());
    }

    [Fact]
    public void A_file_without_an_end_is_none_that_can_be_read()
    {
        CniException error = Assert.Throws<CniException>(() => NetworkConfigurationList.Load("/dev/zero"));
        Assert.Equal((CniErrorIds.UnreadableFile, "error reading /dev/zero: open /dev/zero: longer than 16 MiB, as no configuration is"), (error.ErrorId, error.Message));
        Assert.Equal(CniErrorIds.UnreadableFile, Assert.Throws<CniException>(() => new NetworkConfigurationFolder("/dev/zero").LoadAll(_broken.Add).ToList()).ErrorId);
        File.CreateSymbolicLink(Path.Join(_path, "05.conflist"), "/dev/zero");
        Write("10.conflist", $"{{\"name\":\"n\",\"plugins\":[{{\"type\":\"x\"}}],\"more\":\"{new string('x', 1 << 20)}\"}}");
        Assert.Equal("n", Folder.Load("n", strict: false, _broken.Add).Name);
        Assert.Equal(CniErrorIds.UnreadableFile, Assert.Single(_broken).ErrorId);
    }

    [Fact]
    public void A_broken_file_ends_a_strict_search_only()
    {
        Write("00.conflist", "{\"name\":\"other\"}");
        Write("10.conflist", "{\"name\":\"n\",\"plugins\":[{\"type\":\"x\"}]}");
        Assert.Equal("no plugin configs found", Assert.Throws<CniException>(() => Folder.Load("n", strict: true)).Message);
        Assert.Equal("n", Folder.Load("n", strict: false, _broken.Add).Name);
        Assert.Single(_broken);
    }

    [Fact]
    public void A_network_that_is_not_there_is_reported_with_what_is()
    {
        Write("10.conflist", "{\"name\":\"blue\",\"plugins\":[{\"type\":\"x\"}]}");
        Write("20.conflist", "{");
        CniException e = Assert.Throws<CniException>(() => Folder.Load("bleu", strict: false));
        Assert.Equal(CniErrorIds.NetworkNotFound, e.ErrorId);
        Assert.Equal($"no net configuration with name \"bleu\" in {_path}", e.Message);
        Assert.Equal($"Did you mean \"blue\"? Or it is in a file that can't be read: {_path}/20.conflist.", e.RecommendedAction);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_folder_holds_nothing(bool strict)
    {
        var folder = new NetworkConfigurationFolder(Path.Join(_path, "missing"));
        Assert.Equal(CniErrorIds.NoNetworkConfigurations, Assert.Throws<CniException>(() => folder.Load("n", strict)).ErrorId);
        Assert.Empty(folder.LoadAll(_broken.Add));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("..")]
    public void A_name_does_not_lead_out_of_the_folder(string name)
    {
        Write("a/10.conflist", $$"""{"name":"{{name}}","plugins":[{"type":"x"}]}""");
        Write("x/10.conf", "{\"type\":\"stray\"}");
        Write("stray.conf", "{\"type\":\"stray\"}");
        Assert.Single(NetworkConfigurationList.Load(Path.Join(_path, "a", "10.conflist")).Plugins);
    }

    [Fact]
    public void A_plugin_of_the_folder_has_the_position_in_its_own_file()
    {
        Write("10.conflist", "{\"name\":\"n\"}");
        Write("n/10.conf", "{\"type\":\"x\",\n\"mtu\":\"a\"}");
        PluginConfiguration plugin = Assert.Single(Folder.Load("n", strict: true).Plugins);
        Assert.Equal(Path.Join(_path, "n", "10.conf"), plugin.Source);
        Utf8.Refused(() => new PluginConfigReader(plugin).GetInt("mtu"), Path.Join(_path, "n", "10.conf") + ":2:7");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Join(_path, "no.conflist");
        CniException e = Assert.Throws<CniException>(() => NetworkConfigurationList.Load(path));
        Assert.Equal($"error reading {path}: open {path}: no such file or directory", e.Message);
        Assert.Equal(CniErrorIds.NetworkNotFound, e.ErrorId);
    }

    private void Write(string name, string text)
    {
        string path = Path.Join(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
