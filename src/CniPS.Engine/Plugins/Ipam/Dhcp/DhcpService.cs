using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Sockets;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// Gets leases for the dhcp plugin, which asks through a Unix socket, and keeps them alive until they are given back. One thread does it all,
/// however many leases there are. Stopping it gives nothing back, unless asked to: addresses stay in use until their leases run out.
/// </summary>
public sealed class DhcpService : IDisposable
{
    private readonly IHost _host;
    private readonly DhcpServiceOptions _options;
    private readonly Action<string> _log;
    private readonly DhcpListener _listener;
    private readonly WakeUp _wakeUp = new();
    private readonly Dictionary<string, HeldLease> _leases = [];
    private readonly List<DhcpConnection> _connections = [];
    private readonly PollSet _set = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Thread _thread;
    private volatile bool _stopping, _release;

    /// <summary>Begins to listen and to serve.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Is told, on the service's thread, what happens to leases.</param>
    /// <exception cref="CniException">The socket can't be had (<see cref="CniErrorIds.DhcpSocketTaken"/>).</exception>
    public DhcpService(IHost host, DhcpServiceOptions options, Action<string>? log = null)
    {
        _host = host;
        _options = options;
        _log = log ?? (static _ => { });
        _listener = DhcpListener.Open(options.HostPrefix + options.SocketPath);
        _thread = new Thread(Run, 512 * 1024) { IsBackground = true, Name = "CniPS dhcp" };
        _thread.Start();
    }

    /// <summary>The socket's path.</summary>
    public string SocketPath => _listener.Path;

    private TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    /// <summary>Stops it.</summary>
    /// <param name="release">Whether the leases are given back, as after DEL.</param>
    public void Stop(bool release = false)
    {
        _release |= release;
        _stopping = true;
        _wakeUp.Set();
        _thread.Join();
    }

    /// <summary>Stops it, and gives nothing back.</summary>
    public void Dispose()
    {
        Stop();
        _wakeUp.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            Wait(out List<HeldLease> sending);
            Serve(sending);
        }

        foreach (HeldLease lease in _leases.Values)
        {
            if (_release)
            {
                lease.Release();
            }

            lease.Dispose();
        }

        _connections.ForEach(connection => connection.Dispose());
        _listener.Dispose();
    }

    // Places: wake-up, listener, connections in order, leases that wait for a server.
    private void Wait(out List<HeldLease> sending)
    {
        _set.Clear();
        _set.Add(_wakeUp.Handle);
        _set.Add(_listener.Socket.Handle);
        _connections.ForEach(connection => _set.Add(connection.Handle, connection.WaitsFor));
        sending = [];
        TimeSpan deadline = TimeSpan.MaxValue;
        foreach (HeldLease lease in _leases.Values)
        {
            deadline = lease.Deadline < deadline ? lease.Deadline : deadline;
            if (lease.Handle is { } handle)
            {
                _set.Add(handle);
                sending.Add(lease);
            }
        }

        _set.Wait(deadline == TimeSpan.MaxValue ? deadline : deadline - Now);
    }

    private void Serve(List<HeldLease> sending)
    {
        _wakeUp.Reset();
        int place = 2;
        foreach (DhcpConnection connection in _connections)
        {
            if (_set.IsReady(place++))
            {
                Serve(connection);
            }
        }

        foreach (HeldLease lease in sending)
        {
            if (_set.IsReady(place++))
            {
                lease.Receive(Now);
            }
        }

        foreach (HeldLease lease in (HeldLease[])[.. _leases.Values])
        {
            lease.Tick(Now);
            Settle(lease);
        }

        foreach (DhcpConnection connection in _connections.FindAll(static connection => connection.IsDone))
        {
            _connections.Remove(connection);
            connection.Dispose();
        }

        while (_listener.Socket.Accept() is { } client)
        {
            _connections.Add(new DhcpConnection(client));
        }
    }

    private void Serve(DhcpConnection connection)
    {
        if (connection.WaitsFor != PollFor.Data)
        {
            connection.GoOn();
        }
        else if (connection.Receive() is { } line)
        {
            try
            {
                if (Answer(DhcpQuestion.Parse(line), connection) is { } answer)
                {
                    connection.Answer(answer);
                }
            }
            catch (CniException e)
            {
                connection.Answer(new DhcpAnswer { Error = e });
            }
            catch (Exception e) when (KernelErrors.Is(e))
            {
                connection.Answer(new DhcpAnswer { Error = KernelErrors.Wrap(e) });
            }
        }
    }

    // Null where the answer comes later.
    private DhcpAnswer? Answer(DhcpQuestion question, DhcpConnection connection)
    {
        switch (question.Command)
        {
            case "LIST":
                return new DhcpAnswer { Leases = List() };
            case "STATUS":
                return new DhcpAnswer();
            case "ADD" or "CHECK" when question.Configuration is not null:
                return Allocate(question, connection);
            case "DEL" when question.Configuration is not null:
                if (_leases.TryGetValue(HeldLease.IdOf(question), out HeldLease? lease))
                {
                    Release(lease);
                }

                return new DhcpAnswer();
            case "GC" when question.Configuration is { } configuration:
                Collect(configuration);
                return new DhcpAnswer();
            default:
                throw new CniException(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"the daemon doesn't understand \"{question.Command}\"");
        }
    }

    private DhcpAnswer? Allocate(DhcpQuestion question, DhcpConnection connection)
    {
        if (_leases.TryGetValue(HeldLease.IdOf(question), out HeldLease? lease) && !lease.IsThere())
        {
            Remove(lease, $"{lease.Id}: its interface is gone");
            lease = null;
        }

        if (lease?.State is not (null or DhcpState.Init or DhcpState.Selecting or DhcpState.Requesting))
        {
            return Found(lease, question, wasThere: true);
        }

        if (lease is null)
        {
            lease = new HeldLease(_host, _options, question, _log);
            _leases.Add(lease.Id, lease);
            _log($"{lease.Id}: acquiring lease");
            lease.Start(Now);
        }

        connection.Question = question;
        lease.Waiting.Add(connection);
        return null;
    }

    // What became of a lease since it was looked at last.
    private void Settle(HeldLease lease)
    {
        bool wasWanted = lease.Waiting.Count > 0;
        lease.Waiting.RemoveAll(static connection => connection.IsDone);
        if (lease.State == DhcpState.Ended)
        {
            End(lease);
        }
        else if (lease.State == DhcpState.Bound)
        {
            Give(lease);
        }
        else if (wasWanted && lease.Waiting.Count == 0 && lease.Lease is null)
        {
            Remove(lease, $"{lease.Id}: nobody waits for it any more");
        }
    }

    private void Give(HeldLease lease)
    {
        foreach (DhcpConnection connection in lease.Waiting)
        {
            try
            {
                connection.Answer(Found(lease, connection.Question!, wasThere: false));
            }
            catch (CniException e)
            {
                connection.Answer(new DhcpAnswer { Error = e });
                Release(lease);
            }
        }

        lease.Waiting.Clear();
    }

    private void End(HeldLease lease)
    {
        CniException error = new(CniErrorIds.AddressUnavailable, CniErrorCode.TryAgainLater, $"no DHCP server gives {lease.Interface} an address: {lease.Failure}")
        {
            RecommendedAction = "Look whether a DHCP server is on the link: tcpdump -ni any port 67.",
        };
        lease.Waiting.ForEach(connection => connection.Answer(new DhcpAnswer { Error = error }));
        lease.Waiting.Clear();
        if (lease.Lease is not null && lease.IsThere())
        {
            _log($"{lease.Id}: {lease.Failure}, bringing interface DOWN");
            lease.SetDown();
        }

        Remove(lease, $"{lease.Id}: {lease.Failure}");
    }

    private void Release(HeldLease lease)
    {
        lease.Release();
        Remove(lease, $"{lease.Id}: released");
    }

    private void Remove(HeldLease lease, string why)
    {
        _log(why);
        _leases.Remove(lease.Id);
        lease.Dispose();
    }

    private void Collect(PluginConfiguration configuration)
    {
        if (ValidAttachments.Read(configuration) is { } valid)
        {
            foreach (HeldLease lease in (HeldLease[])[.. _leases.Values])
            {
                if (lease.Network == configuration.Name && !valid.Contains(lease.ContainerId, lease.Interface))
                {
                    Release(lease);
                }
            }
        }
    }

    private static DhcpAnswer Found(HeldLease held, DhcpQuestion question, bool wasThere)
    {
        DhcpLease lease = held.Lease!;
        long? priority = DhcpConfiguration.Parse(question.Configuration!, question.Args).Priority;
        List<CniRoute> routes = [];
        foreach (DhcpRoute route in lease.Routes)
        {
            bool onLink = route.Router.Equals(System.Net.IPAddress.Any);
            routes.Add(new CniRoute { Destination = route.Destination, Gateway = route.Router, Scope = onLink ? 253 : null, Priority = priority });
        }

        if (lease.Prefix is not { } prefix)
        {
            throw new CniException(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, "DHCP option Subnet Mask not found in DHCPACK")
            {
                RecommendedAction = "Have the server send a subnet mask, and don't leave it out of \"request\".",
            };
        }

        return new DhcpAnswer { Result = new CniResult { Ips = [new CniIPConfig { Address = prefix, Gateway = lease.Gateway }], Routes = routes }, WasThere = wasThere };
    }

    private List<DhcpLeaseInfo> List()
    {
        List<DhcpLeaseInfo> leases = [];
        foreach (HeldLease held in _leases.Values)
        {
            leases.Add(new DhcpLeaseInfo
            {
                Network = held.Network,
                ContainerId = held.ContainerId,
                Interface = held.Interface,
                NetNS = held.NetNS,
                State = held.State,
                Address = held.Lease?.Prefix?.ToString(),
                Server = held.Lease?.Server?.ToString(),
                Expires = held.Lease is null || held.Expiry == TimeSpan.MaxValue ? null : DateTimeOffset.Now + (held.Expiry - Now),
            });
        }

        return leases;
    }
}
