using System.Net;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Route;

/// <summary>Gratuitous ARP, byte for byte as the kernel sends it (arp_notify), captured with tcpdump -xx.</summary>
public sealed class ArpAnnouncementTests
{
    [Fact]
    public void ThePacketIsTheKernels()
    {
        byte[] packet = new byte[ArpAnnouncement.Length];
        ArpAnnouncement.Write(packet, new MacAddress([2, 1, 2, 3, 4, 5]), IPAddress.Parse("10.1.0.3"));
        Assert.Equal("0001080006040001" + "020102030405" + "0a010003" + "000000000000" + "0a010003", System.Convert.ToHexString(packet).ToLowerInvariant());
    }
}
