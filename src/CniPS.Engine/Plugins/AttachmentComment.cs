using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins;

/// <summary>The comment by which what the kernel holds says whom it serves: network, interface and container.</summary>
internal static class AttachmentComment
{
    private const int LeastOfId = 12; // as much as podman and crictl show of one
    private const int LongestNetwork = 110, KeptOfNetwork = 60, HashBytes = 8;

    // None of the three has a space in it: no other attachment has the same. Where it gets too long, it is cut behind the network.
    internal static string Of(string network, string containerId, string interfaceName) => $"{Short(network)} {interfaceName} {containerId}";

    private static string Short(string network) =>
        network.Length <= LongestNetwork ? network : $"{network[..KeptOfNetwork]}~{Sha512.Hex(network, HashBytes)}";

    internal static string Of(PluginCall call) => Of(call.Network, call.ContainerId, call.InterfaceName);

    /// <summary>Whom it names. One that was too long ends in a hash: it tells the network, but not the container.</summary>
    internal static AttachmentClaim Read(string comment, string network)
    {
        string[] names = comment.Split(' ');
        bool isWhole = names.Length == 3 && !comment.Contains('~');
        return new AttachmentClaim(network)
        {
            ContainerId = isWhole ? names[2] : null,
            InterfaceName = isWhole ? names[1] : null,
        };
    }

    /// <summary>Whether it says that an attachment of this network is served.</summary>
    internal static bool IsOfNetwork(string comment, string network) => comment.StartsWith(Short(network) + " ", StringComparison.Ordinal);

    /// <summary>Whether it says that a container is served, on whatever network, by whichever interface. Of one that was cut for its length, the hash tells.</summary>
    internal static bool IsOfContainer(string? comment, string containerId) =>
        comment?.Split(' ', 3) is [{ } network, { } interfaceName, _] && NftComment.Fit(Of(network, containerId, interfaceName)) == comment;

    /// <summary>
    /// Whether two say that the same container is served. Of those that were cut for their length, what is left of the container's id must agree,
    /// and be long enough to mean something.
    /// </summary>
    internal static bool AreOfOneContainer(string one, string other)
    {
        if (one.Split(' ', 3) is not [_, _, { } first] || other.Split(' ', 3) is not [_, _, { } second])
        {
            return false;
        }

        int cut = first.IndexOf('~'), otherCut = second.IndexOf('~');
        if (cut < 0 && otherCut < 0)
        {
            return first == second;
        }

        first = cut < 0 ? first : first[..cut];
        second = otherCut < 0 ? second : second[..otherCut];
        int length = Math.Min(first.Length, second.Length);
        return length >= LeastOfId && string.CompareOrdinal(first, 0, second, 0, length) == 0;
    }
}
