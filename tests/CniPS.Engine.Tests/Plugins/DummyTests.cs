using System;
using System.Linq;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native dummy, in a kernel that has it.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class DummyTests : IDisposable
{
    private readonly TestNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [SecondKernelFact]
    public void AnAttachmentComesAndGoes()
    {
        _network.In("blue", "ip link set lo up");
        foreach (string version in (string[])["0.1.0", "1.1.0"])
        {
            _network.Use("""{"type": "dummy", @IPAM@}""", version, "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]]");
            CniResult result = _network.Add("blue");
            Assert.Equal(version, result.CniVersion);
            string link = _network.In("blue", "ip -d addr show eth0");
            Assert.Contains("dummy", link);
            Assert.Contains(",UP", link);
            Assert.Contains($"{Address(result, 0)}/24", link);
            Assert.Contains($"{Address(result, 1)}/64", link);
            _network.In("blue", $"ping -c1 -W1 {Address(result, 0)}");
            if (version is "1.1.0")
            {
                Assert.Contains(result.Interfaces[0].Mac!, link);
                Assert.Empty(_network.Check("blue"));
            }

            _network.Delete("blue");
            _network.Delete("blue");
            Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
        }
    }

    private static string Address(CniResult result, int index) => result.Ips[index].Address!.Value.Address.ToString();

    [SecondKernelFact]
    public void ItNeedsIpamAndLeavesNothingWhereThatFails()
    {
        _network.Container("blue");
        string before = _network.Snapshot();
        _network.Use("""{"type": "dummy"}""");
        Assert.Contains("dummy interface requires an IPAM configuration", Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        _network.Use("""{"type": "dummy", "ipam": {"type": "host-local", "subnet": "10.15.20.0/31"}}""");
        Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(before, _network.Snapshot());
    }

    [SecondKernelFact]
    public void CheckNamesEveryDifference()
    {
        _network.Use("""{"type": "dummy", @IPAM@}""");
        _network.Add("blue");
        _network.In("blue", "ip link set eth0 down");
        _network.In("blue", "ip addr flush dev eth0");
        Assert.Equal(["address on eth0", "link eth0"], _network.Check("blue").Select(d => d.Subject).Order(StringComparer.Ordinal));
        _network.In("blue", "ip link del eth0");
        _network.In("blue", "ip link add eth0 type veth peer name other");
        Assert.Equal("Error: Container interface eth0 not of type dummy", Assert.Single(_network.Check("blue")).Message);
    }
}
