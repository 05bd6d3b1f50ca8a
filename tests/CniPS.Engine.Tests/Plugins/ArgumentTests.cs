using System.Text;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>CNI_ARGS concern only those who read them.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("K8S_POD_NAME=x;")]
    [InlineData("A=b=c")]
    [InlineData("IgnoreUnknown=1;none")]
    public void Who_reads_none_of_them_does_not_mind_what_they_are(string text)
    {
        using TestNetwork network = new();
        foreach (string type in (string[])["loopback", "static", "macvlan", "ipvlan", "vrf", "sbr", "portmap", "firewall", "bandwidth"])
        {
            string config = $$"""
                {"cniVersion": "1.0.0", "name": "t", "type": "{{type}}", "master": "lo", "vrfname": "red", "ipam": {},
                 "prevResult": {"cniVersion": "1.0.0", "interfaces": [{"name": "eth0", "sandbox": "{{network.Attachment("blue").NetNS}}"}]} }
                """;
            Call(network, type, CniVerb.Delete, text, config);
        }

        Call(network, "loopback", CniVerb.Add, text, """{"cniVersion": "1.0.0", "name": "t", "type": "loopback"}""");
        CniException e = Assert.ThrowsAny<CniException>(() =>
            Call(network, "bridge", CniVerb.Add, text, """{"cniVersion": "1.0.0", "name": "t", "type": "bridge", "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"}}"""));
        Assert.Equal((CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables), (e.ErrorId, e.Code));
    }

    private static void Call(TestNetwork network, string type, CniVerb verb, string args, string config)
    {
        PluginInvoker invoker = new(network.Sandbox.Host, network.Options);
        using PluginContext context = new() { Host = network.Sandbox.Host, Transaction = new Transaction(network.Sandbox.Host), Plugins = invoker };
        invoker.Invoke(
            type,
            new PluginRequest
            {
                Verb = verb,
                ContainerId = "blue",
                NetNS = network.Attachment("blue").NetNS,
                InterfaceName = "eth0",
                Args = CniArgs.Unread(args),
                Config = Encoding.UTF8.GetBytes(config),
            },
            context);
    }

    [Fact]
    public void They_are_passed_on_as_they_are()
    {
        const string Text = "A=b=c;;none";
        CniArgs args = CniArgs.Unread(Text);
        Assert.False(args.IsEmpty);
        Assert.Equal(Text, args.ToString());
        Assert.Throws<CniException>(() => args["A"]);
        Assert.Throws<CniException>(() => args.Pairs);
        Assert.Equal("b", CniArgs.Unread("A=b")["A"]);
        Assert.Same(CniArgs.Empty, CniArgs.Unread(""));
    }

    // "nameservers": [] says: there are none; an object that says nothing leaves it to IPAM.
    [Theory]
    [InlineData("{\"nameservers\": []}", false)]
    [InlineData("{\"search\": []}", false)]
    [InlineData("{\"options\": []}", false)]
    [InlineData("{}", true)]
    [InlineData("{\"domain\": \"\"}", true)]
    [InlineData("{\"nameservers\": null}", true)]
    [InlineData("null", true)]
    public void An_empty_list_in_dns_means_none(string dns, bool isIpams)
    {
        using TestNetwork network = new();
        string file = System.IO.Path.Join(network.Sandbox.Folder, "resolv.conf");
        System.IO.File.WriteAllText(file, "nameserver 10.1.2.123\nsearch search.test\n");
        foreach (string plugin in (string[])["\"type\": \"bridge\"", "\"type\": \"ptp\"", "\"type\": \"tap\""])
        {
            string container = "c" + plugin.Length + plugin[9];
            network.Use($$"""{ {{plugin}}, @IPAM@, "dns": {{dns}} }""", ipam: $"\"subnet\": \"10.15.20.0/24\", \"resolvConf\": \"{file}\"");
            Assert.Equal(isIpams ? ["10.1.2.123"] : [], network.Add(container).Dns.Nameservers);
        }
    }

    [Theory]
    [InlineData("\"subnet\": \"10.15.20.0/33\"")]
    [InlineData("\"subnet\": \"10.99.0.0/24\"")]
    [InlineData("\"routes\": []")]
    public void An_address_is_given_back_whatever_the_ranges_are_by_now(string ipam)
    {
        using TestNetwork network = new();
        network.Add("blue");
        string config = $$"""
            {"cniVersion": "1.0.0", "name": "mybridge", "type": "bridge", "ipam": {"type": "host-local", "dataDir": "{{network.Sandbox.DataFolder}}", {{ipam}} } }
            """;
        Call(network, "host-local", CniVerb.Delete, "", config);
        Assert.Empty(network.Leases());
    }

    [Theory]
    [InlineData("blue", 1)]
    [InlineData("blue\r\neth0", 1)]
    [InlineData("blue\r\neth0", 2)]
    public void A_lease_that_was_rewritten_in_place_is_given_back(string content, int families)
    {
        string ranges = families == 1 ? "[{\"subnet\": \"10.15.20.0/24\"}]" : "[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]";
        using TestNetwork network = new(ipam: $"\"ranges\": [{ranges}]");
        network.Add("red");
        network.Add("green");
        foreach (string lease in network.Leases())
        {
            string path = System.IO.Path.Join(network.Sandbox.DataFolder, network.List.Name, lease);
            if (lease is "10.15.20.2" or "fd00:15::3")
            {
                System.IO.File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
            }
        }

        network.Delete("blue");
        Assert.Equal(families == 1 ? ["10.15.20.3"] : ["10.15.20.3", "fd00:15::2"], network.Leases());
    }
}
