using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native host-device on a real kernel. The device is one end of a pair, "ens5", whose other end is in another namespace, "switch".</summary>
public sealed class HostDeviceTests : IDisposable
{
    private const string Device = """{"type": "host-device", "device": "ens5", @IPAM@}""";

    private readonly TestNetwork _network = new();

    public HostDeviceTests()
    {
        string outside = _network.Container("switch");
        OnHost($"link add ens5 address 02:00:00:00:00:05 type veth peer name eth0 netns {outside}");
        Sandbox.Run($"ip -n {outside} addr add 10.15.20.1/24 dev eth0 && ip -n {outside} link set eth0 up");
        OnHost("link set ens5 up");
    }

    public void Dispose() => _network.Dispose();

    private string OnHost(string arguments) => Sandbox.Run($"ip -n {_network.HostName} {arguments}");

    [Theory]
    [InlineData("0.2.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void ADeviceGoesAndComesBack(string version)
    {
        _network.Use(Device, version);
        CniResult result = _network.Add("blue");
        Assert.Contains("alias ens5", _network.In("blue", "ip link show eth0"));
        _network.In("blue", "ping -c1 -W1 10.15.20.1");
        Assert.DoesNotContain("ens5", OnHost("-o link"));
        if (version is "1.0.0" or "1.1.0" or "0.4.0")
        {
            Assert.Equal("02:00:00:00:00:05", Assert.Single(result.Interfaces).Mac);
            Assert.Empty(_network.Check("blue"));
        }

        _network.Delete("blue");
        _network.Delete("blue");
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
        string back = OnHost("link show ens5");
        Assert.Contains("state DOWN", back);
        Assert.DoesNotContain("alias", back);
        Assert.False(File.Exists(Path.Combine(_network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
    }

    [Fact]
    public void NamesThatBothSidesHaveAreNoHindrance()
    {
        OnHost("link add eth0 type veth peer name other");
        _network.In("blue", "ip link add ens5 type veth peer name other");
        _network.Use(Device);
        _network.Add("blue");
        Assert.Contains("alias ens5", _network.In("blue", "ip link show eth0"));
        _network.Delete("blue");
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5"));
        Assert.Contains("ens5@other", _network.In("blue", "ip -o link"));
    }

    [Theory]
    [InlineData("\"hwaddr\": \"02:00:00:00:00:05\"")]
    [InlineData("\"kernelpath\": \"/sys/devices/pci0000:00/0000:00:1f.6\"")]
    [InlineData("\"pciBusID\": \"0000:00:1f.6\"")]
    [InlineData("\"pciBusID\": \"0000:00:03.0\"")]
    [InlineData("\"capabilities\": {\"deviceID\": true}", "0000:00:1f.6")]
    [InlineData("\"capabilities\": {\"deviceID\": true}", "mlx5_core.sf.4")]
    public void ItIsFoundInEveryWay(string keys, string? deviceId = null)
    {
        _network.Use($$"""{"type": "host-device", {{keys}}, @IPAM@}""");
        FakeSysfs host = new(_network.Sandbox.Host)
        {
            Entries =
            {
                ["/sys/bus/pci/devices/0000:00:1f.6/net"] = ["ens5"],
                ["/sys/devices/pci0000:00/0000:00:1f.6/net"] = ["ens5"],
                ["/sys/bus/pci/devices/0000:00:03.0"] = ["driver", "virtio2"],
                ["/sys/bus/pci/devices/0000:00:03.0/virtio2/net"] = ["ens5"],
                ["/sys/bus/auxiliary/devices/mlx5_core.sf.4/net"] = ["ens5"],
            },
            Links = { ["/sys/bus/pci/devices/0000:00:1f.6/driver"] = "../../../bus/pci/drivers/e1000e" },
        };
        CniRuntime runtime = new(host, _network.Options);
        Attachment attachment = _network.Attachment("blue");
        if (deviceId is not null)
        {
            using JsonDocument id = JsonDocument.Parse($"\"{deviceId}\"");
            attachment = attachment with { CapabilityArgs = [new("deviceID", id.RootElement.Clone())] };
        }

        runtime.Add(_network.List, attachment);
        Assert.Contains("alias ens5", _network.In("blue", "ip link show eth0"));
        Assert.Empty(runtime.Check(_network.List, attachment));
        runtime.Delete(_network.List, attachment);
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5"));
    }

    [Theory]
    [InlineData("vfio-pci")]
    [InlineData("uio_pci_generic")]
    [InlineData("igb_uio")]
    public void ADeviceForProgramsOnlyGetsAnAddress(string driver)
    {
        _network.Use("""{"type": "host-device", "pciBusID": "0000:00:1f.6", @IPAM@}""");
        FakeSysfs host = new(_network.Sandbox.Host)
        {
            Entries = { ["/sys/bus/pci/devices/0000:00:1f.6"] = ["driver"] },
            Links = { ["/sys/bus/pci/devices/0000:00:1f.6/driver"] = $"../../../bus/pci/drivers/{driver}" },
        };
        CniRuntime runtime = new(host, _network.Options);
        CniResult result = runtime.Add(_network.List, _network.Attachment("blue"))!;
        CniInterface only = Assert.Single(result.Interfaces);
        Assert.Equal("eth0", only.Name);
        Assert.Null(only.Mac);
        Assert.Equal("10.15.20.2/24", Assert.Single(result.Ips).Address.ToString());
        Assert.Empty(runtime.Check(_network.List, _network.Attachment("blue")));
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
        runtime.Delete(_network.List, _network.Attachment("blue"));
        Assert.False(File.Exists(Path.Combine(_network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
    }

    [Theory]
    [InlineData("\"device\": \"ens9\"", "failed to find host device: no link ens9")]
    [InlineData("\"hwaddr\": \"02:00:00:00:00:99\"", "failed to find host device: no link has that address")]
    [InlineData("\"pciBusID\": \"0000:77:00.0\"", "no net directory under pci device 0000:77:00.0")]
    [InlineData("\"pciBusID\": \"../../etc\"", "is no device's name on a bus")]
    [InlineData("\"kernelpath\": \"/etc\"", "must be absolute and begin with /sys/devices/")]
    [InlineData("\"kernelpath\": \"/sys/devices/../../etc\"", "must be absolute and begin with /sys/devices/")]
    [InlineData("\"mtu\": 7", "specify either \"device\", \"hwaddr\", \"kernelpath\" or \"pciBusID\"")]
    public void WhatIsNotThereIsRefused(string keys, string message)
    {
        _network.Use($$"""{"type": "host-device", {{keys}}, @IPAM@}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void ARollbackGivesTheHostItsDeviceAsItWas()
    {
        OnHost("addr add 192.0.2.1/24 brd + dev ens5");
        OnHost("addr add fd00:9::1/64 dev ens5 nodad");
        OnHost("route add 198.51.100.0/24 via 192.0.2.9");
        OnHost("link set ens5 alias uplink");
        _network.Use("""{"type": "host-device", "device": "ens5", "ipam": {"type": "host-local", "subnet": "10.15.20.0/31"}}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(before, _network.Snapshot());
        string back = OnHost("link show ens5");
        Assert.Contains("alias uplink", back);
        Assert.Contains(",UP", back);
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
    }

    [Fact]
    public void DelFindsADeviceThatTheContainerRenamed()
    {
        _network.Use(Device);
        _network.Add("blue");
        _network.In("blue", "ip link set eth0 down");
        _network.In("blue", "ip link set eth0 name mine");
        _network.Delete("blue");
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5"));
        Assert.DoesNotContain("mine", _network.In("blue", "ip -o link"));
    }

    [Fact]
    public void WhereTheHostHasTakenTheNameTheDeviceStaysAndDelSaysSo()
    {
        _network.Use(Device);
        _network.Add("blue");
        OnHost("link add ens5 type veth peer name other");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Delete("blue"));
        Assert.Contains("it has a link \"ens5\" already: file exists", error.Message);
        Assert.Contains("alias ens5", _network.In("blue", "ip link show eth0"));
        OnHost("link del ens5");
        _network.Delete("blue");
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5"));
    }

    // What default_device_exit_net (net/core/dev.c) does to hardware: it goes to the first namespace under the name it had.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADeviceThatTheKernelBroughtBackGetsItsNameAgain(bool byGarbageCollection)
    {
        _network.Use(Device, "1.1.0");
        _network.Add("blue");
        Attachment attachment = _network.Attachment("blue");
        _network.In("blue", $"ip link set eth0 netns {_network.HostName}");
        _network.Sandbox.RemoveNamespace(_network.Container("blue"));
        if (byGarbageCollection)
        {
            _network.Runtime.CollectGarbage(_network.List, []);
        }
        else
        {
            _network.Runtime.Delete(_network.List, attachment);
        }

        string back = OnHost("link show ens5");
        Assert.Contains("02:00:00:00:00:05", back);
        Assert.DoesNotContain("alias", back);
        Assert.False(File.Exists(Path.Combine(_network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
        _network.Forget("blue");
    }

    [Fact]
    public void CheckMissesAliasAddressAndState()
    {
        _network.Use(Device);
        _network.Add("blue");
        _network.In("blue", "ip link set eth0 alias '' down");
        _network.In("blue", "ip addr flush dev eth0");
        Assert.Equal(["address on eth0", "alias of eth0", "link eth0"], _network.Check("blue").Select(d => d.Subject).Order(StringComparer.Ordinal));
        foreach (Difference difference in _network.Check("blue"))
        {
            _network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(_network.Check("blue"));
        _network.Delete("blue");
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5"));
    }

    [Fact]
    public void APlanIsTheCommandsAndTheyDoTheSame()
    {
        _network.Use(Device);
        string blue = _network.Container("blue");
        IReadOnlyList<string> commands = _network.PlanAdd("blue");
        Assert.Equal($"ip -n {_network.HostName} link set dev ens5 netns {blue} name eth0 alias ens5", commands[0]);
        foreach (string command in commands)
        {
            Sandbox.Run(command);
        }

        Assert.Contains("alias ens5", _network.In("blue", "ip link show eth0"));
        _network.In("blue", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void StatusTellsWhetherTheDeviceIsThere()
    {
        _network.Use(Device, "1.1.0");
        _network.Runtime.Status(_network.List);
        _network.Add("blue");
        Assert.Equal(CniErrorCode.PluginNotAvailable, Assert.ThrowsAny<CniException>(() => _network.Runtime.Status(_network.List)).Code);
    }

    [Theory]
    [InlineData("\"device\": \"ens5\", @IPAM@")]
    [InlineData("\"hwaddr\": \"02:00:00:00:00:05\", @IPAM@", "0.3.1")]
    public void TheGoProgramDoesTheSame(string keys, string version = "1.0.0")
    {
        _network.Use($$"""{"type": "host-device", {{keys}} }""", version, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        LinkPluginComparison.Compare(_network, "eth0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheGoProgramAndTheNativePluginUndoEachOther(bool nativeFirst)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/host-device"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
        _network.Use(Device);
        CniRuntime go = new(_network.Sandbox.Host, _network.Options with { PluginSource = PluginSource.Path, PluginPath = ["/usr/lib/cni"] });
        Attachment attachment = _network.Attachment("blue");
        (nativeFirst ? _network.Runtime : go).Add(_network.List, attachment);
        (nativeFirst ? go : _network.Runtime).Delete(_network.List, attachment);
        Assert.Contains("02:00:00:00:00:05", OnHost("link show ens5")); // Debian's version leaves the alias
    }
}
