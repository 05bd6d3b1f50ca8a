using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>A node's end of a tunnel.</summary>
/// <param name="Vni">The VXLAN; null where it isn't said, as before flannel 0.11.</param>
/// <param name="Mac">Its device's address.</param>
internal sealed record TunnelEnd(int? Vni, MacAddress Mac);

/// <summary>Which subnet is which node's: one of flannel's keys, and what it holds.</summary>
/// <param name="Subnet">The node's IPv4 subnet.</param>
/// <param name="SubnetV6">Its IPv6 subnet; null for none.</param>
internal sealed record SubnetLease(IpPrefix Subnet, IpPrefix? SubnetV6)
{
    /// <summary>The node's address; null where the key doesn't say.</summary>
    internal IPAddress? PublicIP { get; init; }

    /// <summary>Its IPv6 address; null for none.</summary>
    internal IPAddress? PublicIPv6 { get; init; }

    /// <summary><c>vxlan</c>, <c>host-gw</c> or another backend.</summary>
    internal string BackendType { get; init; } = "";

    /// <summary>Its end of the tunnel; null where there is none.</summary>
    internal TunnelEnd? End { get; init; }

    /// <summary>Its end of the tunnel of IPv6.</summary>
    internal TunnelEnd? EndV6 { get; init; }

    /// <summary>The key, behind <c>PREFIX/subnets/</c>.</summary>
    internal string Key => SubnetV6 is { } v6 ? $"{KeyOf(Subnet)}&{KeyOf(v6)}" : KeyOf(Subnet);

    /// <summary>What the key holds, as flannel writes it.</summary>
    internal ReadOnlyMemory<byte> Value => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("PublicIP", (PublicIP ?? IPAddress.Any).ToString());
        if (PublicIPv6 is null)
        {
            writer.WriteNull("PublicIPv6");
        }
        else
        {
            writer.WriteString("PublicIPv6", PublicIPv6.ToString());
        }

        writer.WriteString("BackendType", BackendType);
        WriteEnd(writer, "BackendData", End);
        WriteEnd(writer, "BackendV6Data", EndV6);
        writer.WriteEndObject();
    });

    /// <summary>A node's address of a family.</summary>
    internal IPAddress? PublicOf(bool v6) => v6 ? PublicIPv6 : PublicIP;

    /// <summary>Its subnet of a family.</summary>
    internal IpPrefix? SubnetOf(bool v6) => v6 ? SubnetV6 : Subnet;

    /// <summary>Its end of the tunnel of a family.</summary>
    internal TunnelEnd? EndOf(bool v6) => v6 ? EndV6 : End;

    /// <summary>Reads a key's end, and what it holds.</summary>
    /// <exception cref="CniException">It is none of flannel's.</exception>
    internal static SubnetLease Parse(string key, ReadOnlyMemory<byte> value)
    {
        string[] parts = key.Split('&');
        if (parts.Length > 2 || !TryReadKey(parts[0], v6: false, out IpPrefix subnet) | !TryReadKey(parts[^1], v6: parts.Length == 2, out IpPrefix last))
        {
            throw FlannelJson.Error($"flannel's key {key}", "it is no subnet, as 10.5.34.0-24 or 10.5.34.0-24&fd00:5:34::-64");
        }

        FlannelJson json = FlannelJson.Parse(value, $"flannel's key {key}");
        return new SubnetLease(subnet, parts.Length == 2 ? last : null)
        {
            PublicIP = json.Address("PublicIP") is { } address && !address.Equals(IPAddress.Any) ? address : null,
            PublicIPv6 = json.Address("PublicIPv6"),
            BackendType = json.Text("BackendType") ?? "",
            End = ReadEnd(json.Object("BackendData")),
            EndV6 = ReadEnd(json.Object("BackendV6Data")),
        };
    }

    private static string KeyOf(IpPrefix subnet) => string.Create(CultureInfo.InvariantCulture, $"{subnet.Address}-{subnet.Length}");

    private static bool TryReadKey(string text, bool v6, [NotNullWhen(true)] out IpPrefix subnet)
    {
        int hyphen = text.LastIndexOf('-');
        subnet = default;
        return hyphen > 0 && IpPrefix.TryParse($"{text[..hyphen]}/{text[(hyphen + 1)..]}", out subnet)
            && subnet.Family == (v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork) && subnet == subnet.Network;
    }

    // Other backends keep other things there.
    private static TunnelEnd? ReadEnd(FlannelJson? data) => data?.Text("VtepMAC") is not { } text ? null
        : MacAddress.TryParse(text, out MacAddress mac) ? new TunnelEnd(data.Value.Number("VNI"), mac) : throw data.Value.Error($"VtepMAC is no address: {text}");

    private static void WriteEnd(Utf8JsonWriter writer, string name, TunnelEnd? end)
    {
        if (end is not null)
        {
            writer.WriteStartObject(name);
            if (end.Vni is { } vni)
            {
                writer.WriteNumber("VNI", vni);
            }

            writer.WriteString("VtepMAC", end.Mac.ToString());
            writer.WriteEndObject();
        }
    }
}
