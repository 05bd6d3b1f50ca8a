using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// bridge's DEL: masquerading, link, address, each whether or not the others could be removed, with or without a namespace. The address is
/// given back after the link is gone, so that it is never free while in use.
/// </summary>
internal sealed class BridgeRemoval
{
    private readonly PluginCall _call;
    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;
    private readonly IHost _host;

    internal BridgeRemoval(PluginCall call, PluginContext context, BridgeConfiguration configuration)
    {
        _call = call;
        _context = context;
        _configuration = configuration;
        _host = context.Host;
    }

    internal void Delete()
    {
        List<Exception> failures = [];
        bool linkGone = true;
        if (_configuration.Masquerade)
        {
            Try(failures, () => new MasqueradeOwner(_context, _call).Remove(KnownAddresses()));
        }

        if (!Try(failures, RemoveLink))
        {
            linkGone = false;
        }

        if (linkGone && _configuration.IpamType.Length > 0)
        {
            Try(failures, () => _context.Plugins.Invoke(_configuration.IpamType, _call.Request, _context));
        }

        Failures.Throw(failures, "bridge", "DEL");
    }

    private static bool Try(List<Exception> failures, Action step)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is CniException or ChangeException or LinuxException or NotANamespaceException)
        {
            failures.Add(e);
            return false;
        }
    }

    private List<IpPrefix>? KnownAddresses()
    {
        if (_call.PreviousResult is not { Ips.Count: > 0 } result)
        {
            return null;
        }

        List<IpPrefix> addresses = [];
        foreach (CniIPConfig ip in result.Ips)
        {
            if (ip.Address is { } address)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private void RemoveLink()
    {
        if (FindPort() is { } port)
        {
            _context.Apply(new LinkDelete(_host.Namespace, port.Id));
            return;
        }

        // Made by another implementation, and no result to tell its name: by the container's end.
        if (_context.OnlyOwn || _call.Request.NetNS.Length == 0 || Container() is not { } container || container.Id == _host.Namespace.Id)
        {
            return;
        }

        if (_host.FindLink(container, _call.InterfaceName) is { } link)
        {
            _context.Apply(new LinkDelete(container, link.Id));
        }
    }

    // A path without a namespace behind it means that the container is gone; one with something else is an error.
    private NetworkNamespace? Container()
    {
        NetworkNamespace? container = _context.TryOpenNamespace(_call.Request.NetNS, out Exception? failure);
        return failure is NotANamespaceException ? throw failure : container;
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
