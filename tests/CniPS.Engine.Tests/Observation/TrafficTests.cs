using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Route;
using CniPS.Observation;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Observation;

/// <summary>What containers receive and send, as they see it. Addresses are this class's own.</summary>
public sealed class TrafficTests : IDisposable
{
    private readonly TestNetwork _network = new(plugin: "\"ipMasq\": true", ipam: "\"subnet\": \"10.231.9.0/24\"");

    public TrafficTests()
    {
        _network.Add("blue");
        _network.Add("red");
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void What_a_container_receives_comes_in()
    {
        TrafficReader reader = Reader();
        TrafficReading before = Of("blue", reader.Read());
        _network.In("red", "sh -c 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all'"); // what blue sends is not answered
        _network.In("blue", "sh -c 'ping -c 5 -i 0.01 -s 1000 -W 1 10.231.9.3 > /dev/null || true'");
        IReadOnlyList<TrafficReading> after = reader.Read();
        TrafficReading blue = Of("blue", after), red = Of("red", after);
        Assert.True(blue.Sent.Bytes - before.Sent.Bytes >= 5 * 1042, $"{before.Sent} {blue.Sent}"); // with the headers of ICMP, IP and Ethernet
        Assert.True(blue.Received.Bytes - before.Received.Bytes < 5 * 1042, $"{before.Received} {blue.Received}");
        Assert.True(red.Received.Bytes >= 5 * 1042, $"{red.Received}");
        Assert.Equal(0u, blue.Sent.Drops + blue.Sent.Errors);
    }

    [Fact]
    public void Connections_count_for_who_began_and_for_who_answers()
    {
        _network.In("blue", "ping -c 1 -W 5 10.231.9.1"); // the host keeps track, since it masquerades
        TrafficReading blue = Of("blue", Reader().Read());
        Assert.Equal((1, null), (blue.Connections, blue.ConnectionBytes));
        Assert.Equal(0, Of("red", Reader().Read()).Connections);

        _network.Sandbox.RunOnHost("sh -c 'echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct'");
        _network.Sandbox.RunOnHost("ping -c 1 -W 5 10.231.9.3");
        TrafficReading red = Of("red", Reader().Read());
        Assert.Equal((1, 2 * 84ul), (red.Connections, red.ConnectionBytes)); // there and back
    }

    [Fact]
    public void A_container_that_has_ended_is_left_out()
    {
        TrafficReader reader = Reader();
        _network.RemoveContainer("blue");
        Assert.Equal("red", Assert.Single(reader.Read()).Attachment!.ContainerId);
    }

    [Fact]
    public void A_network_is_the_sum_of_its_attachments()
    {
        TrafficMeter meter = new(Reader(), byNetwork: true);
        TrafficReading first = Assert.Single(meter.Read());
        Assert.Equal(("mybridge", 2, null, null), (first.Network, first.Attachments, first.Attachment, first.ReceivedPerSecond));
        _network.In("blue", "ping -c 2 -i 0.01 -s 1000 -W 5 10.231.9.3");
        TrafficReading second = Assert.Single(meter.Read());
        double seconds = (second.Time - first.Time).TotalSeconds;
        Assert.Equal((second.Sent.Bytes - first.Sent.Bytes) / seconds, second.SentPerSecond!.Value.Bytes, tolerance: 1e-6);
        Assert.True(second.SentPerSecond.Value.Bytes * seconds >= 4 * 1042);
    }

    [Theory]
    [InlineData(10, 30, 2, 10)]
    [InlineData(30, 10, 2, 5)] // it has begun anew
    public void A_rate_is_what_passed_in_a_second(ulong before, ulong now, int seconds, double rate)
    {
        TrafficCount Count(ulong n) => new(n, 0, 0, 0);
        Assert.Equal(rate, TrafficRate.Of(Count(before), Count(now), TimeSpan.FromSeconds(seconds))!.Value.Packets);
        Assert.Null(TrafficRate.Of(Count(before), Count(now), TimeSpan.Zero));
    }

    private TrafficReader Reader() => new(_network.Sandbox.Host, _network.Runtime.Cache.List());

    private static TrafficReading Of(string container, IEnumerable<TrafficReading> all) => all.Single(reading => reading.Attachment!.ContainerId == container);
}
