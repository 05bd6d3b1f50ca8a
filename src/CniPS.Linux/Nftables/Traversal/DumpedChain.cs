using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>A chain as it is there, of any family, with its rules.</summary>
internal sealed class DumpedChain
{
    internal NftTable Table { get; private set; }

    internal string Name { get; private set; } = "";

    /// <summary>Whether it stands on packets' way, and isn't only jumped to.</summary>
    internal bool IsBase { get; private set; }

    internal string Type { get; private set; } = "";

    /// <summary>NF_INET_*, NF_NETDEV_*.</summary>
    internal uint Hook { get; private set; }

    internal int Priority { get; private set; }

    internal bool DropsAtEnd { get; private set; }

    /// <summary>The links that it is on; of the family netdev, and of ingress, only.</summary>
    internal List<string> Devices { get; } = [];

    internal List<DumpedRule> Rules { get; } = [];

    internal static DumpedChain Read(byte family, NetlinkAttributes attributes)
    {
        DumpedChain chain = new();
        string table = "";
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_CHAIN_TABLE: table = attributes.Text; break;
                case Nf.NFTA_CHAIN_NAME: chain.Name = attributes.Text; break;
                case Nf.NFTA_CHAIN_TYPE: chain.Type = attributes.Text; break;
                case Nf.NFTA_CHAIN_POLICY: chain.DropsAtEnd = attributes.BigEndian32 == Nf.NF_DROP; break;
                case Nf.NFTA_CHAIN_HOOK: chain.ReadHook(attributes.Nested); break;
            }
        }

        chain.Table = new NftTable((NftFamily)family, table);
        return chain;
    }

    private void ReadHook(NetlinkAttributes hook)
    {
        IsBase = true;
        while (hook.Next())
        {
            switch (hook.Type)
            {
                case Nf.NFTA_HOOK_HOOKNUM: Hook = hook.BigEndian32; break;
                case Nf.NFTA_HOOK_PRIORITY: Priority = (int)hook.BigEndian32; break;
                case NfExpr.NFTA_HOOK_DEV: Devices.Add(hook.Text); break;
                case NfExpr.NFTA_HOOK_DEVS:
                    NetlinkAttributes devices = hook.Nested;
                    while (devices.Next())
                    {
                        Devices.Add(devices.Text);
                    }

                    break;
            }
        }
    }
}

/// <summary>A rule as it is there, taken apart.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Expressions">What it asks and does, in order.</param>
internal sealed record DumpedRule(NftRule Rule, IReadOnlyList<NftExpression> Expressions)
{
    /// <summary>How many packets it has counted; null where it doesn't count.</summary>
    internal ulong? Packets
    {
        get
        {
            foreach (NftExpression expression in Expressions)
            {
                if (expression.Name == "counter")
                {
                    return expression.LongNumber(NfExpr.NFTA_COUNTER_PACKETS);
                }
            }

            return null;
        }
    }
}
