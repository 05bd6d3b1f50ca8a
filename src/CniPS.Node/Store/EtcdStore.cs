using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Node.Options;
using CniPS.Spec;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Mvccpb;

namespace CniPS.Node.Store;

/// <summary>
/// etcd's v3 API, as far as it is needed here: transactions, lists, leases. Each call goes to the member that answered last, then to the others.
/// Only linearizable calls are made, so that the store's revision never goes back, unless it was restored.
/// </summary>
internal sealed partial class EtcdStore : IDisposable
{
    private readonly NodeSettings _settings;
    private readonly IReadOnlyList<EtcdMember> _members;
    private readonly Lock _lock = new();
    private StorePosition _position;
    private int _current;
    private string? _token;

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <param name="settings">Where it is, and what it is shown.</param>
    /// <param name="position">How far it had come when this node last heard of it.</param>
    internal EtcdStore(NodeSettings settings, StorePosition position)
    {
        _settings = settings;
        _position = position;
        _members = EtcdMember.Connect(settings);
    }

    /// <summary>How far it has come.</summary>
    internal StorePosition Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>Whether it went back since <see cref="Settled"/>: it was restored from an older state.</summary>
    internal bool WentBack { get; private set; }

    /// <summary>What a restored store lacks was put there again.</summary>
    internal void Settled() => WentBack = false;

    /// <summary>Compares and changes, all or nothing.</summary>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<TxnResponse> CommitAsync(TxnRequest request, CancellationToken cancellation)
    {
        StorePosition before = Position;
        TxnResponse response = await CallAsync((member, options) => member.Values.TxnAsync(request, options), cancellation).ConfigureAwait(false);
        Note(before, response.Header);
        return response;
    }

    /// <summary>All keys that begin with a text.</summary>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<IReadOnlyList<KeyValue>> ListAsync(string prefix, CancellationToken cancellation, bool keysOnly = false)
    {
        StorePosition before = Position;
        RangeRequest request = new() { Key = Bytes(prefix), RangeEnd = EndOf(prefix), KeysOnly = keysOnly };
        RangeResponse response = await CallAsync((member, options) => member.Values.RangeAsync(request, options), cancellation).ConfigureAwait(false);
        Note(before, response.Header);
        return response.Kvs;
    }

    /// <summary>One key, or null.</summary>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<KeyValue?> FindAsync(string key, CancellationToken cancellation)
    {
        StorePosition before = Position;
        RangeRequest request = new() { Key = Bytes(key) };
        RangeResponse response = await CallAsync((member, options) => member.Values.RangeAsync(request, options), cancellation).ConfigureAwait(false);
        Note(before, response.Header);
        return response.Kvs.Count > 0 ? response.Kvs[0] : null;
    }

    /// <summary>A lease: keys put with it go when it is not kept alive.</summary>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<long> GrantAsync(TimeSpan life, CancellationToken cancellation) => (await CallAsync(
        (member, options) => member.Leases.LeaseGrantAsync(new LeaseGrantRequest { TTL = (long)Math.Max(1, life.TotalSeconds) }, options),
        cancellation).ConfigureAwait(false)).ID;

    /// <summary>Keeps a lease alive.</summary>
    /// <returns>Whether there still is one.</returns>
    /// <exception cref="CniException">No member can be asked (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).</exception>
    internal async Task<bool> KeepAliveAsync(long lease, CancellationToken cancellation)
    {
        LeaseKeepAliveResponse response = await TryMembersAsync(
            async (member, options) =>
            {
                using AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call = member.Leases.LeaseKeepAlive(options);
                await call.RequestStream.WriteAsync(new LeaseKeepAliveRequest { ID = lease }, cancellation).ConfigureAwait(false);
                bool answered = await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                return answered ? call.ResponseStream.Current : throw new RpcException(new Status(StatusCode.Unavailable, "the stream ended"));
            },
            cancellation).ConfigureAwait(false);
        return response.TTL > 0;
    }

    /// <summary>The bytes of a text.</summary>
    internal static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    /// <summary>The first key behind all that begin with a text, which ends with no 0xff.</summary>
    internal static ByteString EndOf(string prefix)
    {
        byte[] bytes = Bytes(prefix).ToByteArray();
        bytes[^1]++;
        return ByteString.CopyFrom(bytes);
    }

    public void Dispose()
    {
        foreach (EtcdMember member in _members)
        {
            member.Dispose();
        }
    }

    private void Note(StorePosition before, ResponseHeader header)
    {
        StorePosition now = new(header.ClusterId, header.RaftTerm, header.Revision);
        lock (_lock)
        {
            bool back = before.IsAheadOf(now);
            WentBack |= back;
            _position = back ? now : _position.Or(now);
        }
    }

    private Task<T> CallAsync<T>(Func<EtcdMember, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation) =>
        TryMembersAsync(
            async (member, options) =>
            {
                using AsyncUnaryCall<T> made = call(member, options);
                return await made.ResponseAsync.ConfigureAwait(false);
            },
            cancellation);

    private async Task<T> TryMembersAsync<T>(Func<EtcdMember, CallOptions, Task<T>> call, CancellationToken cancellation)
    {
        RpcException? failure = null;
        bool renewed = false;
        for (int i = 0; i < _members.Count; i++)
        {
            EtcdMember member = _members[(_current + i) % _members.Count];
            try
            {
                T response = await call(member, await OptionsAsync(member, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
                _current = (_current + i) % _members.Count;
                return response;
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                failure = e;
                if (e.StatusCode == StatusCode.Unauthenticated && _settings.User is not null && !renewed)
                {
                    _token = null; // it has run out
                    renewed = true;
                    i--;
                }
            }
        }

        cancellation.ThrowIfCancellationRequested();
        throw Unavailable(failure!);
    }

    private async Task<CallOptions> OptionsAsync(EtcdMember member, CancellationToken cancellation)
    {
        DateTime deadline = DateTime.UtcNow + _settings.Timeout;
        if (_settings.User is not { } user)
        {
            return new CallOptions(deadline: deadline, cancellationToken: cancellation);
        }

        _token ??= (await member.Authentication.AuthenticateAsync(
            new AuthenticateRequest { Name = user, Password = _settings.Password ?? "" },
            deadline: deadline,
            cancellationToken: cancellation).ResponseAsync.ConfigureAwait(false)).Token;
        return new CallOptions(new Metadata { { "token", _token } }, deadline, cancellation);
    }

    private CniException Unavailable(RpcException e)
    {
        string why = e.StatusCode == StatusCode.DeadlineExceeded ? $"no answer within {_settings.Timeout.TotalSeconds:0.#} s" : Innermost(e);
        bool isWithoutCertificate = _settings.Certificate is null && _settings.Endpoints[0].Scheme == Uri.UriSchemeHttps;
        string members = string.Join(", ", System.Linq.Enumerable.Select(_settings.Endpoints, static endpoint => endpoint.GetLeftPart(UriPartial.Authority)));
        return new CniException(CniErrorIds.ClusterStoreUnavailable, CniErrorCode.TryAgainLater, $"etcd at {members}: {why}", innerException: e)
        {
            RecommendedAction = "Look at etcd (etcdctl endpoint health), and at cnipsd's endpoints, certificates and user."
                + (isWithoutCertificate ? " etcd may want a certificate of this node (--cert, --key)." : ""),
        };
    }

    private static string Innermost(RpcException e)
    {
        Exception? cause = e.Status.DebugException;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        // A member that wants a certificate says so in a way that ends the stream before it is read.
        return cause is ObjectDisposedException ? "the member has closed the connection" : cause?.Message ?? e.Status.Detail;
    }
}
