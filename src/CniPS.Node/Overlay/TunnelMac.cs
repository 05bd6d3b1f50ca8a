using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Plugins;

namespace CniPS.Node.Overlay;

/// <summary>The link-layer address of a tunnel's device, where there is no device yet.</summary>
internal static class TunnelMac
{
    /// <summary>
    /// Makes it: one that nobody was given by a manufacturer (IEEE 802, locally administered). It follows from the node's address and the network, so that a
    /// device that is made again after a restart has the one that peers know.
    /// </summary>
    internal static MacAddress Of(IPAddress node, int vni, bool v6)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, StableHash.Of(string.Create(CultureInfo.InvariantCulture, $"{node} {vni} {(v6 ? 6 : 4)}")));
        bytes = bytes[2..];
        bytes[0] = (byte)((bytes[0] & 0xfc) | 2);
        return new MacAddress(bytes);
    }
}
