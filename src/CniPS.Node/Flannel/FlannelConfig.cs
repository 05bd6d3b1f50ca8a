using System;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>
/// flannel's configuration of a network, as it lies in etcd (its Documentation/configuration.md): which addresses, how they are split between the nodes,
/// and by which backend packets travel.
/// </summary>
/// <param name="V4">Its IPv4 addresses: flannel on etcd has no network without.</param>
/// <param name="V6">Its IPv6 addresses; null for none.</param>
/// <param name="Backend">How packets travel.</param>
internal sealed record FlannelConfig(FlannelRange V4, FlannelRange? V6, FlannelBackend Backend)
{
    private const string Name = "flannel's config";

    /// <summary>Reads it, with flannel's defaults.</summary>
    /// <exception cref="CniException">Something in it is not right, or nothing that CniPS has.</exception>
    internal static FlannelConfig Parse(ReadOnlyMemory<byte> text)
    {
        FlannelJson json = FlannelJson.Parse(text, Name);
        if (!json.Is("EnableIPv4", otherwise: true))
        {
            throw json.Error("EnableIPv4 is false: on etcd, a node's key begins with an IPv4 subnet");
        }

        return new FlannelConfig(
            FlannelRange.Read(json, v6: false),
            json.Is("EnableIPv6") ? FlannelRange.Read(json, v6: true) : null,
            FlannelBackend.Read(json.Object("Backend") ?? throw json.Error("it has no Backend, for which flannel takes udp: CniPS has vxlan and host-gw")));
    }

    /// <summary>The addresses of a family; null where it has none.</summary>
    internal FlannelRange? Range(bool v6) => v6 ? V6 : V4;

    /// <summary>Whether a node's subnets can be of it.</summary>
    internal bool Fits(IpPrefix subnet, IpPrefix? subnetV6) =>
        V4.Fits(subnet) && (V6 is null ? subnetV6 is null : subnetV6 is { } there && V6.Fits(there));
}
