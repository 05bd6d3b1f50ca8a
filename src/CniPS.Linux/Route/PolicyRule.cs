using System;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A rule of the routing policy with all that it asks for (RTM_NEWRULE, ip-rule(8)).</summary>
/// <param name="Priority">Its place among all rules, the lowest first.</param>
/// <param name="Source">Whose packets; of length 0: everybody's.</param>
/// <param name="Destination">Packets to whom.</param>
public sealed record PolicyRule(int Priority, IpPrefix Source, IpPrefix Destination)
{
    /// <summary>The table that is asked; 0 for a rule that leads to none.</summary>
    public int Table { get; init; }

    /// <summary>What it does with packets itself: <see cref="RouteType.Blackhole"/>, <see cref="RouteType.Unreachable"/>, <see cref="RouteType.Prohibit"/>; else unknown.</summary>
    public RouteType Refuses { get; init; }

    /// <summary>The interface by which packets come in; null for any.</summary>
    public string? Input { get; init; }

    /// <summary>The interface that a socket is bound to; null for any.</summary>
    public string? Output { get; init; }

    /// <summary>The mark that packets have, and the bits that count; null for any.</summary>
    public (uint Value, uint Mask)? Mark { get; init; }

    /// <summary>Whether it asks for something that is not told here, or for the contrary.</summary>
    public bool IsPartlyKnown { get; init; }

    /// <summary>As <c>ip rule</c> takes it, without what is not told here.</summary>
    public override string ToString() =>
        $"{(Source.Length == 0 ? "from all" : $"from {Source}")}{(Destination.Length == 0 ? "" : $" to {Destination}")}"
        + $"{(Input is null ? "" : $" iif {Input}")}{(Output is null ? "" : $" oif {Output}")}"
        + $"{(Mark is not { } mark ? "" : $" fwmark 0x{mark.Value:x}/0x{mark.Mask:x}")}"
        + $"{(Table != 0 ? $" table {Table}" : Refuses == RouteType.Unknown ? "" : " " + Refuses.ToString().ToLowerInvariant())} priority {Priority}";

    internal static PolicyRule? Read(ReadOnlySpan<byte> body)
    {
        fib_rule_hdr header = NetlinkMessage.Split<fib_rule_hdr>(body, out NetlinkAttributes attributes);
        if (header.family != LibC.AF_INET && header.family != LibC.AF_INET6)
        {
            return null;
        }

        IPAddress any = header.family == LibC.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        IPAddress source = any, destination = any;
        int table = header.table, priority = 0;
        string? input = null, output = null;
        uint? mark = null, mask = null;
        bool more = (header.flags & Fra.FIB_RULE_INVERT) != 0 || header.tos != 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Fra.FRA_SRC: source = attributes.Address; break;
                case Fra.FRA_DST: destination = attributes.Address; break;
                case Fra.FRA_TABLE: table = attributes.S32; break;
                case Fra.FRA_PRIORITY: priority = attributes.S32; break;
                case Fra.FRA_IIFNAME: input = attributes.Text; break;
                case Fra.FRA_OIFNAME: output = attributes.Text; break;
                case Fra.FRA_FWMARK: mark = attributes.U32; break;
                case Fra.FRA_FWMASK: mask = attributes.U32; break;
                case Fra.FRA_GOTO or Fra.FRA_UID_RANGE or Fra.FRA_IP_PROTO or Fra.FRA_SPORT_RANGE or Fra.FRA_DPORT_RANGE: more = true; break;
            }
        }

        return new PolicyRule(priority, IpPrefix.OfKernel(source, header.src_len), IpPrefix.OfKernel(destination, header.dst_len))
        {
            Table = header.action == Fra.FR_ACT_TO_TBL ? table : 0,
            Refuses = header.action switch
            {
                Fra.FR_ACT_BLACKHOLE => RouteType.Blackhole,
                Fra.FR_ACT_UNREACHABLE => RouteType.Unreachable,
                Fra.FR_ACT_PROHIBIT => RouteType.Prohibit,
                _ => RouteType.Unknown,
            },
            Input = input,
            Output = output,
            Mark = mark is { } value ? (value, mask ?? uint.MaxValue) : null,
            IsPartlyKnown = more,
        };
    }
}
