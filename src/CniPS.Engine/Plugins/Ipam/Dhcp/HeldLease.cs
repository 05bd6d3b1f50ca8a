using System;
using System.Collections.Generic;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// One interface's lease: its client, and the way out while there is something to say. In between nothing is open, so that the container's
/// namespace can go when the container does; what is there by then under its path is compared, and a lease whose interface is gone ends.
/// </summary>
internal sealed class HeldLease : IDisposable
{
    private readonly IHost _host;
    private readonly NetworkNamespace _namespace;
    private readonly Link _link;
    private readonly DhcpClient _client;
    private readonly Action<string> _log;
    private DhcpSocket? _socket;
    private MacAddress? _router;

    /// <summary>Finds the interface, sets it up, and opens the way out.</summary>
    /// <exception cref="CniException">There is no such interface.</exception>
    internal HeldLease(IHost host, DhcpServiceOptions options, DhcpQuestion question, Action<string> log)
    {
        _host = host;
        _log = log;
        PluginConfiguration configuration = question.Configuration!;
        DhcpConfiguration parsed = DhcpConfiguration.Parse(configuration, question.Args);
        Network = configuration.Name ?? "";
        ContainerId = question.ContainerId;
        Interface = question.InterfaceName;
        NetNS = question.NetNS;
        Id = IdOf(question);
        _namespace = NetworkNamespace.Open(options.HostPrefix + NetNS);
        try
        {
            _link = FindLink() ?? throw new CniException(
                CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"error looking up \"{Interface}\": there is no such interface in {NetNS}")
            {
                Target = Interface,
                RecommendedAction = "dhcp needs an interface before it has an address: use it with bridge, macvlan, ipvlan or host-device.",
            };
            if (!_link.IsUp)
            {
                host.Apply([new LinkSet(_namespace, _link.Id) { Up = true }]);
                Settle();
            }

            _client = new DhcpClient(Settings(options, parsed, configuration), Random.Shared.NextDouble);
        }
        catch
        {
            _namespace.Dispose();
            throw;
        }
    }

    /// <summary>What tells it from others: the Go plugin's client id.</summary>
    internal string Id { get; }

    internal string Network { get; }

    internal string ContainerId { get; }

    internal string Interface { get; }

    internal string NetNS { get; }

    /// <summary>The clients that wait for it.</summary>
    internal List<DhcpConnection> Waiting { get; } = [];

    internal DhcpLease? Lease => _client.Lease;

    internal DhcpState State => _client.State;

    internal TimeSpan Expiry => _client.Expiry;

    internal TimeSpan Deadline => _client.Deadline;

    /// <summary>Why it ended.</summary>
    internal string? Failure { get; private set; }

    internal SafeHandle? Handle => _socket?.Handle;

    /// <summary>The client id of a question: container, network, interface; at most 254 bytes, since an octet has to count it and its type.</summary>
    internal static string IdOf(DhcpQuestion question)
    {
        string id = $"{question.ContainerId}/{question.Configuration?.Name}/{question.InterfaceName}";
        return id.Length > 254 ? id[..254] : id;
    }

    internal void Start(TimeSpan now) => Do(() => _client.Start(now));

    internal void Tick(TimeSpan now)
    {
        if (now >= Deadline)
        {
            Do(() => IsThere() ? _client.Tick(now) : Abandon("its interface is gone"));
        }
    }

    internal void Receive(TimeSpan now)
    {
        try
        {
            while (_socket?.Receive() is { } message)
            {
                Do(() => _client.Receive(message, now));
            }
        }
        catch (LinuxException e)
        {
            // Down, gone, or nobody at the other end: what was sent will be sent again, and then it is seen whether the interface is there.
            _log($"{Id}: {e.Message}");
            Close();
        }
    }

    /// <summary>Whether the interface is still the one that was given the lease.</summary>
    internal bool IsThere()
    {
        try
        {
            return FindLink() is { } link && link.Index == _link.Index && link.Mac == _link.Mac;
        }
        catch (Exception e) when (e is LinuxException or NotANamespaceException)
        {
            return false; // the namespace is gone, or another has taken its place
        }
    }

    /// <summary>Gives the lease back as far as that can be done, and ends.</summary>
    internal void Release() => Do(_client.Release);

    /// <summary>Takes the interface out of use: what it has is not its own any more.</summary>
    internal void SetDown()
    {
        try
        {
            _host.Apply([new LinkSet(_namespace, _link.Id) { Up = false }]);
        }
        catch (Exception e) when (e is ChangeException or LinuxException)
        {
            _log($"{Id}: failed to bring {Interface} interface DOWN: {e.Message}");
        }

        _namespace.Dispose();
    }

    public void Dispose()
    {
        Close();
        _namespace.Dispose();
    }

    private Link? FindLink() => _host.FindLink(_namespace, Interface);

    // Looking makes the kernel (6.8 and later) take notice of a link's state at once, at the other end as well: nothing sent is lost.
    private void Settle()
    {
        if (FindLink() is { Peer: > 0 } link)
        {
            _host.FindLink(_host.Namespace, link.Peer);
        }
    }

    private DhcpClientSettings Settings(DhcpServiceOptions options, DhcpConfiguration parsed, PluginConfiguration configuration)
    {
        IPAddress? wanted = null;
        foreach (CniIPConfig ip in configuration.ParsePrevResult()?.Ips ?? [])
        {
            wanted ??= ip.Address is { IsV6: false } address ? address.Address : null;
        }

        byte[] id = Encoding.UTF8.GetBytes(Id);
        return new DhcpClientSettings
        {
            Mac = _link.Mac ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"{Interface} has no link-layer address"),
            ClientId = [0, .. id.AsSpan(0, Math.Min(id.Length, 254))],
            Provided = parsed.Provided,
            Requested = parsed.Requested,
            Wanted = wanted,
            Broadcast = options.Broadcast,
            Timeout = options.Timeout,
            ResendMax = options.ResendMax,
            ResendTimeout = options.ResendTimeout,
        };
    }

    private void Do(Func<DhcpTransmission?> step)
    {
        DhcpState before = _client.State;
        DhcpTransmission? transmission = step();
        Failure ??= _client.Failure;
        if (transmission is not null)
        {
            Send(transmission, isSame: before == _client.State);
        }

        if (_client.State is DhcpState.Bound or DhcpState.Ended)
        {
            if (before != _client.State && _client.State == DhcpState.Bound)
            {
                string what = before switch { DhcpState.Requesting => "acquired", DhcpState.Renewing => "renewed", _ => "rebound" };
                _log($"{Id}: lease {what}, {_client.Lease!.Address} for {_client.Lease.Time}");
            }

            Close();
            _namespace.Dispose();
        }
        else if (before != _client.State && _client.State is DhcpState.Renewing or DhcpState.Rebinding)
        {
            _log($"{Id}: {(_client.State == DhcpState.Renewing ? "renewing lease" : "renewal time expired, rebinding")}");
        }
    }

    private DhcpTransmission? Abandon(string failure)
    {
        Failure = failure;
        _client.Release(); // without a word to the server: there is no way to it
        return null;
    }

    // A lease that is being renewed has an address to send from, and the kernel would refuse the server's answer if nobody listened there.
    private void Send(DhcpTransmission transmission, bool isSame)
    {
        try
        {
            if (!isSame || _socket is null)
            {
                Close();
                _socket = _client.State == DhcpState.Renewing
                    ? DhcpSocket.OpenUdp(_namespace, _link.Id, transmission.Message.ClientAddress)
                    : DhcpSocket.OpenPacket(_namespace, _link.Id, _router);
            }

            _socket.Send(transmission);
        }
        catch (Exception e) when (e is LinuxException or NotANamespaceException)
        {
            _log($"{Id}: {e.Message}"); // it is tried again
            Close();
        }
    }

    private void Close()
    {
        _router = _socket?.LastSender ?? _router;
        _socket?.Dispose();
        _socket = null;
    }
}
