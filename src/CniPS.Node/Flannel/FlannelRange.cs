using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>A network's addresses of one family, and the subnets that nodes get of them.</summary>
/// <param name="Network">All of them.</param>
/// <param name="SubnetLength">The prefix length of a node's subnet.</param>
/// <param name="First">The first subnet's address.</param>
/// <param name="Last">The last subnet's address.</param>
internal sealed record FlannelRange(IpPrefix Network, int SubnetLength, IPAddress First, IPAddress Last)
{
    /// <summary>Reads it out of flannel's configuration.</summary>
    /// <exception cref="CniException">Something in it is not right.</exception>
    internal static FlannelRange Read(FlannelJson json, bool v6)
    {
        string prefix = v6 ? "IPv6" : "";
        IpPrefix network = json.Prefix(prefix + "Network") is { } given && given.IsV6 == v6 ? given
            : throw json.Error($"{prefix}Network is missing, or of the other family");
        int bits = v6 ? 128 : 32, usual = v6 ? 64 : 24;
        int length = json.Number(prefix + "SubnetLen") is { } asked and > 0 ? asked : Math.Max(usual, network.Length + 2);
        if (length > bits - 2 || length < network.Length + 2)
        {
            throw json.Error($"{network} can't be split into subnets of /{length}: at least four, and each with four addresses");
        }

        // The network's first subnet is left out: its first address would be the network's own.
        IPAddress first = json.Address(prefix + "SubnetMin") ?? Step(IpNumber.Of(network.Address), bits - length).ToAddress(network.Family);
        IPAddress last = json.Address(prefix + "SubnetMax") ?? new IpPrefix(IpNumber.LastOf(network).ToAddress(network.Family), length).Network.Address;
        foreach ((string name, IPAddress address) in ((string, IPAddress)[])[("SubnetMin", first), ("SubnetMax", last)])
        {
            if (!network.Contains(address) || !new IpPrefix(address, length).Network.Address.Equals(address))
            {
                throw json.Error($"{prefix}{name} {address} is not the beginning of a subnet of {network}");
            }
        }

        return new FlannelRange(network, length, first, last);
    }

    /// <summary>Whether a subnet is one of those that nodes get.</summary>
    internal bool Fits(IpPrefix subnet) => subnet.Family == Network.Family && subnet.Length == SubnetLength
        && IpNumber.Of(First) <= IpNumber.Of(subnet.Address) && IpNumber.Of(subnet.Address) <= IpNumber.Of(Last);

    /// <summary>The subnets that nodes get, in order.</summary>
    internal IEnumerable<IpPrefix> Subnets()
    {
        IpNumber last = IpNumber.Of(Last);
        int bits = IpText.Bits(Network.Family) - SubnetLength;
        for (IpNumber at = IpNumber.Of(First); at <= last; at = Step(at, bits))
        {
            yield return new IpPrefix(at.ToAddress(Network.Family), SubnetLength);
            if (at == last)
            {
                yield break; // the next one may be no number any more
            }
        }
    }

    private static IpNumber Step(IpNumber number, int hostBits)
    {
        if (hostBits >= 64)
        {
            return new IpNumber(number.High + (1UL << (hostBits - 64)), number.Low);
        }

        ulong low = number.Low + (1UL << hostBits);
        return new IpNumber(low < number.Low ? number.High + 1 : number.High, low);
    }
}
