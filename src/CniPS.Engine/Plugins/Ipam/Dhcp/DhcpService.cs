using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// Gets leases for the dhcp plugin, which asks through a Unix socket, and keeps them alive until they are given back. One thread does it all,
/// however many leases there are. Stopping it gives nothing back, unless asked to: addresses stay in use until their leases run out.
/// </summary>
public sealed class DhcpService : IDisposable
{
    private readonly DhcpListener _listener;
    private readonly HeldLeases _leases;
    private readonly WakeUp _wakeUp = new();
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
        _leases = new HeldLeases(host, options, log ?? (static _ => { }));
        _listener = DhcpListener.Open(options.HostPrefix + options.SocketPath, options.Descriptor);
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

        _leases.Close(_release);
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
        foreach (HeldLease lease in _leases.All)
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

        _leases.Tick(Now);
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
                if (_leases.Answer(DhcpQuestion.Parse(line), connection, Now) is { } answer)
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
}
