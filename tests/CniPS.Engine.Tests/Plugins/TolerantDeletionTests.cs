using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>DEL finishes, whatever the configuration says by now: with what ADD was given where that is cached, else with what can be understood.</summary>
public sealed class TolerantDeletionTests
{
    [Theory]
    [InlineData("\"vlan\": 9999")]
    [InlineData("\"mtu\": \"much\"")]
    [InlineData("\"ipMasqBackend\": \"foo\"")]
    [InlineData("\"vlanTrunk\": [{\"minID\": 5}]")]
    [InlineData("\"bridge\": 5")]
    public void AMistakeInThePluginsKeys(string mistake) => RemovesAll(network => network.Make($"\"ipMasq\": true, {mistake}"));

    [Theory]
    [InlineData("\"subnet\": \"10.15.20.9/24\"")]
    [InlineData("\"subnet\": \"none\"")]
    [InlineData("\"ranges\": [[{\"subnet\": \"10.0.0.0/8\"}], [{\"subnet\": \"10.0.0.0/8\"}]]")]
    [InlineData("\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"gw\": \"10.15.20.1\"}]")]
    public void AMistakeInTheAddresses(string mistake) => RemovesAll(network => network.Make("\"ipMasq\": true", mistake));

    [Fact]
    public void APluginThatIsNoneAnyMore() => RemovesAll(network => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
        """{"cniVersion": "1.0.0", "name": "mybridge", "plugins": [{"type": "gone"}]}""")));

    // With the cache, and without: then nothing but the file says what there was.
    private static void RemovesAll(Func<TestNetwork, NetworkConfigurationList> change)
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Container("blue");
        network.Add("blue");
        network.Delete("blue");
        string before = network.Snapshot();
        network.Add("blue");
        network.List = change(network);
        network.Delete("blue");
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void WithoutACacheWhatCanBeUnderstoodCounts()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Container("blue");
        network.Add("blue");
        network.Delete("blue");
        string before = network.Snapshot();
        network.Add("blue");
        foreach (string file in Directory.GetFiles(Path.Combine(network.Sandbox.CacheFolder, "results")))
        {
            File.Delete(file);
        }

        network.List = network.Make("\"ipMasq\": true, \"vlan\": 9999, \"mtu\": \"much\"", "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"gw\": 5}]");
        network.Delete("blue");

        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void AnAddressThatIsNoneInTheResultIsReadAgain()
    {
        // A plugin that leaves it out is understood by ADD, which passes it on as libcni writes it.
        CniResult result = CniResult.Parse("""{"cniVersion": "1.0.0", "ips": [{"gateway": "10.1.0.1"}]}"""u8.ToArray());
        Assert.Null(CniResult.Parse(result.ToJson()).Ips[0].Address);
    }

    [Fact]
    public void AResultThatTheKernelWontReadIsNotTakenForACorruptOne()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string file = Directory.GetFiles(Path.Combine(network.Sandbox.CacheFolder, "results"))[0];
        byte[] content = File.ReadAllBytes(file);
        using (FileStream stream = File.OpenWrite(file))
        {
            stream.SetLength(20_000_000); // reading it is refused (EFBIG), as EMFILE or EIO would be
        }

        CniException e = Assert.ThrowsAny<CniException>(() => network.Delete("blue"));

        Assert.Equal(RuntimeErrorIds.CacheUnreadable, e.ErrorId);
        Assert.False(Directory.Exists(Path.Combine(network.Sandbox.CacheFolder, "cnips", "corrupt")));
        File.WriteAllBytes(file, content);
        network.Delete("blue");
    }
}
