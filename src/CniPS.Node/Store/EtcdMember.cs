using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CniPS.Node.Options;
using Etcdserverpb;
using Grpc.Net.Client;

namespace CniPS.Node.Store;

/// <summary>One member of etcd, and what is asked of it.</summary>
internal sealed class EtcdMember : IDisposable
{
    private readonly GrpcChannel _channel;

    private EtcdMember(Uri endpoint, HttpMessageHandler handler)
    {
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = 64 << 20 });
        Values = new KV.KVClient(_channel);
        Leases = new Lease.LeaseClient(_channel);
        Watches = new Watch.WatchClient(_channel);
        Authentication = new Auth.AuthClient(_channel);
    }

    internal KV.KVClient Values { get; }

    internal Lease.LeaseClient Leases { get; }

    internal Watch.WatchClient Watches { get; }

    internal Auth.AuthClient Authentication { get; }

    /// <summary>Every member that is named. Nothing is asked yet.</summary>
    /// <exception cref="SettingsException">A certificate or key can't be read.</exception>
    internal static IReadOnlyList<EtcdMember> Connect(NodeSettings settings)
    {
        List<EtcdMember> members = [];
        foreach (Uri endpoint in settings.Endpoints)
        {
            members.Add(new EtcdMember(endpoint, Handler(settings)));
        }

        return members;
    }

    public void Dispose() => _channel.Dispose();

    // A proxy of the environment is for the web. Pings tell of a member that is gone without a word.
    private static SocketsHttpHandler Handler(NodeSettings settings)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectTimeout = settings.Timeout,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20), // each request has a limit of its own; a busy member is not gone
            EnableMultipleHttp2Connections = true,
        };
        try
        {
            if (settings.Certificate is { } certificate)
            {
                handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, settings.Key)];
            }

            if (settings.Authority is { } authority)
            {
                X509Certificate2Collection trusted = [];
                trusted.ImportFromPemFile(authority);
                handler.SslOptions.CertificateChainPolicy = trusted.Count > 0 ? Policy(trusted)
                    : throw new SettingsException($"the certificates for etcd can't be read: there is none in {authority}");
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"the certificates for etcd can't be read: {e.Message}");
        }

        return handler;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection trusted)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }
}
