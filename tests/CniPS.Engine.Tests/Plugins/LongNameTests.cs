using System.IO;
using CniPS.Engine.Tests.Plugins.Portmap;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Names and ids of any length that is valid: every chain, comment and file that has a limit is cut the same way for all verbs.</summary>
public sealed class LongNameTests
{
    public static TheoryData<int, int> Lengths => new() { { 8, 8 }, { 8, 240 }, { 100, 64 }, { 111, 64 }, { 180, 64 }, { 180, 200 }, { 240, 250 } };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Nftables(int network, int id) => Run(network, id, "\"ipMasq\": true, \"macspoofchk\": true", "\"backend\": \"nftables\"");

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Iptables(int network, int id) => Run(network, id, "\"ipMasq\": true, \"ipMasqBackend\": \"iptables\"", "\"backend\": \"iptables\"");

    private static void Run(int length, int idLength, string bridge, string others)
    {
        using TestNetwork machine = new();
        string name = new('n', length), living = new string('a', idLength - 1) + "1", dead = new string('a', idLength - 1) + "2";
        machine.List = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "1.1.0", "name": "{{name}}", "plugins": [
             {"type": "bridge", "bridge": "br0", "isDefaultGateway": true, {{bridge}}, "ipam": {"type": "host-local", "dataDir": "{{machine.Sandbox.DataFolder}}", "subnet": "10.1.0.0/24"} },
             {"type": "portmap", {{others}}, "capabilities": {"portMappings": true} }, {"type": "firewall", {{others}} },
             {"type": "tuning", "mtu": 1400, "dataDir": "{{machine.Sandbox.Folder}}/tuning"}]}
            """));
        Attachment one = Of(machine, living, 8080), two = Of(machine, dead, 8081);
        machine.Runtime.Add(machine.List, one);
        machine.Runtime.Add(machine.List, two);
        string both = Rules(machine);
        Assert.Contains("10.1.0.2", both);
        Assert.Contains("10.1.0.3", both);
        Assert.Empty(machine.Runtime.Check(machine.List, one));
        Assert.Empty(machine.Runtime.Check(machine.List, two));

        // GC takes nothing of the living, and all of who is gone.
        machine.Runtime.CollectGarbage(machine.List, [new AttachmentKey(living, "eth0"), new AttachmentKey(dead, "eth0")], TestContext.Current.CancellationToken);
        Assert.Equal(both, Rules(machine));
        machine.Runtime.Delete(machine.List, two);
        machine.Runtime.Delete(machine.List, two);
        Assert.DoesNotContain("10.1.0.3", Rules(machine));
        Assert.Contains("10.1.0.2", Rules(machine));
        Assert.Empty(machine.Runtime.Check(machine.List, one));
        machine.Runtime.Delete(machine.List, one);
        Assert.DoesNotContain("10.1.0.", Rules(machine));
        Assert.Empty(Directory.GetFiles(Path.Join(machine.Sandbox.Folder, "tuning")));
        Assert.Empty(Directory.GetFiles(Path.Join(machine.Sandbox.CacheFolder, "results")));
    }

    private static string Rules(TestNetwork machine) =>
        machine.Sandbox.RunOnHost("sh -c 'nft list table inet cnips 2>/dev/null; nft list table bridge cnips 2>/dev/null; iptables-save 2>/dev/null | grep -v ^[#:]; true'");

    private static Attachment Of(TestNetwork machine, string id, int port) => new()
    {
        ContainerId = id,
        NetNS = NamedNamespaces.PathOf(machine.Container(id[^1] == '1' ? "blue" : "red")),
        InterfaceName = "eth0",
        CapabilityArgs = [new("portMappings", System.Text.Json.JsonDocument.Parse($"[{PortmapNetwork.Mapping(port, 80)}]").RootElement)],
    };
}
