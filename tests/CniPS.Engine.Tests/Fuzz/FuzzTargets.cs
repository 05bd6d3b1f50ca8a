using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using CniPS.Linux;
using CniPS.Linux.Machine;
using CniPS.Plugins.Catalog;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Plugins.Meta;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Fuzz;

/// <summary>
/// A fuzz target for each text and byte format that the engine reads: whatever stands there, reading it ends, and what it throws is an error with an
/// id. What once failed lies in tests/corpus.
/// </summary>
public sealed class FuzzTargets
{
    [Fact]
    public void NetworkConfigurations() => Mutator.Run("network", Samples.Networks, bytes =>
    {
        NetworkConfigurationList list = NetworkConfigurationList.ParseAny(bytes);
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            PluginRequest request = new() { Verb = CniVerb.Add, Config = plugin.ToRequest(list.Name, list.CniVersion) };
            NativePlugins.Find(plugin.Type)?.Validate(new PluginCall(request));
            NativePlugins.Find(plugin.IpamType)?.Validate(new PluginCall(request));
            NativePlugins.Find(plugin.Type)?.Schema.FindUnknownKeys(plugin);
        }
    }, IsTyped);

    [Fact]
    public void ValidationOfNetworks()
    {
        using Sandbox box = new();
        NetworkChecker checker = new(box.Host, RuntimeOptions.Default with { CacheFolder = box.CacheFolder, PluginPath = [box.Folder] });
        string file = System.IO.Path.Join(System.IO.Directory.CreateDirectory(System.IO.Path.Join(box.Folder, "net.d")).FullName, "n.conflist");
        Mutator.Run("network", Samples.Networks, bytes =>
        {
            System.IO.File.WriteAllBytes(file, bytes);
            checker.CheckFile(file, TestContext.Current.CancellationToken);
        }, IsTyped, runs: 300);
    }

    [Fact]
    public void PlannedOperations()
    {
        using Sandbox box = new();
        string container = NamedNamespaces.PathOf(box.AddNamespace("blue"));
        Attachment attachment = new() { ContainerId = "blue", NetNS = container, InterfaceName = "eth0" };
        Mutator.Run("network", [Samples.Networks[0], Samples.Networks[1]], bytes =>
        {
            NetworkConfigurationList list = NetworkConfigurationList.ParseAny(bytes);
            RuntimeOptions options = RuntimeOptions.Default with { CacheFolder = box.CacheFolder, PluginPath = [box.Folder] };
            new CniRuntime(new PlannedHost(box.Host), options).Add(list, attachment, TestContext.Current.CancellationToken);
            new CniRuntime(new PlannedHost(box.Host), options).Delete(list, attachment, TestContext.Current.CancellationToken);
        }, IsTyped, runs: 300);
    }

    [Fact]
    public void Results() => Mutator.Run("result", Samples.Results, bytes =>
    {
        CniResult result = CniResult.Parse(bytes);
        foreach (string version in CniVersion.All)
        {
            try
            {
                // What was written must be readable again.
                byte[] written = result.ConvertTo(version).ToJson();
                Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(CniResult.Parse(written).ToJson()));
            }
            catch (CniException e) when (e.ErrorId == CniErrorIds.InvalidResult && e.Message.Contains("convert", StringComparison.Ordinal))
            {
                // Not every result has a form in every version.
            }
        }
    }, IsTyped);

    [Fact]
    public void CacheEntries() => Mutator.Run("cache", Samples.CacheEntries, bytes =>
    {
        if (CacheEntry.TryRead(bytes) is { } entry)
        {
            CachedAttachment cached = new(entry, "/nowhere");
            _ = cached.Configuration;
            _ = cached.Result;
            cached.ToAttachment();
        }
    }, _ => false);

    [Fact]
    public void Journals() => Mutator.Run("journal", Samples.Journals, bytes =>
    {
        Intent.TryRead(bytes);
        Intent.ReadShared(bytes);
    }, _ => false);

    [Fact]
    public void Leases() => Mutator.Run("lease", ["blue\r\neth0"u8.ToArray(), "blue"u8.ToArray()], bytes => Lease.Parse(IPAddress.Loopback, bytes), _ => false);

    [Fact]
    public void LeaseIndexes()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("cnips-test-").FullName;
        string leases = System.IO.Directory.CreateDirectory(System.IO.Path.Join(folder, "n")).FullName, file = System.IO.Path.Join(folder, ".cnips", "n", "index");
        try
        {
            IPAddress address = IPAddress.Parse("10.1.0.2");
            Lease lease = new(address, "blue", "eth0");
            ulong hash = StableHash.Of(Lease.Content("blue", "eth0"));
            Use();
            Mutator.Run("index", [System.IO.File.ReadAllBytes(file)], bytes =>
            {
                System.IO.File.WriteAllBytes(file, bytes);
                Use();
            }, _ => false, runs: 500);

            void Use()
            {
                LeaseIndex index = LeaseIndex.TryOpen(folder, "n")!;
                index.Refresh(leases, () => [lease]);
                index.Find(hash);
                index.Remove(hash, address);
                index.Add(hash, address);
                index.Close(leases);
            }
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ResolvConfs() => Mutator.Run("resolv.conf", ["nameserver 1.1.1.1\nsearch a b\noptions ndots:2\ndomain x\n"u8.ToArray()], bytes => ResolvConf.Parse(bytes), _ => false);

    [Fact]
    public void FlannelSubnets()
    {
        using Sandbox box = new();
        string file = System.IO.Path.Join(box.Folder, "subnet.env");
        byte[] sample = "FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n"u8.ToArray();
        Mutator.Run("subnet.env", [sample], bytes =>
        {
            System.IO.File.WriteAllBytes(file, bytes);
            FlannelSubnet.Read(box.Host, file);
        }, IsTyped, runs: 500);
    }

    [Fact]
    public void Arguments() => Mutator.Run("args", ["K8S_POD_NAME=a;IP=10.1.0.2;IgnoreUnknown=1"u8.ToArray()], bytes =>
    {
        string text = Encoding.UTF8.GetString(bytes);
        CniArgs.Parse(text);
        CniArgs.ParseStrict(text);
    }, IsTyped);

    [Fact]
    public void Capabilities() => Mutator.Run(
        "capabilities",
        ["""{"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}], "ips": ["10.1.0.2/24"]}"""u8.ToArray()],
        bytes => CapabilityArgs.Parse(Encoding.UTF8.GetString(bytes)),
        IsTyped);

    [Fact]
    public void Versions() => Mutator.Run(
        "version", ["""{"cniVersion": "1.0.0", "supportedVersions": ["0.4.0", "1.0.0"]}"""u8.ToArray()], bytes => PluginVersionInfo.Parse(bytes), IsTyped);

    [Fact]
    public void QuestionsToTheDhcpDaemon() => Mutator.Run(
        "dhcp-question",
        ["""{"cnips": 1, "command": "ADD", "containerId": "blue", "netns": "/run/netns/blue", "ifname": "eth0", "args": "A=b", "config": {"name": "n", "ipam": {"type": "dhcp"}}}"""u8.ToArray()],
        bytes =>
        {
            DhcpQuestion question = DhcpQuestion.Parse(bytes);
            if (question.Configuration is { } configuration)
            {
                DhcpConfiguration.Parse(configuration, question.Args);
            }
        },
        IsTyped);

    [Fact]
    public void PositionsAreThoseOfTheLocator()
    {
        // The index of a whole text, against the search for one value.
        Mutator mutator = new(5);
        int compared = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] bytes = mutator.Spoil(Samples.Networks[i % Samples.Networks.Count]);
            JsonText text;
            try
            {
                text = JsonText.Parse(bytes, "f", "");
            }
            catch (CniException)
            {
                continue;
            }

            JsonPositions positions = new(bytes, "f");
            foreach (string path in (string[])["", "name", "NAME", "plugins", "plugins[0]", "plugins[0].type", "Plugins[0].ipam.ranges[0][0].subnet", "plugins[1].ipam", "plugins[9]", "name.x", "name[0]"])
            {
                JsonPath asked = JsonPath.Parse(path);
                Assert.Equal(JsonLocator.Find(bytes, "f", asked), positions.Find(asked, atName: false));
                Assert.Equal(asked.Name is null ? null : JsonLocator.FindName(bytes, "f", asked), positions.Find(asked, atName: true));
                compared++;
            }
        }

        Assert.True(compared > 1000);
    }

    private static bool IsTyped(Exception e) => e is CniException { ErrorId: not "CniUnforeseen" } or LinuxException or NotANamespaceException;
}
