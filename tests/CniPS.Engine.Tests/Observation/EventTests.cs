using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using CniPS.Engine.Tests.Plugins;
using CniPS.Linux.Namespaces;
using CniPS.Observation;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Observation;

/// <summary>What comes, changes and goes is told, with whose it is; nothing is missed. Addresses are this class's own.</summary>
public sealed class EventTests : IDisposable
{
    private readonly TestNetwork _network = new(plugin: "\"ipMasq\": true, \"ipMasqBackend\": \"nftables\"", ipam: "\"subnet\": \"10.231.10.0/24\"");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Links_addresses_and_routes_of_the_host_are_told()
    {
        using EventWatch watch = Watch();
        _network.Sandbox.RunOnHost("ip link add v0 type veth peer name v1");
        _network.Sandbox.RunOnHost("ip link set v0 up");
        _network.Sandbox.RunOnHost("ip address add 10.231.11.1/24 dev v0");
        _network.Sandbox.RunOnHost("ip route add 10.231.12.0/24 via 10.231.11.9");
        _network.Sandbox.RunOnHost("ip route replace 10.231.12.0/24 via 10.231.11.8");
        _network.Sandbox.RunOnHost("ip neighbour add 10.231.11.9 lladdr 02:00:00:00:00:09 dev v0");
        IReadOnlyList<ObservedEvent> events = Until(watch, one => one.Kind == EventKind.Neighbour);
        Assert.Equal(["v0", "v1"], Of(events, EventKind.Link, EventAction.Added).Select(one => one.Subject).Order());
        Assert.Contains(Of(events, EventKind.Link, EventAction.Changed), one => one.Subject == "v0" && one.Old!.Contains("down") && one.New!.Contains("up"));
        ObservedEvent address = Assert.Single(Of(events, EventKind.Address, EventAction.Added), one => one.Subject == "10.231.11.1/24");
        Assert.Equal(("v0", null, "10.231.11.1/24 on v0"), (address.Interface, address.NetNS, address.New));
        ObservedEvent route = Assert.Single(Of(events, EventKind.Route, EventAction.Changed));
        Assert.Equal(("10.231.12.0/24 via 10.231.11.9 dev v0", "10.231.12.0/24 via 10.231.11.8 dev v0"), (route.Old, route.New));
        Assert.Equal("10.231.11.9 on v0: 02:00:00:00:00:09, permanent", Assert.Single(Of(events, EventKind.Neighbour, EventAction.Added)).New);

        // Of IPv4's routes the kernel says nothing when their interface goes down.
        _network.Sandbox.RunOnHost("ip link set v0 down");
        events = Until(watch, one => one.Kind == EventKind.Route && one.Subject == "10.231.12.0/24");
        Assert.Contains(Of(events, EventKind.Route, EventAction.Removed), one => one.Subject == "10.231.12.0/24" && one.New is null);
        _network.Sandbox.RunOnHost("ip link delete v0");
        events = Until(watch, one => one.Subject == "v0" && one.Action == EventAction.Removed);
        Assert.Contains(Of(events, EventKind.Address, EventAction.Removed), one => one.Subject == "10.231.11.1/24");
    }

    [Fact]
    public void An_attachment_comes_and_goes_with_all_that_is_its()
    {
        using EventWatch watch = Watch();
        _network.Add("blue");
        IReadOnlyList<ObservedEvent> events = Until(watch, one => one.Kind == EventKind.Attachment);
        string path = NamedNamespaces.PathOf(_network.Container("blue"));
        ObservedEvent added = Assert.Single(Of(events, EventKind.Attachment, EventAction.Added));
        Assert.Equal(("blue", "mybridge", "eth0", path), (added.ContainerId, added.Network, added.Interface, added.NetNS));
        Assert.Contains("10.231.10.2/24", added.New, StringComparison.Ordinal);
        ObservedEvent lease = Assert.Single(Of(events, EventKind.Lease, EventAction.Added));
        Assert.Equal(("10.231.10.2", "blue", "mybridge"), (lease.Subject, lease.ContainerId, lease.Network));
        ObservedEvent pair = Assert.Single(Of(events, EventKind.Link, EventAction.Added), one => one.NetNS is null && one.Subject.StartsWith("veth", StringComparison.Ordinal));
        Assert.Equal(("blue", "mybridge"), (pair.ContainerId, pair.Network));
        ObservedEvent inside = Assert.Single(Of(events, EventKind.Link, EventAction.Added), one => one.NetNS == path);
        Assert.Equal(("eth0", "blue", "mybridge"), (inside.Subject, inside.ContainerId, inside.Network));
        Assert.Contains(Of(events, EventKind.Address, EventAction.Added), one => one.NetNS == path && one.Subject == "10.231.10.2/24" && one.ContainerId == "blue");
        Assert.Contains(Of(events, EventKind.Rule, EventAction.Added), one => one.ContainerId == "blue" && one.Subject.StartsWith("element inet cnips", StringComparison.Ordinal));

        // Inside, by the sockets of the host: none is opened there that would keep it alive.
        _network.In("blue", "ip link set eth0 mtu 1400");
        events = Until(watch, one => one.Action == EventAction.Changed && one.NetNS == path);
        Assert.Contains(events, one => one is { Kind: EventKind.Link, Subject: "eth0", ContainerId: "blue" } && one.New!.Contains("MTU 1400", StringComparison.Ordinal));

        _network.Delete("blue");
        events = Until(watch, one => one.Kind == EventKind.Attachment);
        Assert.Equal("blue", Assert.Single(Of(events, EventKind.Attachment, EventAction.Removed)).ContainerId);
        Assert.Equal("blue", Assert.Single(Of(events, EventKind.Lease, EventAction.Removed)).ContainerId);
        Assert.Contains(Of(events, EventKind.Link, EventAction.Removed), one => one.Subject == pair.Subject && one.ContainerId == "blue");
        Assert.Contains(Of(events, EventKind.Rule, EventAction.Removed), one => one.ContainerId == "blue");
    }

    [Fact]
    public void Watching_keeps_no_container_alive()
    {
        _network.Add("blue");
        string path = NamedNamespaces.PathOf(_network.Container("blue"));
        using EventWatch watch = Watch();
        _network.RemoveContainer("blue"); // waits until its pair is gone
        IReadOnlyList<ObservedEvent> events = Until(watch, one => one.NetNS == path && one is { Kind: EventKind.Link, Subject: "eth0" });
        Assert.Contains(Of(events, EventKind.Link, EventAction.Removed), one => one.NetNS == path && one.Subject == "eth0");
        Assert.Contains(Of(events, EventKind.Link, EventAction.Removed), one => one.NetNS is null && one.ContainerId == "blue");
    }

    [Fact]
    public void A_chosen_namespace_is_watched_from_inside_and_let_go()
    {
        string path = NamedNamespaces.PathOf(_network.Container("alone"));
        using EventWatch watch = Watch(new EventSelection { Namespace = one => one == path, Kinds = [EventKind.Link] });
        _network.In("alone", "ip link set lo up");
        _network.Sandbox.RunOnHost("ip link set lo mtu 1400");
        ObservedEvent told = Assert.Single(Until(watch, one => one.Subject == "lo"));
        Assert.Equal((path, EventAction.Changed, "lo"), (told.NetNS, told.Action, told.Interface));
        _network.RemoveContainer("alone");
        Assert.Contains(Until(watch, one => one.Action == EventAction.Removed), one => one.NetNS == path && one.Subject == "lo");
    }

    // Between a look and an opening another may have taken the path: that one is not looked into in the first one's name.
    [Fact]
    public void A_namespace_that_another_has_taken_the_path_of_is_gone()
    {
        string path = NamedNamespaces.PathOf(_network.Container("first"));
        using WatchedNamespace watched = new(NetworkNamespace.TryIdentify(path)!.Value, path);
        watched.TryOpen()!.Dispose();
        _network.RemoveContainer("first");
        Assert.Null(watched.TryOpen());
        _network.Container("first");
        Assert.Null(watched.TryOpen());
        Assert.False(watched.IsThere);
        Assert.False(watched.LeaveIfNumbered(_network.Sandbox.Host.Namespace));
    }

    // Events from before the watch are none, and of what happens while it begins each thing is told once.
    [Fact]
    public void Nothing_is_missed_while_it_begins()
    {
        using ManualResetEventSlim enough = new();
        int made = 0;
        Thread maker = new(() =>
        {
            for (; !enough.IsSet && made < 4000; made++)
            {
                _network.Sandbox.RunOnHost($"ip route add 10.{40 + (made / 250)}.{made % 250}.0/24 dev lo");
            }
        });
        _network.Sandbox.RunOnHost("ip link set lo up");
        maker.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref made) > 10, TimeSpan.FromSeconds(20));
        using EventWatch watch = Watch(new EventSelection { Kinds = [EventKind.Route] });
        int atLeast = made + 10;
        SpinWait.SpinUntil(() => Volatile.Read(ref made) > atLeast, TimeSpan.FromSeconds(20));
        enough.Set();
        maker.Join();
        string last = $"10.{40 + ((made - 1) / 250)}.{(made - 1) % 250}.0/24";
        List<string> told = [.. Until(watch, one => one.Subject == last).Select(one => one.Subject)];
        Assert.Equal(told.Distinct(), told);
        Assert.True(told.Count is > 9 && told.Count < made, $"{told.Count} of {made}");
        Assert.Equal(Enumerable.Range(made - told.Count, told.Count).Select(i => $"10.{40 + (i / 250)}.{i % 250}.0/24"), told);
    }

    [Fact]
    public void An_overrun_is_told_and_what_was_lost_is_read_again()
    {
        _network.Sandbox.RunOnHost("ip link set lo up");
        using EventWatch watch = Watch(new EventSelection { Kinds = [EventKind.Route] }, bufferSize: 4096);
        Sandbox.Run("seq 1 200 | sed 's/.*/route add 10.77.&.0\\/24 dev lo/' | ip -n " + _network.HostName + " -batch -");
        IReadOnlyList<ObservedEvent> events = Until(watch, one => one.Subject == "10.77.200.0/24");
        Assert.Single(events, one => one is { Kind: EventKind.Overrun, Action: EventAction.Lost });
        Assert.Equal(
            Enumerable.Range(1, 200).Select(i => $"10.77.{i}.0/24").Order(),
            Of(events, EventKind.Route, EventAction.Added).Select(one => one.Subject).Order());
    }

    [Fact]
    public void It_ends_at_its_time_and_when_it_is_cancelled()
    {
        using EventWatch watch = Watch();
        Assert.Empty(watch.Watch(TimeSpan.FromMilliseconds(50), CancellationToken.None));
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(50));
        Assert.Throws<OperationCanceledException>(() => watch.Watch(null, source.Token).Count());
    }

    private EventWatch Watch(EventSelection? selection = null, int bufferSize = EventWatch.DefaultBufferSize) => new(
        _network.Sandbox.Host, _network.Runtime.Cache, _network.Sandbox.CacheFolder, [_network.Sandbox.DataFolder], selection ?? new EventSelection(), bufferSize);

    // All that is told until something is, and what comes with it.
    private static IReadOnlyList<ObservedEvent> Until(EventWatch watch, Predicate<ObservedEvent> last)
    {
        List<ObservedEvent> all = [];
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20) && !all.Exists(last);)
        {
            all.AddRange(watch.Watch(TimeSpan.FromMilliseconds(100), CancellationToken.None));
        }

        Assert.True(all.Exists(last), string.Join('\n', all));
        return all;
    }

    private static IEnumerable<ObservedEvent> Of(IEnumerable<ObservedEvent> events, EventKind kind, EventAction action) =>
        events.Where(one => one.Kind == kind && one.Action == action);
}
