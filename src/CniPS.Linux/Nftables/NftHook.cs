using System;
using System.Globalization;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>What a base chain may do.</summary>
public enum NftChainType
{
    /// <summary>Let through or not.</summary>
    Filter,

    /// <summary>Translate addresses; it sees the first packet of each connection.</summary>
    Nat,

    /// <summary>Have a packet routed again.</summary>
    Route,
}

/// <summary>Where on a packet's way a base chain stands (NF_INET_*, linux/netfilter.h).</summary>
public enum NftHookPoint : uint
{
    /// <summary>Come in, not yet routed.</summary>
    Prerouting = Nf.NF_INET_PRE_ROUTING,

    /// <summary>For this host.</summary>
    Input = Nf.NF_INET_LOCAL_IN,

    /// <summary>For others.</summary>
    Forward = Nf.NF_INET_FORWARD,

    /// <summary>From this host.</summary>
    Output = Nf.NF_INET_LOCAL_OUT,

    /// <summary>Going out.</summary>
    Postrouting = Nf.NF_INET_POST_ROUTING,
}

/// <summary>What makes a chain a base chain: where on a packet's way it stands.</summary>
/// <param name="Type">What it may do.</param>
/// <param name="Point">Where it stands.</param>
/// <param name="Priority">Lower ones come first.</param>
/// <param name="Policy">
/// What becomes of a packet at the chain's end: <see cref="NftVerdictKind.Accept"/> or <see cref="NftVerdictKind.Drop"/>; null leaves it to the
/// kernel, which accepts.
/// </param>
public sealed record NftHook(NftChainType Type, NftHookPoint Point, int Priority, NftVerdictKind? Policy = null)
{
    /// <summary>The priority <c>dstnat</c>.</summary>
    public const int DestinationNat = -100;

    /// <summary>The priority <c>filter</c>.</summary>
    public const int Filter = 0;

    /// <summary>The priority <c>srcnat</c>.</summary>
    public const int SourceNat = 100;

    /// <summary>Whether a chain that is there stands so.</summary>
    internal bool IsSame(NftHook? there) => there is not null && (Type, Point, Priority) == (there.Type, there.Point, there.Priority)
        && (Policy ?? NftVerdictKind.Accept) == (there.Policy ?? NftVerdictKind.Accept);

    /// <summary>Reads the attributes of a chain that is there; null for one that is jumped to.</summary>
    internal static NftHook? Read(NetlinkAttributes chain)
    {
        string type = "";
        uint? point = null;
        int priority = 0;
        NftVerdictKind? policy = null;
        while (chain.Next())
        {
            switch (chain.Type)
            {
                case Nf.NFTA_CHAIN_TYPE: type = chain.Text; break;
                case Nf.NFTA_CHAIN_POLICY: policy = (NftVerdictKind)chain.BigEndian32; break;
                case Nf.NFTA_CHAIN_HOOK:
                    NetlinkAttributes hook = chain.Nested;
                    while (hook.Next())
                    {
                        switch (hook.Type)
                        {
                            case Nf.NFTA_HOOK_HOOKNUM: point = hook.BigEndian32; break;
                            case Nf.NFTA_HOOK_PRIORITY: priority = (int)hook.BigEndian32; break;
                        }
                    }

                    break;
            }
        }

        NftChainType kind = type switch { "nat" => NftChainType.Nat, "route" => NftChainType.Route, _ => NftChainType.Filter };
        return point is { } at ? new NftHook(kind, (NftHookPoint)at, priority, policy) : null;
    }

    internal string TypeWord => Type switch
    {
        NftChainType.Filter => "filter",
        NftChainType.Nat => "nat",
        _ => "route",
    };

    /// <summary>The hook as nft writes it: <c>type nat hook postrouting priority srcnat; policy accept;</c></summary>
    public override string ToString()
    {
        string policy = Policy is { } p ? $" policy {(p == NftVerdictKind.Drop ? "drop" : "accept")};" : "";
        return $"type {TypeWord} hook {PointWord} priority {PriorityWord};{policy}";
    }

    private string PointWord => Point switch
    {
        NftHookPoint.Prerouting => "prerouting",
        NftHookPoint.Input => "input",
        NftHookPoint.Forward => "forward",
        NftHookPoint.Output => "output",
        _ => "postrouting",
    };

    // nft knows each of these names only where it makes sense.
    private string PriorityWord => (Priority, Point) switch
    {
        (DestinationNat, NftHookPoint.Prerouting) => "dstnat",
        (SourceNat, NftHookPoint.Postrouting) => "srcnat",
        (Filter, _) => "filter",
        _ => Priority.ToString(CultureInfo.InvariantCulture),
    };
}
