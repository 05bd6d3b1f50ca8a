using System;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Removes an attachment's pair, with or without the container's namespace.</summary>
internal sealed class VethRemoval
{
    private readonly PluginContext _context;
    private readonly PluginCall _call;
    private readonly IHost _host;

    internal VethRemoval(PluginContext context, PluginCall call)
    {
        _context = context;
        _call = call;
        _host = context.Host;
    }

    internal void Remove()
    {
        if (FindPort() is { } port)
        {
            _context.Apply(new LinkDelete(_host.Namespace, port.Id));
            return;
        }

        // Made by another implementation, and no result to tell its name: by the container's end.
        if (_context.OnlyOwn || _call.Request.NetNS.Length == 0 || Container() is not { } container)
        {
            return;
        }

        if (_host.FindLink(container, _call.InterfaceName) is { } link)
        {
            _context.Apply(new LinkDelete(container, link.Id));
        }
    }

    // A path without a namespace behind it, or with the file that one was mounted on, means that the container is gone; anything else is an error.
    private NetworkNamespace? Container()
    {
        NetworkNamespace? container = _context.TryOpenNamespace(_call.Request.NetNS, out Exception? failure);
        return failure is NotANamespaceException { IsUnmounted: false } ? throw failure : container;
    }

    /// <summary>The host's end: as the result names it, or under one of the names that ADD would have given it.</summary>
    private Link? FindPort()
    {
        foreach (CniInterface named in _call.PreviousResult?.Interfaces ?? [])
        {
            if (string.IsNullOrEmpty(named.Sandbox)
                && _host.FindLink(_host.Namespace, named.Name) is { Kind: "veth" } link
                && IsOurs(link))
            {
                return link;
            }
        }

        if (_call.PreviousResult is not null)
        {
            return null;
        }

        for (int attempt = 0; attempt < HostVeth.Candidates; attempt++)
        {
            string name = HostVeth.Name(_call.Network, _call.ContainerId, _call.InterfaceName, attempt);
            if (_host.FindLink(_host.Namespace, name) is not { Kind: "veth" } link)
            {
                return null; // a later name was only taken where this one was
            }

            if (IsOurs(link))
            {
                return link;
            }
        }

        return null;
    }

    // Where the container can be looked into, the other end must be its interface: a name in an old result may serve another by now.
    private bool IsOurs(Link port)
    {
        if (port.Name == HostVeth.Name(_call.Network, _call.ContainerId, _call.InterfaceName, 0))
        {
            return true;
        }

        return _call.Request.NetNS.Length == 0
            || _context.TryOpenNamespace(_call.Request.NetNS, out _) is not { } container
            || _host.FindLink(container, _call.InterfaceName)?.Index == port.Peer;
    }
}
