using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>Which subnet a node without one takes.</summary>
internal static class SubnetChoice
{
    private const int Candidates = 100; // as flannel

    /// <summary>
    /// The one that it had before, if that is free and of this network; else one of the first hundred that are free: which of them, follows from the
    /// node, so that nodes that come at the same time seldom want the same one.
    /// </summary>
    /// <param name="config">The network.</param>
    /// <param name="taken">Whose subnets there are.</param>
    /// <param name="before">What the node had, by its own files; IPv4 first.</param>
    /// <param name="seed">A number of the node's; another one for another try.</param>
    /// <exception cref="CniException">None is free.</exception>
    internal static (IpPrefix Subnet, IpPrefix? SubnetV6) Choose(
        FlannelConfig config, IReadOnlyCollection<SubnetLease> taken, IReadOnlyList<IpPrefix> before, ulong seed)
    {
        if (before.Count > 0 && config.Fits(before[0], before.Count > 1 ? before[1] : null) && IsFree(before[0], taken) && (before.Count == 1 || IsFree(before[1], taken)))
        {
            return (before[0], before.Count > 1 ? before[1] : null);
        }

        return (OneOf(config.V4, taken, seed), config.V6 is { } v6 ? OneOf(v6, taken, seed) : null);
    }

    private static IpPrefix OneOf(FlannelRange range, IReadOnlyCollection<SubnetLease> taken, ulong seed)
    {
        List<IpPrefix> free = [];
        foreach (IpPrefix subnet in range.Subnets())
        {
            if (IsFree(subnet, taken))
            {
                free.Add(subnet);
                if (free.Count == Candidates)
                {
                    break;
                }
            }
        }

        return free.Count > 0 ? free[(int)(seed % (ulong)free.Count)] : throw new CniException(
            CniErrorIds.AddressUnavailable, CniErrorCode.Internal, $"no subnet of {range.Network} is free: nodes have them all")
        {
            RecommendedAction = "Delete the keys of nodes that are gone, or give the network more addresses.",
        };
    }

    private static bool IsFree(IpPrefix subnet, IReadOnlyCollection<SubnetLease> taken)
    {
        foreach (SubnetLease lease in taken)
        {
            if (lease.SubnetOf(subnet.IsV6) is { } there && there.Family == subnet.Family && there.Overlaps(subnet))
            {
                return false;
            }
        }

        return true;
    }
}
