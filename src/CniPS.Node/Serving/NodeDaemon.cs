using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Host;
using CniPS.Node.Blocks;
using CniPS.Node.Membership;
using CniPS.Node.Options;
using CniPS.Node.Store;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using Etcdserverpb;

namespace CniPS.Node.Serving;

/// <summary>What cnipsd does: answers questions, gives signs of life, and keeps its copy and the store agreeing.</summary>
internal sealed class NodeDaemon : IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(10), s_reconcileEvery = TimeSpan.FromMinutes(1), s_awayBeat = TimeSpan.FromSeconds(2);

    private readonly NodeSettings _settings;
    private readonly IHost _host;
    private readonly Action<string> _log;
    private readonly StoreKeys _keys;
    private readonly EtcdStore _store;
    private readonly Registration _registration;
    private readonly NodeRoster _roster;
    private readonly NodeBlockKeeper _blocks;
    private readonly SemaphoreSlim _joining = new(1);
    private NodeIdentity _identity;
    private long _reconciled; // by a clock that nobody sets
    private bool _isMember, _isSettling;
    private string? _lastFailure;

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="settings">What it works with.</param>
    /// <param name="identity">Who the node is.</param>
    /// <param name="log">Is told what is worth knowing.</param>
    internal NodeDaemon(IHost host, NodeSettings settings, NodeIdentity identity, Action<string> log)
    {
        _host = host;
        _settings = settings;
        _identity = identity;
        _log = log;
        _keys = new StoreKeys(settings.Prefix);
        _store = new EtcdStore(settings, identity.Position);
        _registration = new Registration(_store, _keys, identity, TimeProvider.System);
        _roster = new NodeRoster(_store, _keys, identity, TimeProvider.System);
        BlockClaims claims = new(_store, _keys, identity, TimeProvider.System);
        BlockCopy copy = new(host, settings.StateFolder);
        BlockSearch search = new(_store, _keys, claims, copy, identity, TimeProvider.System);
        _blocks = new NodeBlockKeeper(
            search,
            claims,
            new BlockReconciliation(_store, _keys, claims, copy, identity, TimeProvider.System, log),
            new BlockUpkeep(search, claims, copy, new AskedRanges(host, settings.StateFolder), settings, TimeProvider.System, log),
            copy,
            identity.Name);
    }

    // Who gives back empty blocks at once has them looked at as often.
    private TimeSpan Beat => _settings.Idle <= TimeSpan.Zero || _settings.Idle > s_beat ? s_beat : _settings.Idle < s_awayBeat ? s_awayBeat : _settings.Idle;

    /// <summary>The node's blocks, as its copy says.</summary>
    internal IReadOnlyList<ClusterBlock> Blocks => _blocks.List();

    /// <summary>Answers a question.</summary>
    /// <exception cref="CniException">It can't be answered.</exception>
    internal async Task<ClusterAnswer> AnswerAsync(ClusterQuestion question, CancellationToken cancellation)
    {
        switch (question.Command)
        {
            case "BLOCK":
                await JoinAsync(cancellation).ConfigureAwait(false);
                return new ClusterAnswer { Block = await _blocks.GetAsync(question, cancellation).ConfigureAwait(false) };
            case "BLOCKS":
                return new ClusterAnswer { Blocks = _blocks.List() };
            case "STATUS":
                return await StatusAsync(cancellation).ConfigureAwait(false);
            case "NODES":
                return new ClusterAnswer { Nodes = await _roster.ListAsync(cancellation).ConfigureAwait(false) };
            case "REMOVE":
                ClusterNode removed = await _roster.RemoveAsync(question.Node, question.Force, cancellation).ConfigureAwait(false);
                _log($"node {removed.Name} was removed, with {removed.Blocks.Count} blocks");
                return new ClusterAnswer { Nodes = [removed] };
            case "RELEASE" when question.Block is { } block:
                await _blocks.ReleaseAsync(question.Network, block, cancellation).ConfigureAwait(false);
                return new ClusterAnswer { Block = block };
            default:
                throw new CniException(CniErrorIds.ClusterDaemonUnavailable, CniErrorCode.DecodingFailure, $"cnipsd knows no question {question.Command}")
                {
                    RecommendedAction = "docs/cluster.md has the questions.",
                };
        }
    }

    /// <summary>Gives signs of life until it is cancelled, makes store and copy agree from time to time, and keeps as many blocks as are needed.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            bool reached = await TryBeatAsync(cancellation).ConfigureAwait(false);
            try
            {
                await Task.Delay(reached ? Beat : s_awayBeat, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One sign of life; and store and copy made to agree where that is due.</summary>
    /// <exception cref="CniException">The store is away, or the node's name is another's.</exception>
    internal async Task BeatAsync(CancellationToken cancellation)
    {
        await _joining.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A read of the store itself comes first: by it a restored store is noticed before anything is claimed.
            _isSettling = await _store.FindAsync(_keys.Settling, cancellation).ConfigureAwait(false) is not null || _store.WentBack;
            await _registration.RefreshAsync(cancellation).ConfigureAwait(false);
            if (_store.WentBack || !_isMember || TimeProvider.System.GetElapsedTime(_reconciled) > s_reconcileEvery)
            {
                await SettleAsync(cancellation).ConfigureAwait(false);
                await _blocks.ReconcileAsync(cancellation).ConfigureAwait(false);
                _reconciled = TimeProvider.System.GetTimestamp();
                _isMember = true;
                _identity = _identity with { Position = _store.Position };
                _identity.Save(_host, _settings.StateFolder);
            }
        }
        finally
        {
            _joining.Release();
        }
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _joining.Dispose();
        _store.Dispose();
    }

    // Nothing is claimed before the node is known, and has claimed again what it had. RPCs after a restore go through here, too.
    private async Task JoinAsync(CancellationToken cancellation)
    {
        if (!_isMember || _store.WentBack)
        {
            await BeatAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        if (_store.WentBack)
        {
            _log($"etcd was restored from an older state: for {_settings.Settling.TotalSeconds:0} s no node claims new blocks, and all claim theirs again");
            long lease = await _store.GrantAsync(_settings.Settling, cancellation).ConfigureAwait(false);
            await _store.CommitAsync(new TxnRequest { Success = { Commit.Put(_keys.Settling, default, lease) } }, cancellation).ConfigureAwait(false);
            _isMember = false; // until all is claimed again
            _store.Settled();
        }
    }

    private async Task<ClusterAnswer> StatusAsync(CancellationToken cancellation)
    {
        try
        {
            await JoinAsync(cancellation).ConfigureAwait(false);
            await _store.FindAsync(_keys.NodeOf(_settings.Node), cancellation).ConfigureAwait(false);
            return new ClusterAnswer();
        }
        catch (CniException e)
        {
            throw new CniException(e.ErrorId, CniErrorCode.PluginNotAvailable, e.Msg, innerException: e) { RecommendedAction = e.RecommendedAction };
        }
    }

    private async Task<bool> TryBeatAsync(CancellationToken cancellation)
    {
        try
        {
            await BeatAsync(cancellation).ConfigureAwait(false);
            if (!_isSettling)
            {
                await _blocks.KeepUpAsync(cancellation).ConfigureAwait(false);
            }

            if (_lastFailure is not null)
            {
                _log("the store is there again");
                _lastFailure = null;
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            if (_lastFailure != e.Message)
            {
                _log($"{e.Message}. {KernelErrors.Of(e)?.RecommendedAction}".TrimEnd());
                _lastFailure = e.Message;
            }

            return false;
        }
    }
}
