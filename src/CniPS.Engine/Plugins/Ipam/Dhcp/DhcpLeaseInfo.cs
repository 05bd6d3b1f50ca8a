using System;
using System.Text.Json;
using CniPS.Linux.Dhcp;

namespace CniPS.Plugins.Ipam;

/// <summary>A lease that a dhcp daemon keeps, as it is at the moment of asking.</summary>
public sealed record DhcpLeaseInfo
{
    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The interface.</summary>
    public required string Interface { get; init; }

    /// <summary>The path of the container's namespace.</summary>
    public required string NetNS { get; init; }

    /// <summary>What the client is at.</summary>
    public required DhcpState State { get; init; }

    /// <summary>The address with its subnet's length; null before there is one.</summary>
    public string? Address { get; init; }

    /// <summary>The server's address; null where it doesn't say.</summary>
    public string? Server { get; init; }

    /// <summary>When the lease ends unless it is prolonged; null where it has no end, or there is none yet.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Writes it as the daemon lists it (docs/dhcp.md).</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("network", Network);
        writer.WriteString("containerId", ContainerId);
        writer.WriteString("ifname", Interface);
        writer.WriteString("netns", NetNS);
        writer.WriteString("state", NameOf(State));
        writer.WriteString("address", Address);
        writer.WriteString("server", Server);
        if (Expires is { } expires)
        {
            writer.WriteString("expires", expires);
        }

        writer.WriteEndObject();
    }

    internal static DhcpLeaseInfo Read(JsonElement json) => new()
    {
        Network = json.GetProperty("network").GetString()!,
        ContainerId = json.GetProperty("containerId").GetString()!,
        Interface = json.GetProperty("ifname").GetString()!,
        NetNS = json.GetProperty("netns").GetString()!,
        State = StateOf(json.GetProperty("state").GetString()),
        Address = json.GetProperty("address").GetString(),
        Server = json.GetProperty("server").GetString(),
        Expires = json.TryGetProperty("expires", out JsonElement expires) ? expires.GetDateTimeOffset() : null,
    };

    // RFC 2131 has them in capitals.
    private static string NameOf(DhcpState state) => state switch
    {
        DhcpState.Init => "INIT",
        DhcpState.Selecting => "SELECTING",
        DhcpState.Requesting => "REQUESTING",
        DhcpState.Bound => "BOUND",
        DhcpState.Renewing => "RENEWING",
        DhcpState.Rebinding => "REBINDING",
        _ => "ENDED",
    };

    private static DhcpState StateOf(string? name)
    {
        for (DhcpState state = DhcpState.Init; state < DhcpState.Ended; state++)
        {
            if (NameOf(state) == name)
            {
                return state;
            }
        }

        return DhcpState.Ended;
    }
}
