using System;
using System.IO;
using System.Linq;
using CniPS.Plugins.Catalog;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Docs;

/// <summary>Every native plugin has a page, and what the page says of it is so.</summary>
public sealed class PluginPageTests
{
    public static TheoryData<string> Types() => [.. NativePlugins.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void ThePageSaysWhatThePluginIs(string type)
    {
        PluginPage page = new(type);
        Assert.True(File.Exists(page.File), $"{page.File} is missing: write a heading, a few sentences and the line\n{PluginPage.Mark}");
        Assert.True(File.Exists(page.Example), $"{page.Example} is missing: write an example, a network configuration list with the plugin");
        string wanted = page.Make();
        if (Environment.GetEnvironmentVariable("CNIPS_UPDATE_EXAMPLES") == "1")
        {
            File.WriteAllText(page.File, wanted);
        }

        Assert.True(wanted == page.Read(), $"{page.File} is not what would be written: set CNIPS_UPDATE_EXAMPLES=1 and run this test again, then look at the difference.\n{wanted}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheExampleHasNoKeyThatThePluginDoesNotKnow(string type)
    {
        NetworkConfigurationList list = NetworkConfigurationList.Parse(File.ReadAllBytes(new PluginPage(type).Example));
        foreach (PluginConfiguration plugin in list.Plugins.Where(plugin => plugin.Type == type))
        {
            // What is below ipam is for the plugin that has that name.
            Assert.DoesNotContain(
                NativePlugins.Find(type)!.Schema.FindUnknownKeys(plugin), key => !key.Path.ToString().StartsWith("ipam", StringComparison.Ordinal));
        }
    }
}
