using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>No plugin's DEL refuses because of its configuration or of CNI_ARGS: required keys that are missing, or that are something else.</summary>
public sealed class UnreadableConfigurationTests
{
    private const string Spoilt = "[[[5]]]";

    public static IEnumerable<TheoryDataRow<string>> Types => NativePlugins.Types.Select(type => new TheoryDataRow<string>(type));

    [Theory]
    [MemberData(nameof(Types))]
    public void DELNeedsNoKey(string type) => Delete(type, "");

    [Theory]
    [MemberData(nameof(Types))]
    public void DELPassesOverWhatItCantRead(string type)
    {
        IEnumerable<string> keys = NativePlugins.Find(type)!.Schema.Keys.Select(key => key.Path.Split('.', '[')[0]);
        Delete(type, Join([.. keys, "ipam", "dns", "args", "runtimeConfig", "prevResult"]));
        foreach (string key in (string[])["ipam", "args", "runtimeConfig"])
        {
            IEnumerable<string> inner = NativePlugins.Find(type)!.Schema.Keys.Where(k => k.Path.StartsWith(key + '.')).Select(k => k.Path.Split('.', '[')[1]);
            Delete(type, $", \"{key}\": {{ {Join(inner).TrimStart(',')} }}");
        }

        static string Join(IEnumerable<string> keys) => string.Concat(keys.Distinct().Select(key => $", \"{key}\": {Spoilt}"));
    }

    // And there is something to be removed: by network, container and interface alone.
    [Theory]
    [InlineData("bridge", "\"ipMasq\": true, \"macspoofchk\": true, @IPAM@")]
    [InlineData("ptp", "\"ipMasq\": true, @IPAM@")]
    [InlineData("tap", "@IPAM@")]
    public void DELFindsWhatADDMadeWithoutTheConfiguration(string type, string keys)
    {
        using TestNetwork network = new();
        network.Container("blue");
        network.Use($$"""{"type": "{{type}}", {{keys}} }""");
        network.Add("blue");
        Call(network, type, type == "tap" ? "" : ", \"ipMasq\": 5, \"macspoofchk\": 5", network.List.Name);
        Assert.DoesNotContain("eth0", network.In("blue", "ip -o link"));
        Assert.DoesNotContain("veth", Sandbox.Run($"ip -n {network.HostName} -o link"));
        Assert.DoesNotContain("blue", Sandbox.Run($"ip netns exec {network.HostName} nft list ruleset"));
    }

    private static void Delete(string type, string keys)
    {
        using TestNetwork network = new();
        network.Container("blue");
        try
        {
            Call(network, type, keys, "t");
        }
        catch (CniException e) when (type == "dhcp")
        {
            Assert.Equal(CniErrorIds.DhcpDaemonUnavailable, e.ErrorId); // a daemon that isn't there is not the configuration's fault
        }
    }

    private static void Call(TestNetwork network, string type, string keys, string name)
    {
        PluginInvoker invoker = new(network.Sandbox.Host, network.Options);
        using PluginContext context = new() { Host = network.Sandbox.Host, Transaction = new Transaction(network.Sandbox.Host), Plugins = invoker };
        invoker.Invoke(
            type,
            new PluginRequest
            {
                Verb = CniVerb.Delete,
                ContainerId = "blue",
                NetNS = NamedNamespaces.PathOf(network.Container("blue")),
                InterfaceName = "eth0",
                Args = CniArgs.Unread("IP=none;MAC=none;=;x"),
                Config = Encoding.UTF8.GetBytes($$"""{"cniVersion": "1.0.0", "name": "{{name}}", "type": "{{type}}"{{keys}} }"""),
            },
            context);
    }
}
