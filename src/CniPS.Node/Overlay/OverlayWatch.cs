using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Notices;
using CniPS.Linux.Route;
using CniPS.Linux.Sockets;

namespace CniPS.Node.Overlay;

/// <summary>Tells when something of flannel's network may have changed in the kernel, so that it is looked at again at once.</summary>
internal sealed class OverlayWatch : IDisposable
{
    private readonly IHost _host;
    private readonly NoticeListener _listener;
    private readonly WakeUp _end = new();
    private readonly Thread _thread;
    private readonly Func<WantedOverlay?> _wanted;
    private readonly Action _changed;
    private readonly Action<string> _log;

    /// <summary>Begins to listen.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="wanted">What is to be there just now; null while that isn't known.</param>
    /// <param name="changed">Is called for each change that may matter.</param>
    /// <param name="log">Is told when it can't listen any more.</param>
    internal OverlayWatch(IHost host, Func<WantedOverlay?> wanted, Action changed, Action<string> log)
    {
        _host = host;
        _wanted = wanted;
        _changed = changed;
        _log = log;
        _listener = new NoticeListener(host.Namespace, rules: false, alone: true, forwarding: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "overlay" };
        _thread.Start();
    }

    /// <summary>
    /// Whether a notice may be of something that is wanted: a link's coming, going or changing; what is on a tunnel's device; a route of the network. What
    /// comes and goes on other links all the time, as neighbours do, is not.
    /// </summary>
    internal static bool Concerns(Notice notice, WantedOverlay wanted, Func<int, bool> isTunnel) => notice switch
    {
        Appearance { Item: LinkItem link } => Concerns(link.Link, wanted),
        Departure { Item: LinkItem link } => Concerns(link.Link, wanted),
        Appearance { Item: RouteItem route } => IsOfNetwork(route.Route, wanted),
        Departure { Item: RouteItem route } => IsOfNetwork(route.Route, wanted),
        Appearance { Item: AddressItem or NeighbourItem } appearance => isTunnel(appearance.Item.LinkIndex),
        Departure { Item: AddressItem address } => address.LinkIndex == wanted.Uplink.Index || isTunnel(address.LinkIndex),
        Departure { Item: NeighbourItem neighbour } => isTunnel(neighbour.LinkIndex),
        ForwardingNotice line => line.Entry.IsPermanent && isTunnel(line.Entry.Port), // what is learned comes and goes by itself
        _ => false,
    };

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _listener.Dispose();
        _end.Dispose();
    }

    private static bool Concerns(Link link, WantedOverlay wanted)
    {
        bool concerns = link.Index == wanted.Uplink.Index || link.Name == wanted.Uplink.Name;
        foreach (WantedTunnel tunnel in wanted.Tunnels)
        {
            concerns |= link.Name == tunnel.Name;
        }

        return concerns;
    }

    private static bool IsOfNetwork(RouteEntry route, WantedOverlay wanted)
    {
        foreach (IpPrefix network in wanted.Networks)
        {
            if (network.Contains(route.Destination.Address))
            {
                return true;
            }
        }

        return false;
    }

    private void Run()
    {
        try
        {
            Listen();
        }
        catch (LinuxException e)
        {
            _log($"{e.Message}: what changes in the kernel is seen late from now on, when it is looked at again");
        }
    }

    private void Listen()
    {
        PollSet sockets = new();
        List<Notice> notices = [];
        HashSet<int> tunnels = [];
        WantedOverlay? known = null;
        while (true)
        {
            sockets.Clear();
            sockets.Add(_end.Handle);
            sockets.Add(_listener.Handle);
            sockets.Wait(TimeSpan.MaxValue);
            if (sockets.IsReady(0))
            {
                return;
            }

            notices.Clear();
            bool concerns = !_listener.Read(notices); // some weren't heard: they may have mattered
            if (_wanted() is { } wanted)
            {
                if (!ReferenceEquals(wanted, known))
                {
                    AddThere(wanted, tunnels);
                    known = wanted;
                }

                foreach (Notice notice in notices)
                {
                    Note(notice, wanted, tunnels);
                    concerns |= Concerns(notice, wanted, tunnels.Contains);
                }
            }

            if (concerns)
            {
                _changed();
            }
        }
    }

    // Devices that were there before anything was listened to: cnipsd was started again.
    private void AddThere(WantedOverlay wanted, HashSet<int> tunnels)
    {
        foreach (WantedTunnel tunnel in wanted.Tunnels)
        {
            if (_host.FindLink(_host.Namespace, tunnel.Name) is { } link)
            {
                tunnels.Add(link.Index);
            }
        }
    }

    private static void Note(Notice notice, WantedOverlay wanted, HashSet<int> tunnels)
    {
        if (notice is Appearance { Item: LinkItem item })
        {
            foreach (WantedTunnel tunnel in wanted.Tunnels)
            {
                if (tunnel.Name == item.Link.Name)
                {
                    tunnels.Add(item.Link.Index);
                }
            }
        }
    }
}
