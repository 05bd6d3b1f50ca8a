using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Plugins;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native tap on a real kernel.</summary>
public sealed class TapTests : IDisposable
{
    private readonly TestNetwork _network = new();

    public TapTests() => Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("0.3.1")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void AnAttachmentComesAndGoes(string version)
    {
        _network.Use("""{"type": "tap", @IPAM@}""", version);
        CniResult result = _network.Add("blue");
        Assert.Equal("eth0", Assert.Single(result.Interfaces).Name);
        string link = _network.In("blue", "ip -d link show eth0");
        Assert.Contains("tun type tap pi off vnet_hdr off persist on", link);
        Assert.Contains(result.Interfaces[0].Mac!, link);
        Assert.Contains("10.15.20.2/24", _network.In("blue", "ip addr show eth0"));
        _network.Delete("blue");
        _network.Delete("blue");
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
    }

    [Fact]
    public void EveryKeyReachesTheKernel()
    {
        _network.In("blue", "ip link add br0 up type bridge");
        _network.Use("""{"type": "tap", "multiQueue": true, "owner": 1001, "group": 1002, "mac": "02:00:00:00:00:09", "mtu": 1300, "bridge": "br0"}""");
        Assert.Equal("02:00:00:00:00:09", _network.Add("blue").Interfaces[0].Mac);
        string link = _network.In("blue", "ip -d link show eth0");
        Assert.Contains("multi_queue", link);
        Assert.Contains("user 1001 group 1002", link);
        Assert.Contains("mtu 1300", link);
        Assert.Contains("master br0", link);
        Assert.Contains("02:00:00:00:00:09", link);
        Assert.Contains(",UP", link);
        Assert.Empty(_network.Check("blue"));

        _network.In("blue", "ip link set eth0 nomaster mtu 1400");
        Assert.Equal(["MTU of eth0", "bridge of eth0"], _network.Check("blue").Select(d => d.Subject).Order(StringComparer.Ordinal));
        foreach (Difference difference in _network.Check("blue"))
        {
            _network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(_network.Check("blue"));
    }

    // A runtime, or another plugin of the list, may have given it to a user (upstream's tap_test.go does, and expects CHECK to pass).
    [Fact]
    public void CheckComparesAnOwnerOnlyWithOneThatIsConfigured()
    {
        _network.Use("""{"type": "tap", "owner": 1001, "group": 1002}""");
        _network.Add("blue");
        _network.Use("""{"type": "tap"}""");
        Assert.Empty(_network.Check("blue"));
        _network.Use("""{"type": "tap", "group": 1003}""");
        Assert.Equal("settings of eth0", Assert.Single(_network.Check("blue")).Subject);
    }

    [Fact]
    public void FramesPassBetweenAProgramAndTheContainer()
    {
        _network.Use("""{"type": "tap", "mac": "02:00:00:00:00:09", @IPAM@}""");
        _network.Add("blue");
        // The program asks for the container's address by ARP, as a virtual machine would.
        string answer = _network.In("blue", """
            python3 -c '
            import fcntl, os, select, struct
            tap = os.open("/dev/net/tun", os.O_RDWR)
            fcntl.ioctl(tap, 0x400454ca, struct.pack("16sH22x", b"eth0", 0x1002))
            me = bytes.fromhex("020000000077")
            ask = b"\xff" * 6 + me + bytes.fromhex("08060001080006040001") + me + bytes([10, 15, 20, 9]) + bytes(6) + bytes([10, 15, 20, 2])
            # The kernel needs a moment to notice that somebody is there.
            for attempt in range(50):
                os.write(tap, ask)
                while select.select([tap], [], [], 0.2)[0]:
                    frame = os.read(tap, 2000)
                    if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x02":
                        print(frame[22:28].hex(":"))
                        raise SystemExit
            '
            """);
        Assert.Equal("02:00:00:00:00:09", answer.Trim());
    }

    [Fact]
    public void WithoutAProgramIPv6AddressesAreNotWaitedForLong()
    {
        _network.Use("""{"type": "tap", @IPAM@}""", ipam: "\"subnet\": \"fd00:15::/64\"");
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        _network.Add("blue");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"{watch.Elapsed}");
        Assert.Contains("fd00:15::2/64", _network.In("blue", "ip addr show eth0"));
    }

    [Theory]
    [InlineData("\"owner\": -1", "-1 is out of range (0 to 4294967294)")]
    [InlineData("\"bridge\": \"br9\"", "failed to get bridge br9: no such link in the container")]
    [InlineData("\"bridge\": \"lo\"", "\"lo\" in the container is no bridge, but hardware")]
    public void WhatCantBeIsRefusedAndLeavesNothing(string keys, string message)
    {
        _network.Use($$"""{"type": "tap", {{keys}}, @IPAM@}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void AFailingAddressPluginLeavesNoLink()
    {
        _network.Use("""{"type": "tap", "ipam": {"type": "host-local", "subnet": "10.15.20.0/31"}}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void APlanIsTheCommandsAndTheyDoTheSame()
    {
        _network.Use("""{"type": "tap", "multiQueue": true, "owner": 1007, "mtu": 1400, @IPAM@}""");
        string blue = _network.Container("blue");
        IReadOnlyList<string> commands = _network.PlanAdd("blue");
        Assert.Matches($"^ip -n {blue} tuntap add name cni[0-9a-f]+ mode tap user 1007 multi_queue$", commands[0]);
        Assert.Matches($"^ip -n {blue} link set cni[0-9a-f]+ mtu 1400 name eth0 alias cni[0-9a-f]+$", commands[1]);
        foreach (string command in commands)
        {
            Sandbox.Run(command);
        }

        string link = _network.In("blue", "ip -d link show eth0");
        Assert.Contains("tun type tap pi off vnet_hdr off multi_queue", link);
        Assert.Contains("persist on user 1007", link);
        Assert.Contains("10.15.20.2/24", _network.In("blue", "ip addr show eth0"));
    }

    [Fact]
    public void AContextIsWhatRunconMakesOfIt()
    {
        _network.Use("""{"type": "tap", "selinuxContext": "system_u:system_r:container_t:s0"}""");
        string blue = _network.Container("blue");
        Assert.Matches(
            $"^ip netns exec {blue} runcon system_u:system_r:container_t:s0 ip tuntap add name cni[0-9a-f]+ mode tap$", _network.PlanAdd("blue")[0]);
        Assert.SkipWhen(Directory.Exists("/sys/fs/selinux"), "this machine has SELinux: whether the context is allowed is its policy's affair");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Contains("runcon", error.Message);
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
    }
}
