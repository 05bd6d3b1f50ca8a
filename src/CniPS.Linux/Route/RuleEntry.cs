using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A rule that has packets of a source routed by a table (RTM_NEWRULE, ip-rule(8)).</summary>
/// <param name="Source">Whose packets; of length 0: everybody's.</param>
/// <param name="Table">The table.</param>
public sealed record RuleEntry(IpPrefix Source, int Table)
{
    /// <summary>Its place among all rules, the lowest first; null leaves it to the kernel, which puts it before the one that was last added so.</summary>
    public int? Priority { get; init; }

    /// <summary>The rule as <c>ip</c> takes it.</summary>
    public override string ToString() => $"from {Source} table {Table}{(Priority is { } priority ? $" priority {priority}" : "")}";

    /// <summary>Reads a rule; null where it is none that leads to a table.</summary>
    internal static RuleEntry? Read(ReadOnlySpan<byte> body)
    {
        fib_rule_hdr header = NetlinkMessage.Split<fib_rule_hdr>(body, out NetlinkAttributes attributes);
        if (header.action != Fra.FR_ACT_TO_TBL || (header.family != LibC.AF_INET && header.family != LibC.AF_INET6))
        {
            return null;
        }

        System.Net.IPAddress source = header.family == LibC.AF_INET ? System.Net.IPAddress.Any : System.Net.IPAddress.IPv6Any;
        int table = header.table, priority = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Fra.FRA_SRC: source = attributes.Address; break;
                case Fra.FRA_TABLE: table = attributes.S32; break;
                case Fra.FRA_PRIORITY: priority = attributes.S32; break;
            }
        }

        return new RuleEntry(IpPrefix.OfKernel(source, header.src_len), table) { Priority = priority };
    }
}
