using System.Net.Sockets;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Deletes a route that refuses packets: a blackhole, or the like (RTM_DELROUTE). One that is gone counts as deleted. There is no undo: it is deleted because it
/// was in the way.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Route">The route.</param>
public sealed record RefusingRouteDelete(NetworkNamespace Namespace, FibEntry Route) : RouteChange(Namespace)
{
    private const byte ScopeNowhere = 255;

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"{(Route.Destination.IsV6 ? "-6 " : "")}route del {Route}{(Route.Priority == 0 ? "" : $" metric {Route.Priority}")}");

    /// <inheritdoc/>
    public override string Operation => $"delete route {Route}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_DELROUTE, Nl.NLM_F_ACK, new rtmsg
        {
            rtm_family = (byte)(Route.Destination.IsV6 ? LibC.AF_INET6 : LibC.AF_INET),
            rtm_dst_len = (byte)Route.Destination.Length,
            rtm_table = Route.Table is > 0 and < 256 ? (byte)Route.Table : Rt.RT_TABLE_UNSPEC,
            rtm_scope = ScopeNowhere,
            rtm_type = (byte)Route.Type,
        });
        if (Route.Destination.Length > 0)
        {
            batch.Attribute(Rt.RTA_DST, Route.Destination.Network.Address);
        }

        if (Route.Priority != 0)
        {
            batch.Attribute(Rt.RTA_PRIORITY, Route.Priority);
        }

        if (Route.Table is < 0 or > 255)
        {
            batch.Attribute(Rt.RTA_TABLE, Route.Table);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool Tolerates(int errno) => errno == Errno.ESRCH;

    internal override Applied Plan(PlannedWorld world) => new(this);
}

/// <summary>
/// Deletes a rule of the routing policy that refuses packets (RTM_DELRULE). One that is gone counts as deleted. There is no undo, as with
/// <see cref="RefusingRouteDelete"/>.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Rule">The rule.</param>
public sealed record RefusingRuleDelete(NetworkNamespace Namespace, PolicyRule Rule) : RouteChange(Namespace)
{
    private bool IsV6 => Rule.Destination.Family == AddressFamily.InterNetworkV6;

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"{(IsV6 ? "-6 " : "")}rule del {Rule}");

    /// <inheritdoc/>
    public override string Operation => $"delete rule {Rule}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Fra.RTM_DELRULE, Nl.NLM_F_ACK, new fib_rule_hdr
        {
            family = (byte)(IsV6 ? LibC.AF_INET6 : LibC.AF_INET),
            dst_len = (byte)Rule.Destination.Length,
            src_len = (byte)Rule.Source.Length,
            action = Rule.Refuses switch
            {
                RouteType.Blackhole => Fra.FR_ACT_BLACKHOLE,
                RouteType.Unreachable => Fra.FR_ACT_UNREACHABLE,
                _ => Fra.FR_ACT_PROHIBIT,
            },
        });
        if (Rule.Destination.Length > 0)
        {
            batch.Attribute(Fra.FRA_DST, Rule.Destination.Address);
        }

        if (Rule.Source.Length > 0)
        {
            batch.Attribute(Fra.FRA_SRC, Rule.Source.Address);
        }

        batch.Attribute(Fra.FRA_PRIORITY, Rule.Priority);
        if (Rule.Input is { } input)
        {
            batch.Attribute(Fra.FRA_IIFNAME, input);
        }

        if (Rule.Output is { } output)
        {
            batch.Attribute(Fra.FRA_OIFNAME, output);
        }

        if (Rule.Mark is { } mark)
        {
            batch.Attribute(Fra.FRA_FWMARK, mark.Value);
            batch.Attribute(Fra.FRA_FWMASK, mark.Mask);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Plan(PlannedWorld world) => new(this);
}
