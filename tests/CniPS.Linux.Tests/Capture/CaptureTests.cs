using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Capture;
using CniPS.Linux.Tests.Probe;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Capture;

/// <summary>Packets between a and b are captured, and read back by tcpdump and by a reader of pcapng.</summary>
public sealed class CaptureTests : IDisposable
{
    private readonly ProbeNet _net = new();

    private string File => Path.Combine(_net.Folder, "capture.pcapng");

    public void Dispose() => _net.Dispose();

    [Fact]
    public async Task Both_ends_are_in_one_file_that_tcpdump_reads()
    {
        List<PacketSummary> seen = [];
        CapturePoint[] points =
        [
            new CapturePoint(_net.A, "eth0") { Label = "a/eth0", Description = "container a, network n" },
            new CapturePoint(_net.Router, "va") { Description = "host's end of a" },
        ];
        await Capture(points, "icmp", 12, seen, () => _net.Run("ping -c 3 -i 0.05 10.15.2.2", 'a'));

        Assert.Equal(12, seen.Count); // three requests and three replies, each at both ends
        Assert.Equal((3, 3), (seen.Count(p => p is { Place: 0, Direction: PacketDirection.Out }), seen.Count(p => p is { Place: 0, Direction: PacketDirection.In })));
        Assert.Equal((3, 3), (seen.Count(p => p is { Place: 1, Direction: PacketDirection.Out }), seen.Count(p => p is { Place: 1, Direction: PacketDirection.In })));
        PacketSummary first = seen.First(p => p.Place == 0);
        Assert.Equal(("ICMP", "8/0", "10.15.1.2", "10.15.2.2", 98), (first.Protocol, first.Flags, first.Source!.ToString(), first.Destination!.ToString(), first.Length));
        Assert.InRange(first.Time, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow);

        Pcapng read = Pcapng.Read(System.IO.File.ReadAllBytes(File));
        Assert.Equal("comment", read.Comment);
        Assert.Equal([("a/eth0", "container a, network n", "icmp"), ("va", "host's end of a", "icmp")], read.Interfaces);
        Assert.Equal(12, read.Packets.Count);
        Assert.Equal(seen.Select(p => ((uint)p.Place, (uint)p.Direction, p.Length)), read.Packets.Select(p => (p.Interface, p.Flags & 3, p.Bytes.Length)));
        Assert.All(read.Statistics, s => Assert.Equal((6ul, 0ul), s));

        Assert.SkipUnless(System.IO.File.Exists("/usr/bin/tcpdump"), "needs tcpdump");
        string text = Sandbox.Run($"tcpdump -n -r {File}");
        Assert.Equal(6, text.Split('\n').Count(line => line.Contains("10.15.1.2 > 10.15.2.2: ICMP echo request", StringComparison.Ordinal)));
    }

    public static TheoryData<string, string> Filters() => new()
    {
        { "icmp", "ICMP 8/0|ICMP 0/0" },
        { "icmp6", "ICMPv6" },
        { "udp port 5000", "UDP 5000" },
        { "dst port 5001", "UDP 5001" },
        { "portrange 5000-5001", "UDP 5000|UDP 5001" },
        { "src port 5000", "" },
        { "udp and not port 5000", "UDP 5001|UDP6 5002" },
        { "ip6 udp", "UDP6 5002" },
        { "udp dst net fd15:2::/64", "UDP6 5002" },
        { "host fd15:2::2 and udp or icmp", "ICMP 8/0|ICMP 0/0|UDP6 5002" },
        { "src host 10.15.2.2 icmp", "ICMP 0/0" },
        { "dst 10.15.2.2 and udp", "UDP 5000|UDP 5001" },
        { "net 10.15.2.0/25 and icmp", "ICMP 8/0|ICMP 0/0" },
        { "tcp", "" },
        { "arp and host 10.15.1.1", "ARP" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task The_kernel_gives_what_fits_the_filter(string filter, string expected)
    {
        List<PacketSummary> seen = [];
        const string Send = "import socket\n"
            + "for f, a, p in ((socket.AF_INET, \"10.15.2.2\", 5000), (socket.AF_INET, \"10.15.2.2\", 5001), (socket.AF_INET6, \"fd15:2::2\", 5002)):\n"
            + "    socket.socket(f, socket.SOCK_DGRAM).sendto(b\"x\", (a, p))\n";
        string script = Path.Combine(_net.Folder, "send.py");
        await System.IO.File.WriteAllTextAsync(script, Send);
        foreach (char container in "ab")
        {
            // What comes back from a port that nobody listens at is an error that a filter on ICMP has to tell from an echo: not here.
            _net.Run("nft 'add table inet q; add chain inet q out { type filter hook output priority 0; }; add rule inet q out icmp type destination-unreachable drop; "
                + "add rule inet q out icmpv6 type destination-unreachable drop'", container);
        }

        await Capture([new CapturePoint(_net.A, "eth0")], filter, null, seen, () =>
        {
            Sandbox.Run($"ip -n {_net.Name('a')} neigh flush all");
            _net.Run("ping -c 1 10.15.2.2", 'a');
            _net.Run($"python3 {script}", 'a');
            Thread.Sleep(300);
        });

        string[] kinds = [.. seen.Select(Kind).Distinct().Order()];
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(), kinds);

        string Kind(PacketSummary p) => p.Protocol switch
        {
            "UDP" => $"UDP{(p.Source!.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "6" : "")} {p.DestinationPort}",
            "ICMP" => $"ICMP {p.Flags}",
            _ => p.Protocol,
        };
    }

    [Fact]
    public async Task A_flood_is_captured_without_loss()
    {
        const int Packets = 200_000;
        using PacketCapture capture = new([new CapturePoint(_net.A, "eth0")], PacketFilter.Parse("udp dst port 9"), File, "flood");
        Task run = Task.Run(() => capture.Run(Packets, TimeSpan.FromSeconds(60), null, CancellationToken.None));
        string script = Path.Combine(_net.Folder, "flood.py");
        await System.IO.File.WriteAllTextAsync(script, $"import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.connect((\"10.15.1.1\", 9))\nfor i in range({Packets}):\n    try: s.send(b\"x\" * 64)\n    except OSError: s.send(b\"x\" * 64)\n");
        _net.Run("nft 'add table inet q; add chain inet q in { type filter hook prerouting priority 0; }; add rule inet q in udp dport 9 drop'");
        _net.Run($"python3 {script}", 'a');
        await run;
        capture.End();

        Assert.Equal((Packets, 0), (capture.Packets, capture.Drops));
        Assert.Equal(Packets, Pcapng.Read(await System.IO.File.ReadAllBytesAsync(File)).Packets.Count);
    }

    [Fact]
    public async Task A_VLAN_tag_is_in_the_file()
    {
        string script = Path.Combine(_net.Folder, "tag.py");
        await System.IO.File.WriteAllTextAsync(script, "import socket\ns = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\ns.bind((\"eth0\", 0))\n"
            + "s.send(bytes.fromhex(\"ffffffffffff020000000001\" \"8100002a\" \"0800\" \"4500001c000100004011000001010101\" \"0a0f0101\" \"00070009\" \"00080000\"))\n");
        List<PacketSummary> seen = [];
        await Capture([new CapturePoint(_net.Router, "va")], "udp dst port 9", 1, seen, () => _net.Run($"python3 {script}", 'a'));

        PacketSummary tagged = Assert.Single(seen);
        Assert.Equal(((ushort)42, "UDP", (ushort)9, 46), (tagged.Vlan!.Value, tagged.Protocol, tagged.DestinationPort!.Value, tagged.Length));
        Assert.Equal("8100002a0800", Convert.ToHexStringLower(Pcapng.Read(System.IO.File.ReadAllBytes(File)).Packets[0].Bytes.AsSpan(12, 6)));
    }

    [Fact]
    public void What_is_not_there_is_an_error_and_makes_no_file()
    {
        LinuxException e = Assert.Throws<LinuxException>(() => new PacketCapture([new CapturePoint(_net.A, "eth7")], null, File, ""));
        Assert.Equal(19, e.Errno);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("port")]
    [InlineData("port 80000")]
    [InlineData("portrange 9-8")]
    [InlineData("or tcp")]
    [InlineData("tcp or")]
    [InlineData("and")]
    [InlineData("src tcp")]
    [InlineData("host nobody")]
    [InlineData("not")]
    public void What_is_no_filter_is_refused(string text) => Assert.Throws<FormatException>(() => PacketFilter.Parse(text));

    private async Task Capture(CapturePoint[] points, string filter, int? count, List<PacketSummary> seen, Action traffic)
    {
        using CancellationTokenSource end = new();
        using PacketCapture capture = new(points, PacketFilter.Parse(filter), File, "comment");
        Task run = Task.Run(() => capture.Run(count, TimeSpan.FromSeconds(30), seen.Add, end.Token));
        traffic();
        if (count is null)
        {
            await end.CancelAsync();
        }

        await run;
        capture.End();
    }
}
