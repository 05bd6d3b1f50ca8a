using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Facts;

/// <summary>What a person wants to know of a result.</summary>
internal sealed class ResultFacts
{
    internal ResultFacts(CniResult? result, string interfaceName, string? bridge)
    {
        List<IpPrefix> addresses = [];
        foreach (CniIPConfig ip in result?.Ips ?? [])
        {
            if (ip.Address is { } address)
            {
                addresses.Add(address);
            }

            Gateway ??= ip.Gateway;
        }

        foreach (CniInterface candidate in result?.Interfaces ?? [])
        {
            if (!string.IsNullOrEmpty(candidate.Sandbox))
            {
                Mac = candidate.Name == interfaceName || Mac is null ? candidate.Mac : Mac;
                Mtu = candidate.Name == interfaceName || Mtu is null ? candidate.Mtu : Mtu;
            }
            else if (candidate.Name != bridge)
            {
                HostInterface ??= candidate.Name;
            }
        }

        Addresses = [.. addresses];
    }

    internal IpPrefix[] Addresses { get; }

    internal IPAddress? Gateway { get; }

    internal string? Mac { get; }

    internal int? Mtu { get; }

    internal string? HostInterface { get; }
}
