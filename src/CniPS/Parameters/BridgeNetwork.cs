using System;
using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS;

/// <summary>A network of one bridge with addresses from host-local, from which its configuration is written.</summary>
internal sealed record BridgeNetwork
{
    internal required string Name { get; init; }

    internal required string CniVersion { get; init; }

    internal string? Bridge { get; init; }

    internal IReadOnlyList<IpPrefix> Subnets { get; init; } = [];

    internal IReadOnlyList<IPAddress> Gateways { get; init; } = [];

    internal IReadOnlyList<IPAddress> RangeStarts { get; init; } = [];

    internal IReadOnlyList<IPAddress> RangeEnds { get; init; } = [];

    internal IReadOnlyList<NetworkRoute> Routes { get; init; } = [];

    /// <summary>The bridge plugin's switches that are on, in the order of their keys.</summary>
    internal IReadOnlyList<string> Flags { get; init; } = [];

    internal int? Mtu { get; init; }

    internal string? DataDir { get; init; }

    internal string? ResolvConf { get; init; }

    internal IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The configuration list.</summary>
    /// <exception cref="CniException">An address lies in none of the subnets, or in one that has one already.</exception>
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("cniVersion", CniVersion);
        writer.WriteString("name", Name);
        writer.WriteStartArray("plugins");
        writer.WriteStartObject();
        writer.WriteString("type", "bridge");
        WriteText(writer, "bridge", Bridge);
        foreach (string flag in Flags)
        {
            writer.WriteBoolean(flag, true);
        }

        if (Mtu is { } mtu)
        {
            writer.WriteNumber("mtu", mtu);
        }

        WriteIpam(writer);
        WriteCapabilities(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteIpam(Utf8JsonWriter writer)
    {
        if (Subnets.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("ipam");
        writer.WriteString("type", "host-local");
        IPAddress?[] gateways = Assign(Gateways, "-Gateway");
        IPAddress?[] starts = Assign(RangeStarts, "-RangeStart");
        IPAddress?[] ends = Assign(RangeEnds, "-RangeEnd");
        if (Subnets.Count == 1)
        {
            WriteRange(writer, 0, gateways, starts, ends);
        }
        else
        {
            writer.WriteStartArray("ranges");
            for (int i = 0; i < Subnets.Count; i++)
            {
                writer.WriteStartArray();
                writer.WriteStartObject();
                WriteRange(writer, i, gateways, starts, ends);
                writer.WriteEndObject();
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        WriteRoutes(writer);
        WriteText(writer, "dataDir", DataDir);
        WriteText(writer, "resolvConf", ResolvConf);
        writer.WriteEndObject();
    }

    private void WriteRange(Utf8JsonWriter writer, int subnet, IPAddress?[] gateways, IPAddress?[] starts, IPAddress?[] ends)
    {
        writer.WriteString("subnet", Subnets[subnet].ToString());
        WriteText(writer, "rangeStart", starts[subnet]?.ToString());
        WriteText(writer, "rangeEnd", ends[subnet]?.ToString());
        WriteText(writer, "gateway", gateways[subnet]?.ToString());
    }

    private void WriteRoutes(Utf8JsonWriter writer)
    {
        if (Routes.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("routes");
        foreach (NetworkRoute route in Routes)
        {
            writer.WriteStartObject();
            writer.WriteString("dst", route.Destination.ToString());
            WriteText(writer, "gw", route.Gateway?.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteCapabilities(Utf8JsonWriter writer)
    {
        if (Capabilities.Count > 0)
        {
            writer.WriteStartObject("capabilities");
            foreach (string capability in Capabilities)
            {
                writer.WriteBoolean(capability, true);
            }

            writer.WriteEndObject();
        }
    }

    // Each address belongs to the subnet it lies in, in whatever order they are given.
    private IPAddress?[] Assign(IReadOnlyList<IPAddress> addresses, string parameter)
    {
        IPAddress?[] assigned = new IPAddress?[Subnets.Count];
        foreach (IPAddress address in addresses)
        {
            int subnet = 0;
            while (subnet < assigned.Length && (assigned[subnet] is not null || !Subnets[subnet].Contains(address)))
            {
                subnet++;
            }

            if (subnet == assigned.Length)
            {
                throw new CniException(
                    CniErrorIds.InvalidNetworkConfig,
                    CniErrorCode.InvalidNetworkConfig,
                    $"{parameter} {address} lies in none of the subnets that have none yet ({string.Join(", ", Subnets)})")
                {
                    RecommendedAction = "Give at most one for each subnet, out of that subnet.",
                    Target = address,
                };
            }

            assigned[subnet] = address;
        }

        return assigned;
    }

    private static void WriteText(Utf8JsonWriter writer, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(key, value);
        }
    }
}
