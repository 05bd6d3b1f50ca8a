using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>loopback: sets the container's <c>lo</c> up, whatever interface name is given.</summary>
internal sealed class LoopbackPlugin : ICniPlugin
{
    private const string Name = "lo";

    public string Type => "loopback";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema { get; } = new("loopback", []);

    public void Validate(PluginCall call)
    {
        // It reads no key of its own.
    }

    public CniResult Add(PluginCall call, PluginContext context)
    {
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        Link link = Find(context, ns);
        if (!link.IsUp)
        {
            context.Apply(new LinkSet(ns, link.Id) { Up = true, Undo = new LinkSet(ns, link.Id) { Up = false } });
        }

        List<CniIPConfig> addresses = [];
        foreach (InterfaceAddress address in context.Host.GetAddresses(ns, link.Index))
        {
            if (!IPAddress.IsLoopback(address.Address.Address))
            {
                throw new CniException(
                    CniErrorIds.InterfaceExists,
                    CniErrorCode.Internal,
                    $"loopback interface found with non-loopback address \"{address.Address.Address}\"") { Target = Name };
            }

            if (!addresses.Exists(a => a.Address is { } other && other.Family == address.Address.Family))
            {
                addresses.Add(new CniIPConfig { Address = address.Address, Interface = 0 });
            }
        }

        return call.PreviousResult ?? new CniResult
        {
            Interfaces = [new CniInterface { Name = Name, Mac = "00:00:00:00:00:00", Sandbox = call.Request.NetNS }],
            Ips = addresses,
        };
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        if (call.Request.NetNS.Length == 0)
        {
            return;
        }

        // A path without a namespace behind it, or with the file that one was mounted on, means that the container is gone; anything else is an error.
        NetworkNamespace? ns = context.TryOpenNamespace(call.Request.NetNS, out Exception? failure);
        if (failure is NotANamespaceException { IsUnmounted: false })
        {
            throw failure;
        }

        if (ns is not null && context.Host.FindLink(ns, Name) is { IsUp: true } link)
        {
            context.Apply(new LinkSet(ns, link.Id) { Up = false });
        }
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        NetworkNamespace ns = context.OpenNamespace(call.Request.NetNS);
        Link link = Find(context, ns);
        return link.IsUp
            ? []
            : [new Difference("link lo", "up", "down", "loopback interface is down") { Repair = [new LinkSet(ns, link.Id) { Up = true }] }];
    }

    public void Status(PluginCall call, PluginContext context)
    {
        // It needs nothing that could be missing.
    }

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        // It makes nothing that could be left.
    }

    private static Link Find(PluginContext context, NetworkNamespace ns) => context.Host.FindLink(ns, Name)
        ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, "the namespace has no loopback interface") { Target = Name };
}
