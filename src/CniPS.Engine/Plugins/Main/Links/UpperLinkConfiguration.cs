using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The configuration of a link that stands on another, its master: macvlan, ipvlan, vlan.</summary>
internal abstract record UpperLinkConfiguration : LinkConfiguration
{
    private const string NoDefaultRoute = "no default route interface found";

    /// <summary>The link below; empty for the one that the default route leaves by.</summary>
    internal string Master { get; init; } = "";

    /// <summary>Whether the link below is in the container's namespace.</summary>
    internal bool LinkInContainer { get; init; }

    /// <summary>Where the link below is.</summary>
    internal NetworkNamespace Ground(PluginContext context, NetworkNamespace container) => LinkInContainer ? container : context.Host.Namespace;

    /// <summary>The link below.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.LinkNotFound"/>.</exception>
    internal Link FindMaster(PluginContext context, NetworkNamespace ns)
    {
        if (Master.Length > 0)
        {
            return context.Host.FindLink(ns, Master) ?? throw NotFound(
                $"failed to lookup master \"{Master}\": no such link{(LinkInContainer ? " in the container" : "")}",
                "Name a link in \"master\" that is there: ip link.");
        }

        foreach (RouteEntry route in context.Host.GetRoutes(ns))
        {
            if (route is { Destination.Length: 0, Table: RouteEntry.MainTable, LinkIndex: not 0 }
                && context.Host.FindLink(ns, route.LinkIndex) is { } link)
            {
                return link;
            }
        }

        throw NotFound(NoDefaultRoute, "Name the link below in \"master\", or add a default route.");
    }

    /// <summary>Refuses an MTU that the link below can't carry.</summary>
    internal void CheckMtu(PluginCall call, Link master)
    {
        if (Mtu > master.Mtu)
        {
            throw new PluginConfigReader(call.Configuration).Error(
                "mtu", $"invalid MTU {Mtu}, must be [0, master MTU({master.Mtu})]", $"{master.Name} carries {master.Mtu} bytes.");
        }
    }

    private CniException NotFound(string message, string action) =>
        new(CniErrorIds.LinkNotFound, CniErrorCode.Internal, message) { Target = Master, RecommendedAction = action };
}
