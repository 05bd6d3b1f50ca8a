using System.IO;
using System.Threading;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>bridge, as the executable is it, with a program that gives the addresses out.</summary>
public sealed class BridgeDelegateTests
{
    [Fact]
    public void AProgramIsNotAskedForAnAddressOfAnInterfaceThatIsThere()
    {
        // Its DEL, which takes back all that container and interface have, would take the address in use as well.
        using TestNetwork network = new();
        string log = Path.Combine(network.Sandbox.Folder, "calls");
        network.WithProgram("host-local", $$"""
            echo $CNI_COMMAND >> {{log}}
            echo '{"cniVersion": "1.0.0", "ips": [{"address": "10.15.20.7/24"}]}'
            """);
        network.In("blue", "ip link add eth0 type veth peer name other");

        Assert.Equal(CniErrorIds.InterfaceExists, Assert.ThrowsAny<CniException>(() => Add(network)).ErrorId);
        Assert.False(File.Exists(log));

        network.In("blue", "ip link del eth0");
        Assert.Equal("10.15.20.7/24", Add(network).Ips[0].Address.ToString());
        Assert.Equal("ADD\n", File.ReadAllText(log));
    }

    [Fact]
    public void WhereNothingIsTakenBackAnInterfaceThatIsThereGetsNoAddress()
    {
        using TestNetwork network = new();
        CniRuntime runtime = new(network.Sandbox.Host, RuntimeOptions.Libcni with { CacheFolder = network.Options.CacheFolder });
        network.In("blue", "ip link add eth0 type veth peer name other");

        Assert.Equal(CniErrorIds.InterfaceExists, Assert.ThrowsAny<CniException>(() => runtime.Add(network.List, network.Attachment("blue"))).ErrorId);
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "mybridge", "10.15.20.2")));
    }

    private static CniResult Add(TestNetwork network)
    {
        RuntimeOptions options = network.Options;
        RuntimeOptions delegates = options with { PluginSource = PluginSource.Path, PluginPath = [network.Sandbox.Folder] };
        Transaction transaction = new(network.Sandbox.Host);
        using PluginContext context = new()
        {
            Host = network.Sandbox.Host,
            Transaction = transaction,
            Cancellation = CancellationToken.None,
            Plugins = new PluginInvoker(network.Sandbox.Host, delegates),
        };
        PluginRequest request = Requests.Make(CniVerb.Add, network.List, network.List.Plugins[0], network.Attachment("blue"), null, delegates);
        try
        {
            return new PluginInvoker(network.Sandbox.Host, options).Invoke("bridge", request, context)!;
        }
        catch (CniException)
        {
            Assert.Empty(transaction.Rollback());
            throw;
        }
    }
}
