using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Adds a route (RTM_NEWROUTE).</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The interface it leaves by.</param>
/// <param name="Route">The route; its <see cref="RouteEntry.LinkIndex"/> is taken from <paramref name="Link"/>.</param>
public sealed record RouteAdd(NetworkNamespace Namespace, LinkId Link, RouteEntry Route) : RouteChange(Namespace)
{
    /// <summary>Whether it takes the place of a route that is there already (NLM_F_REPLACE).</summary>
    public bool Replace { get; init; }

    /// <summary>Whether it may stand beside a route to the same destination by another link, before which it goes (NLM_F_CREATE alone).</summary>
    public bool Beside { get; init; }

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, RouteMessage.Command(Replace ? "replace" : Beside ? "prepend" : "add", Link, Route));

    /// <inheritdoc/>
    public override string Operation => $"add route {RouteMessage.Describe(Link, Route)}";

    internal override void Write(NetlinkBatch batch) =>
        RouteMessage.Write(batch, Rt.RTM_NEWROUTE, (ushort)(Nl.NLM_F_CREATE | (Replace ? Nl.NLM_F_REPLACE : Beside ? 0 : Nl.NLM_F_EXCL)), Link, Route);

    internal override Applied Made(in NetlinkReply reply) => new(this, new RouteDelete(Namespace, Link, Route));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasRoute(Link.Name, Route);

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        if (Replace)
        {
            network.RemoveRoute(Link.Name, Route);
        }

        network.AddRoute(Operation, Link.Name, Route, Beside);
        return new Applied(this, new RouteDelete(Namespace, Link, Route));
    }
}

/// <summary>Deletes a route (RTM_DELROUTE). One that is gone already counts as deleted.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The interface it leaves by.</param>
/// <param name="Route">The route.</param>
public sealed record RouteDelete(NetworkNamespace Namespace, LinkId Link, RouteEntry Route) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, RouteMessage.Command("del", Link, Route));

    /// <inheritdoc/>
    public override string Operation => $"delete route {RouteMessage.Describe(Link, Route)}";

    internal override void Write(NetlinkBatch batch) => RouteMessage.Write(batch, Rt.RTM_DELROUTE, 0, Link, Route);

    internal override Applied Made(in NetlinkReply reply) => new(this, new RouteAdd(Namespace, Link, Route));

    internal override bool Tolerates(int errno) => errno is Errno.ESRCH or Errno.ENODEV;

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).HasRoute(Link.Name, Route);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveRoute(Link.Name, Route);
        return new Applied(this, new RouteAdd(Namespace, Link, Route));
    }
}

/// <summary>What both share.</summary>
internal static class RouteMessage
{
    internal static string Describe(LinkId link, RouteEntry route) =>
        route.Gateway is null ? $"{route.Destination} dev {link.Name}" : $"{route.Destination} via {route.Gateway} dev {link.Name}";

    internal static string Command(string verb, LinkId link, RouteEntry route)
    {
        StringBuilder text = new();
        if (route.Destination.IsV6)
        {
            text.Append("-6 ");
        }

        text.Append($"route {verb} {(route.Destination.Length == 0 ? "default" : route.Destination.ToString())}");
        if (route.Gateway is { } gateway)
        {
            text.Append($" via {gateway}");
        }

        text.Append($" dev {ShellText.Quote(link.Name)}");
        if (route.OnLink)
        {
            text.Append(" onlink");
        }

        Append(text, "src", route.Source);
        Append(text, "metric", route.Priority);
        if (route.Table != RouteEntry.MainTable)
        {
            text.Append($" table {route.Table}");
        }

        if (verb != "del" && route.Protocol > Rt.RTPROT_STATIC)
        {
            text.Append($" proto {route.Protocol}");
        }

        // ip guesses a scope for IPv4: link where there is no gateway.
        if (!route.Destination.IsV6 && (route.Scope is not null || route.Gateway is null))
        {
            text.Append($" scope {route.Scope ?? Rt.RT_SCOPE_UNIVERSE}");
        }

        Append(text, "mtu", route.Mtu);
        Append(text, "advmss", route.AdvMss);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, object? value)
    {
        if (value is not null)
        {
            text.Append($" {key} {value}");
        }
    }

    internal static void Write(NetlinkBatch batch, ushort type, ushort flags, LinkId link, RouteEntry route)
    {
        batch.Begin(type, (ushort)(flags | Nl.NLM_F_ACK), new rtmsg
        {
            rtm_family = (byte)(route.Destination.IsV6 ? LibC.AF_INET6 : LibC.AF_INET),
            rtm_dst_len = (byte)route.Destination.Length,
            rtm_table = route.Table is > 0 and < 256 ? (byte)route.Table : Rt.RT_TABLE_UNSPEC,
            rtm_protocol = type == Rt.RTM_NEWROUTE ? (byte)route.Protocol : Rt.RTPROT_UNSPEC,
            rtm_scope = (byte)(route.Scope ?? Rt.RT_SCOPE_UNIVERSE),
            rtm_type = Rt.RTN_UNICAST,
            rtm_flags = route.OnLink ? Rt.RTNH_F_ONLINK : 0,
        });
        if (route.Destination.Length > 0)
        {
            batch.Attribute(Rt.RTA_DST, route.Destination.Network.Address);
        }

        if (route.Gateway is { } gateway)
        {
            batch.Attribute(Rt.RTA_GATEWAY, gateway);
        }

        batch.Attribute(Rt.RTA_OIF, link.Index);
        if (route.Source is { } source)
        {
            batch.Attribute(Rt.RTA_PREFSRC, source);
        }

        if (route.Priority is { } priority)
        {
            batch.Attribute(Rt.RTA_PRIORITY, priority);
        }

        if (route.Table is < 0 or > 255)
        {
            batch.Attribute(Rt.RTA_TABLE, route.Table);
        }

        if (route.Mtu is not null || route.AdvMss is not null)
        {
            using (batch.Nested(Rt.RTA_METRICS))
            {
                if (route.Mtu is { } mtu)
                {
                    batch.Attribute(Rt.RTAX_MTU, mtu);
                }

                if (route.AdvMss is { } advMss)
                {
                    batch.Attribute(Rt.RTAX_ADVMSS, advMss);
                }
            }
        }
    }
}
