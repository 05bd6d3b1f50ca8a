using System;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Node.Flannel;
using CniPS.Node.Membership;
using CniPS.Node.Options;
using CniPS.Node.Overlay;
using CniPS.Node.Store;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>Somebody sets the machine's clock back by a day: what is due is done all the same.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly Etcd _etcd = new();
    private readonly Clock _clock = new();
    private readonly EtcdStore _store;

    public ClockTests() => _store = new EtcdStore(new NodeSettings { Endpoints = [new Uri(_etcd.Endpoint)], Timeout = TimeSpan.FromSeconds(30) }, default);

    public void Dispose()
    {
        _store.Dispose();
        _etcd.Dispose();
    }

    // A key that isn't renewed goes with its lease, and with it the node's routes everywhere.
    [Fact]
    public async Task ASubnetsLeaseIsRenewed()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        FlannelConfig config = FlannelDataTests.Config("""{"Network":"10.5.0.0/16","Backend":{"Type":"host-gw"}}""");
        PeerTable peers = new("/f");
        SubnetKeeper keeper = new(_store, peers, _clock, static _ => { });
        SubnetLease node = new(default, null) { PublicIP = System.Net.IPAddress.Parse("10.99.0.11"), BackendType = "host-gw" };
        await keeper.KeepAsync(config, node, [], cancellation);
        long lease = peers.StoreLeaseOf(keeper.Own!.Key);
        _clock.SetBackByADay();
        await keeper.KeepAsync(config, node, [], cancellation);
        Assert.Equal(lease, peers.StoreLeaseOf(keeper.Own.Key));

        // An hour goes by; and the lease has gone, as it does when nobody keeps it alive.
        _etcd.Ctl("lease", "revoke", $"{lease:x}");
        Assert.Null(await _store.FindAsync("/f/subnets/" + keeper.Own.Key, cancellation));
        _clock.GoOn(TimeSpan.FromMinutes(61));
        await keeper.KeepAsync(config, node, [], cancellation);
        Assert.NotNull(await _store.FindAsync("/f/subnets/" + keeper.Own.Key, cancellation));
    }

    [Fact]
    public async Task ANodeIsSeen()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoreKeys keys = new("/c");
        Registration registration = new(_store, keys, new NodeIdentity("n1", "1", default), _clock);
        await registration.RefreshAsync(cancellation);
        DateTimeOffset first = await SeenAsync();
        _clock.SetBackByADay();
        await registration.RefreshAsync(cancellation);
        Assert.Equal(first, await SeenAsync());
        _clock.GoOn(TimeSpan.FromMinutes(6));
        await registration.RefreshAsync(cancellation);
        Assert.Equal(first.AddDays(-1).AddMinutes(6), await SeenAsync());

        async Task<DateTimeOffset> SeenAsync() => StoreKeys.Time((await _store.FindAsync(keys.NodeOf("n1"), cancellation))!.Value.Memory, "seen");
    }

    /// <summary>The time that people set, and the one that only goes on.</summary>
    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _time = DateTimeOffset.UnixEpoch.AddYears(57);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _time;

        public override long GetTimestamp() => _ticks;

        internal void SetBackByADay() => _time = _time.AddDays(-1);

        internal void GoOn(TimeSpan time)
        {
            _time += time;
            _ticks += time.Ticks;
        }
    }
}
