using System;
using System.Net;
using CniPS.Linux.Machine;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Machine;

/// <summary>What tells neighbours of an address, byte for byte as the kernel sends it (arp_notify, ndisc_notify), captured with tcpdump -xx.</summary>
public sealed class AddressAnnouncementTests
{
    private static readonly MacAddress s_mac = new([2, 1, 2, 3, 4, 5]);

    [Fact]
    public void GratuitousArpIsTheKernels() => Assert.Equal(
        "0001080006040001" + "020102030405" + "0a010003" + "000000000000" + "0a010003",
        Convert.ToHexString(AddressAnnouncement.WriteArp(s_mac, IPAddress.Parse("10.1.0.3"))).ToLowerInvariant());

    [Fact]
    public void TheNeighbourAdvertisementIsTheKernels() => Assert.Equal(
        "6000000000203aff" + "fd000015000000000000000000000003" + "ff020000000000000000000000000001"
        + "8800546520000000" + "fd000015000000000000000000000003" + "0201020102030405",
        Convert.ToHexString(AddressAnnouncement.WriteAdvertisement(s_mac, IPAddress.Parse("fd00:15::3"))).ToLowerInvariant());
}
