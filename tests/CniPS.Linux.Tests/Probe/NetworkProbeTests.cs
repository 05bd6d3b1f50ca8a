using System;
using System.Linq;
using System.Net;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;
using Xunit;

namespace CniPS.Linux.Tests.Probe;

/// <summary>A packet is sent from a to b, through a router.</summary>
public sealed class NetworkProbeTests
{
    public static TheoryData<string, ProbeProtocol, ProbeOutcome> Answers() => new()
    {
        { "10.15.2.2", ProbeProtocol.Icmp, ProbeOutcome.EchoReply },
        { "fd15:2::2", ProbeProtocol.Icmp, ProbeOutcome.EchoReply },
        { "10.15.2.2", ProbeProtocol.Tcp, ProbeOutcome.Reset },
        { "fd15:2::2", ProbeProtocol.Tcp, ProbeOutcome.Reset },
        { "10.15.2.2", ProbeProtocol.Udp, ProbeOutcome.IcmpError },
        { "fd15:2::2", ProbeProtocol.Udp, ProbeOutcome.IcmpError },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void What_answers_is_told_and_where_both_came_by(string destination, ProbeProtocol protocol, ProbeOutcome outcome)
    {
        using ProbeNet net = new();
        ProbeReport report = net.Send(new ProbePacket(IPAddress.Parse(destination), protocol, protocol == ProbeProtocol.Icmp ? (ushort)0 : (ushort)7));

        Assert.Equal((outcome, destination), (report.Answer.Outcome, report.Answer.From?.ToString()));
        Assert.InRange(report.Answer.RoundTrip!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(2));
        Assert.All(report.Points, sight => Assert.Null(sight.Lacks));
        TraceStep[] router = [.. report.Points[1].Steps.Where(step => step.Family == NftFamily.Inet && step.Direction == ProbeDirection.Request)];
        Assert.Equal(
            [(ProbeHook.Prerouting, false), (ProbeHook.Prerouting, true), (ProbeHook.Forward, false), (ProbeHook.Forward, true), (ProbeHook.Postrouting, false), (ProbeHook.Postrouting, true)],
            router.Select(step => (step.Hook!.Value, step.IsEndOfHook)));
        Assert.Equal(("va", "vb"), (router[3].InterfaceIn, router[3].InterfaceOut));
        Assert.Contains(report.Points[1].Steps, step => step.Hook == ProbeHook.Ingress && step.InterfaceIn == "va");
        Assert.Contains(report.Points[2].Steps, step => step is { Hook: ProbeHook.Input, IsEndOfHook: true, Direction: ProbeDirection.Request });
        ProbeDirection back = outcome == ProbeOutcome.IcmpError ? ProbeDirection.Error : ProbeDirection.Answer;
        Assert.Contains(report.Points[0].Steps, step => step.Hook == ProbeHook.Input && step.IsEndOfHook && step.Direction == back);
        Assert.True(report.Points[1].Links.Single(link => link.Link.Name == "va").Received.Packets >= 1);
        Assert.DoesNotContain("probe", net.Remains);
    }

    [Theory]
    [InlineData("10.15.2.2", ProbeProtocol.Icmp)]
    [InlineData("fd15:2::2", ProbeProtocol.Tcp)]
    [InlineData("10.15.2.2", ProbeProtocol.Udp)]
    public void The_rule_that_drops_it_is_named(string destination, ProbeProtocol protocol)
    {
        using ProbeNet net = new();
        net.Run("nft 'add table inet wall; add chain inet wall gate { type filter hook forward priority 0; }; add rule inet wall gate oifname \"vb\" counter drop'");
        string handle = net.Run("nft -a list chain inet wall gate").Split('\n').Single(line => line.Contains("vb", StringComparison.Ordinal)).Split("# handle ")[1].Trim();

        ProbeReport report = net.Send(new ProbePacket(IPAddress.Parse(destination), protocol, 80), 5);

        Assert.Equal(ProbeOutcome.Nothing, report.Answer.Outcome);
        TraceStep drop = Assert.Single(report.Points[1].Steps, step => step.Verdict == TraceVerdict.Drop);
        Assert.Equal((NftFamily.Inet, "wall", "gate", handle), (drop.Family, drop.Table, drop.Chain, drop.Rule.ToString()));
        Assert.Equal((TraceKind.Rule, "va", "vb"), (drop.Kind, drop.InterfaceIn, drop.InterfaceOut));
        Assert.Empty(report.Points[2].Steps);
        if (report.DropsUnavailable is null)
        {
            Assert.Contains(report.Drops, dropped => dropped.IsSender && dropped.Reason == "NETFILTER_DROP");
        }
    }

    [Fact]
    public void Behind_NAT_it_is_still_known()
    {
        using ProbeNet net = new();
        net.Run("nft 'add table ip n; add chain ip n out { type nat hook postrouting priority 100; }; add rule ip n out masquerade; "
            + "add chain ip n in { type nat hook prerouting priority -100; }; add rule ip n in tcp dport 8080 dnat to 10.15.2.2:80'");

        ProbeReport report = net.Send(new ProbePacket(ProbeNet.Router4, ProbeProtocol.Tcp, 8080));

        Assert.Equal(ProbeOutcome.Reset, report.Answer.Outcome);
        TraceStep arrived = report.Points[2].Steps.First(step => step.Hook == ProbeHook.Input && step.Direction == ProbeDirection.Request);
        Assert.Equal(("10.15.2.1", "10.15.2.2:80"), (arrived.Source!.Address.ToString(), arrived.Destination!.ToString()));
        Assert.DoesNotContain("8080", net.Run("cat /proc/net/nf_conntrack || true"));
    }

    [Fact]
    public void A_port_that_is_listened_to_answers_and_no_connection_stays()
    {
        using ProbeNet net = new();
        using System.Diagnostics.Process server = net.Start('b', "python3", "-u", "-c",
            "import socket; s=socket.create_server(('10.15.2.2',80)); print('ready'); s.accept(); print('accepted'); s.accept()");
        try
        {
            server.StandardOutput.ReadLine();
            Assert.Equal(ProbeOutcome.SynAck, net.Send(new ProbePacket(ProbeNet.B4, ProbeProtocol.Tcp, 80)).Answer.Outcome);
            Assert.DoesNotContain("SYN-RECV", net.Run("ss -tan", 'b'));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void A_smaller_MTU_on_the_way_is_told()
    {
        using ProbeNet net = new();
        CniPS.Tests.Sandbox.Run($"ip -n {net.Name('r')} link set vb mtu 1300");
        ProbePacket packet = new(ProbeNet.B4) { Size = 1400, DontFragment = true };

        ProbeAnswer answer = net.Send(packet).Answer;

        Assert.Equal((ProbeOutcome.IcmpError, 3, 4, 1300), (answer.Outcome, answer.IcmpType, answer.IcmpCode, answer.Mtu!.Value));
        Assert.Equal(ProbeOutcome.EchoReply, net.Send(packet with { Size = 1300 }).Answer.Outcome);
        ProbeAnswer six = net.Send(packet with { Destination = ProbeNet.B6 }).Answer;
        Assert.Equal((ProbeOutcome.IcmpError, 2, 1300), (six.Outcome, six.IcmpType, six.Mtu!.Value));
        Assert.Equal((ProbeOutcome.Refused, 90), (net.Send(packet with { Size = 1600 }).Answer.Outcome, net.Send(packet with { Size = 1600 }).Answer.Errno));
    }

    [Fact]
    public void What_is_not_sent_is_told_with_the_kernels_reason()
    {
        using ProbeNet net = new();
        CniPS.Tests.Sandbox.Run($"ip -n {net.Name('a')} route add blackhole 10.99.0.0/16; ip -n {net.Name('a')} route add prohibit 10.98.0.0/16");

        Assert.Equal((ProbeOutcome.Refused, 22), Outcome("10.99.0.1"));
        Assert.Equal((ProbeOutcome.Refused, 13), Outcome("10.98.0.1"));
        net.Run("nft 'add table ip o; add chain ip o out { type filter hook output priority 0; }; add rule ip o out icmp type echo-request drop'", 'a');
        ProbeReport forbidden = net.Send(new ProbePacket(ProbeNet.B4));
        Assert.Equal((ProbeOutcome.Refused, 1), (forbidden.Answer.Outcome, forbidden.Answer.Errno));
        Assert.Contains(forbidden.Points[0].Steps, step => step is { Table: "o", Verdict: TraceVerdict.Drop });

        (ProbeOutcome, int) Outcome(string destination)
        {
            ProbeAnswer answer = net.Send(new ProbePacket(IPAddress.Parse(destination))).Answer;
            return (answer.Outcome, answer.Errno);
        }
    }

    [Fact]
    public void A_reject_is_an_error_from_whoever_rejects()
    {
        using ProbeNet net = new();
        net.Run("nft 'add table inet wall; add chain inet wall gate { type filter hook forward priority 0; }; add rule inet wall gate tcp dport 80 reject with tcp reset; "
            + "add rule inet wall gate udp dport 80 reject'");

        ProbeReport tcp = net.Send(new ProbePacket(ProbeNet.B4, ProbeProtocol.Tcp, 80));
        Assert.Equal(ProbeOutcome.Reset, tcp.Answer.Outcome);
        Assert.Contains(tcp.Points[1].Steps, step => step is { Table: "wall", Verdict: TraceVerdict.Drop });
        Assert.Empty(tcp.Points[2].Steps);
        ProbeAnswer udp = net.Send(new ProbePacket(ProbeNet.B4, ProbeProtocol.Udp, 80)).Answer;
        Assert.Equal((ProbeOutcome.IcmpError, 3, 3, "10.15.1.1"), (udp.Outcome, udp.IcmpType, udp.IcmpCode, udp.From!.ToString()));
    }

    [Fact]
    public void A_neighbour_that_is_not_there_is_an_error_after_a_while()
    {
        using ProbeNet net = new();
        ProbeReport report = net.Send(new ProbePacket(IPAddress.Parse("10.15.2.99")), 6);
        Assert.Equal((ProbeOutcome.IcmpError, 3, 1), (report.Answer.Outcome, report.Answer.IcmpType, report.Answer.IcmpCode));
    }

    [Fact]
    public void What_iptables_legacy_drops_is_seen_by_the_hook_it_does_not_leave()
    {
        using ProbeNet net = new();
        Assert.SkipUnless(System.IO.File.Exists("/usr/sbin/iptables-legacy"), "needs iptables-legacy");
        (int status, string output) = CniPS.Tests.Sandbox.TryRun($"ip netns exec {net.Name('r')} iptables-legacy -A FORWARD -j DROP");
        Assert.SkipUnless(status == 0, output);

        ProbeReport report = net.Send(new ProbePacket(ProbeNet.B4), 1);

        Assert.Equal(ProbeOutcome.Nothing, report.Answer.Outcome);
        Assert.DoesNotContain(report.Points[1].Steps, step => step.Verdict == TraceVerdict.Drop);
        Assert.Contains(report.Points[1].Steps, step => step is { Hook: ProbeHook.Forward, IsEndOfHook: false });
        Assert.DoesNotContain(report.Points[1].Steps, step => step is { Hook: ProbeHook.Forward, IsEndOfHook: true });
    }
}
