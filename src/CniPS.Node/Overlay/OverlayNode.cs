using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;
using CniPS.Node.Flannel;
using CniPS.Node.Options;
using CniPS.Node.Store;
using CniPS.Plugins;
using CniPS.Plugins.Meta;
using CniPS.Spec;

namespace CniPS.Node.Overlay;

/// <summary>
/// A node's part in flannel's network on etcd, as flanneld's: it has a subnet, tells where it is, and has ways to all others. While etcd is away, what is in
/// the kernel stays, and is mended.
/// </summary>
internal sealed class OverlayNode : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10), s_retry = TimeSpan.FromSeconds(2), s_gather = TimeSpan.FromMilliseconds(50);

    private const int ChangesTold = 8;

    private readonly NodeSettings _settings;
    private readonly IHost _host;
    private readonly Action<string> _log;
    private readonly EtcdStore _store;
    private readonly PeerTable _peers;
    private readonly SubnetKeeper _subnet;
    private readonly OverlayReconciler _reconciler;
    private readonly PeerFollower _follower;
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly OverlayLog _told;
    private readonly PeerCopy _copy;
    private FlannelConfig? _config;
    private ReadOnlyMemory<byte> _configText;
    private (FlannelConfig Config, SubnetLease Own)? _remembered; // until the store has been heard
    private string? _uplink;
    private volatile WantedOverlay? _wanted;

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="settings">What it works with.</param>
    /// <param name="log">Is told what is worth knowing.</param>
    internal OverlayNode(IHost host, NodeSettings settings, Action<string> log)
    {
        _host = host;
        _settings = settings;
        _log = log;
        _told = new OverlayLog(log);
        _store = new EtcdStore(settings, default);
        _peers = new PeerTable(settings.Flannel!);
        _subnet = new SubnetKeeper(_store, _peers, TimeProvider.System, log);
        _reconciler = new OverlayReconciler(host);
        _copy = new PeerCopy(host, settings.StateFolder, settings.Flannel!, TimeProvider.System);
        _follower = new PeerFollower(_store, _peers, Signal, _told, log);
    }

    /// <summary>Takes part until it is cancelled. What it made stays: a node that is restarted drops no packet.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        TryRemember();
        using OverlayWatch watch = new(_host, () => _wanted, Signal, _log);
        Task following = _follower.RunAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            if (following.IsFaulted)
            {
                break;
            }

            bool isDone = await TryKeepAsync(cancellation).ConfigureAwait(false) & TryReconcile();
            try
            {
                if (await _signal.WaitAsync(isDone ? s_look : s_retry, cancellation).ConfigureAwait(false))
                {
                    await Task.Delay(s_gather, cancellation).ConfigureAwait(false); // seldom comes one alone
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await following.ConfigureAwait(false);
    }

    /// <summary>Takes part once: a subnet, and the ways to all that are there now.</summary>
    /// <exception cref="CniException">The store is away, or something in the network is not right.</exception>
    /// <exception cref="ChangeException">Something could not be changed.</exception>
    internal async Task OnceAsync(CancellationToken cancellation)
    {
        await _follower.ListAsync(cancellation).ConfigureAwait(false);
        await KeepAsync(cancellation).ConfigureAwait(false);
        Reconcile();
    }

    /// <summary>What it would do: on a machine that only plans.</summary>
    /// <returns>The key that it would put, as commands; null where it is there as it is to be.</returns>
    /// <exception cref="CniException">The store is away, or something in the network is not right.</exception>
    internal async Task<string?> PlanAsync(CancellationToken cancellation)
    {
        await _follower.ListAsync(cancellation).ConfigureAwait(false);
        FlannelConfig config = await ConfigAsync(cancellation).ConfigureAwait(false);
        Uplink uplink = FindUplink();
        (SubnetLease lease, _) = _subnet.Choose(config, Describe(config, uplink), Before(), attempt: 0);
        Reconcile(config, lease, uplink);
        string key = ShellText.Quote(_peers.Folder + lease.Key), value = ShellText.Quote(System.Text.Encoding.UTF8.GetString(lease.Value.Span));
        return _peers.Find(lease.Key) == lease ? null
            : $"lease=$(etcdctl lease grant {SubnetKeeper.Life.TotalSeconds:0} | awk '{{print $2}}')\netcdctl put --lease=\"$lease\" {key} {value}";
    }

    public void Dispose()
    {
        _store.Dispose();
        _signal.Dispose();
    }

    private void Signal()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // it has been told already
        }
    }

    private async Task<bool> TryKeepAsync(CancellationToken cancellation)
    {
        if (!_follower.IsListed)
        {
            return false;
        }

        try
        {
            await KeepAsync(cancellation).ConfigureAwait(false);
            _told.Done("subnet");
            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            _told.Failed("subnet", e);
            return false;
        }
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        FlannelConfig config = await ConfigAsync(cancellation).ConfigureAwait(false);
        await _subnet.KeepAsync(config, Describe(config, FindUplink()), Before(), cancellation).ConfigureAwait(false);
    }

    // Read once: flannel's is not made to be changed while there are nodes.
    private async Task<FlannelConfig> ConfigAsync(CancellationToken cancellation)
    {
        if (_config is null)
        {
            string key = _settings.Flannel + "/config";
            ReadOnlyMemory<byte> text = (await _store.FindAsync(key, cancellation).ConfigureAwait(false))?.Value.Memory ?? throw FlannelJson.Error(key, "there is no such key in etcd");
            _config = FlannelConfig.Parse(text);
            _configText = text;
        }

        return _config;
    }

    // After a start without etcd: what is in the kernel follows from the copy. A copy that can't be read is told, and no reason to do nothing.
    private void TryRemember()
    {
        try
        {
            if (_copy.Read() is { OwnLease: { } own } known)
            {
                _peers.Remember(known.Leases);
                _remembered = (FlannelConfig.Parse(known.Config), own);
            }
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            _told.Failed("copy", e);
        }
    }

    private Uplink FindUplink()
    {
        Uplink uplink = Uplink.Find(_host, _settings.Uplink, _uplink, _settings.PublicAddresses);
        _uplink = uplink.Link.Name;
        return uplink;
    }

    private bool TryReconcile()
    {
        try
        {
            Reconcile();
            _told.Done("kernel");
            return true;
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            _told.Failed("kernel", e);
            return false;
        }
    }

    private void Reconcile()
    {
        if (_config is { } config && _subnet.Own is { } own)
        {
            _remembered = null;
            Reconcile(config, own, FindUplink());
            _copy.Write(new KnownNetwork(_configText, own.Key, _peers.Leases));
        }
        else if (_remembered is { } before)
        {
            Reconcile(before.Config, before.Own, FindUplink());
        }
    }

    private void Reconcile(FlannelConfig config, SubnetLease own, Uplink uplink)
    {
        WantedOverlay wanted = WantedOverlay.Of(config, own, _peers.Leases, uplink, _settings.Masquerades);
        _wanted = wanted;
        IReadOnlyList<Change> made = _reconciler.Reconcile(wanted, _settings.SubnetFile, SubnetFile.Write(config, own, wanted.Mtu, _settings.Masquerades));
        _told.Problems(_reconciler.Problems);
        if (made.Count > 0 && !_host.IsPlan)
        {
            _log($"changed: {string.Join("; ", made.Take(ChangesTold).Select(static change => change.Operation))}{(made.Count > ChangesTold ? $"; and {made.Count - ChangesTold} more" : "")}");
        }
    }

    // What the node's key says. The address of a device that is there is known to others; the one that this process has told them stays.
    private SubnetLease Describe(FlannelConfig config, Uplink uplink) => new(default, null)
    {
        PublicIP = uplink.PublicIP,
        PublicIPv6 = config.V6 is null ? null : uplink.PublicIPv6 ?? throw FlannelJson.Error(
            _settings.Flannel + "/config", $"the network has IPv6, and {uplink.Link.Name} has no IPv6 address"),
        BackendType = config.Backend.Type,
        End = EndOf(config, uplink, v6: false),
        EndV6 = EndOf(config, uplink, v6: true),
    };

    private TunnelEnd? EndOf(FlannelConfig config, Uplink uplink, bool v6)
    {
        if (!config.Backend.IsTunnel || config.Range(v6) is null)
        {
            return null;
        }

        string name = config.Backend.DeviceOf(v6);
        if (!Link.CanBeNamed(name))
        {
            throw FlannelJson.Error(_settings.Flannel + "/config", $"no link can be called {name}: VNI is too large for IPv6");
        }

        return _subnet.Own?.EndOf(v6) ?? new TunnelEnd(
            config.Backend.Vni,
            _host.FindLink(_host.Namespace, name) is { Kind: "vxlan", Mac: { } mac } ? mac : TunnelMac.Of(uplink.PublicIP!, config.Backend.Vni, v6));
    }

    // What the plugin's file says of an earlier time; a file that can't be read says nothing.
    private IReadOnlyList<IpPrefix> Before()
    {
        try
        {
            return _host.FileExists(_settings.SubnetFile) ? FlannelSubnet.Read(_host, _settings.SubnetFile).Subnets : [];
        }
        catch (CniException e)
        {
            _told.Failed("file", e);
            return [];
        }
    }
}
