using System.IO;
using System.Text;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Firewall;

/// <summary>
/// The iptables rules don't say whom they serve. Where an ADD was killed before its result was cached, and its container is gone, only host-local's leases
/// tell which are its.
/// </summary>
public sealed class FirewallLeaseTests
{
    [Theory]
    [InlineData("iptables")]
    [InlineData("nftables")]
    public void Rules_go_without_result_and_container(string backend)
    {
        using TestNetwork network = Make(backend);
        network.Add("blue");
        network.Add("red");
        Assert.Contains("10.231.9.2", Rules(network));
        Directory.Delete(network.Sandbox.CacheFolder, recursive: true);
        Attachment blue = network.Attachment("blue");
        network.RemoveContainer("blue");
        network.Runtime.Delete(network.List, blue);
        string rules = Rules(network);
        Assert.DoesNotContain("10.231.9.2", rules);
        Assert.Contains("10.231.9.3", rules);
        network.Runtime.Delete(network.List, network.Attachment("red"));
        Assert.DoesNotContain("10.231.9.", Rules(network));
    }

    private static TestNetwork Make(string backend)
    {
        TestNetwork network = new();
        network.List = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "1.0.0", "name": "walled", "plugins": [
              {"type": "bridge", "bridge": "br0", "ipam": {"type": "host-local", "dataDir": "{{network.Sandbox.DataFolder}}", "subnet": "10.231.9.0/24"} },
              {"type": "firewall", "backend": "{{backend}}"}]}
            """));
        return network;
    }

    private static string Rules(TestNetwork network) => network.Sandbox.RunOnHost("sh -c 'iptables-save; nft list ruleset'");
}
