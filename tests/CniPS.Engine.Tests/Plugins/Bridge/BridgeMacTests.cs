using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Bridge;

/// <summary>A bridge keeps its MAC address, whatever ports come and go: neighbours would lose it.</summary>
public sealed class BridgeMacTests
{
    private const string Mac = "fe:ff:ff:ff:ff:01";

    [Theory]
    [InlineData("\"isGateway\": true")]
    [InlineData("\"isGateway\": false")]
    public void One_over_an_uplink_keeps_it(string keys)
    {
        using TestNetwork network = new(keys);
        Sandbox.Run(
            $"H={network.HostName}; ip -n $H link add {TestNetwork.Bridge} type bridge; ip -n $H link set {TestNetwork.Bridge} up; "
            + $"ip -n $H link add p0 address {Mac} type veth peer name q0; ip -n $H link set p0 master {TestNetwork.Bridge}; ip -n $H link set p0 up");
        Assert.Equal(Mac, MacOf(network));
        CniResult result = network.Add("blue");
        Assert.Equal((Mac, Mac), (MacOf(network), result.Interfaces[0].Mac));
        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
        Assert.Equal(Mac, MacOf(network));
    }

    [Theory]
    [InlineData("\"isGateway\": true")]
    [InlineData("\"isGateway\": false")]
    public void One_without_ports_keeps_it(string keys)
    {
        using TestNetwork network = new(keys);
        Sandbox.Run($"ip -n {network.HostName} link add {TestNetwork.Bridge} type bridge");
        string before = MacOf(network);
        network.Add("blue");
        Assert.Equal(before, MacOf(network));
        network.Delete("blue");
        Assert.Equal(before, MacOf(network));
    }

    [Theory]
    [InlineData("\"isGateway\": true")]
    [InlineData("\"isGateway\": false")]
    public void A_new_one_has_its_own_from_the_beginning(string keys)
    {
        using TestNetwork network = new(keys);
        string first = network.Add("c0").Interfaces[0].Mac!;
        for (int i = 1; i < 6; i++)
        {
            CniResult result = network.Add($"c{i}");
            Assert.Equal(first, result.Interfaces[0].Mac);
            Assert.NotEqual(first, result.Interfaces[1].Mac);
        }

        Assert.Equal(first, MacOf(network));
        Assert.Single(network.Steps, step => step.Contains($"address {first} ", System.StringComparison.Ordinal));
        foreach (string container in Enumerable.Range(0, 6).Select(i => $"c{i}"))
        {
            network.Delete(container);
        }

        Assert.Equal(first, MacOf(network));
    }

    [Fact]
    public void A_rolled_back_ADD_leaves_it()
    {
        using TestNetwork network = new();
        Sandbox.Run($"ip -n {network.HostName} link add {TestNetwork.Bridge} type bridge; ip -n {network.HostName} addr add 10.99.0.1/24 dev {TestNetwork.Bridge}");
        string before = MacOf(network);
        Assert.Equal(CniErrorIds.BridgeConflict, Assert.ThrowsAny<CniException>(() => network.Add("blue")).ErrorId);
        Assert.Equal(before, MacOf(network));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_ADDs_at_once_keep_it_and_say_so(bool overUplink)
    {
        using TestNetwork network = new("\"isGateway\": false");
        string uplink = overUplink ? $"; ip -n $H link add p0 address {Mac} type veth peer name q0; ip -n $H link set p0 up master {TestNetwork.Bridge}; ip -n $H link set q0 up" : "";
        Sandbox.Run($"H={network.HostName}; ip -n $H link add {TestNetwork.Bridge} type bridge; ip -n $H link set {TestNetwork.Bridge} up{uplink}");
        string before = MacOf(network);
        Attachment blue = network.Attachment("blue"), red = network.Attachment("red");
        Task<CniResult?>? other = null;
        CniRuntime RuntimeOn(Action afterPort) => new(new BridgeWithoutOwnMac(network.Sandbox.Host, hasSysfs: overUplink, afterPort), network.Options);

        // The second one has all the time it wants while the first one's port has given the bridge another address.
        CniResult? first = RuntimeOn(() =>
        {
            other ??= Task.Run(() => RuntimeOn(static () => { }).Add(network.List, red));
            other.Wait(TimeSpan.FromMilliseconds(500));
        }).Add(network.List, blue);
        CniResult? second = await other!;
        Assert.Equal((before, before, before), (MacOf(network), first!.Interfaces[0].Mac, second!.Interfaces[0].Mac));
    }

    [Fact]
    public void Repair_gives_a_bridge_that_is_made_again_the_address_it_had()
    {
        using TestNetwork network = new();
        string before = network.Add("blue").Interfaces[0].Mac!;
        Sandbox.Run($"ip -n {network.HostName} link del {TestNetwork.Bridge}");
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Equal(before, MacOf(network));
    }

    private static string MacOf(TestNetwork network) =>
        network.Sandbox.Host.FindLink(network.Sandbox.Host.Namespace, TestNetwork.Bridge)!.Mac!.Value.ToString();

    /// <summary>A machine whose sysfs says of a bridge that nobody gave it its address, or says nothing at all.</summary>
    private sealed class BridgeWithoutOwnMac(IHost real, bool hasSysfs, Action afterPort) : DelegatingHost(real)
    {
        public override byte[]? ReadFile(string path, bool own = false) =>
            !path.StartsWith("/sys/class/net/", StringComparison.Ordinal) ? base.ReadFile(path, own)
            : !hasSysfs ? null
            : Encoding.ASCII.GetBytes(path.EndsWith("/ifindex", StringComparison.Ordinal) ? $"{FindLink(Namespace, TestNetwork.Bridge)!.Index}\n" : "0\n");

        public override IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
        {
            IReadOnlyList<Applied> made = base.Apply(changes);
            if (changes.Any(static change => change is VethAdd))
            {
                afterPort();
            }

            return made;
        }
    }
}
