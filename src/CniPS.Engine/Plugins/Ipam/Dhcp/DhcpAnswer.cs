using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>What the dhcp daemon answers, as one line of JSON (docs/dhcp.md).</summary>
internal sealed record DhcpAnswer
{
    /// <summary>ADD and CHECK: what the lease gives.</summary>
    internal CniResult? Result { get; init; }

    /// <summary>ADD: whether the lease was there before.</summary>
    internal bool WasThere { get; init; }

    /// <summary>LIST: the leases.</summary>
    internal IReadOnlyList<DhcpLeaseInfo> Leases { get; init; } = [];

    /// <summary>What went wrong.</summary>
    internal CniException? Error { get; init; }

    /// <summary>The line, without its end.</summary>
    internal ReadOnlyMemory<byte> ToLine() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cnips", DhcpQuestion.Protocol);
        if (Error is not null)
        {
            DaemonLine.WriteError(writer, Error);
        }

        if (Result is not null)
        {
            writer.WriteBoolean("wasThere", WasThere);
            writer.WritePropertyName("result");
            Result.WriteTo(writer);
        }

        if (Leases.Count > 0)
        {
            writer.WriteStartArray("leases");
            foreach (DhcpLeaseInfo lease in Leases)
            {
                lease.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    /// <summary>Reads an answer; an error that it tells is thrown.</summary>
    /// <exception cref="CniException">What the daemon says went wrong, or that this is no answer.</exception>
    internal static DhcpAnswer Parse(ReadOnlyMemory<byte> line, string path)
    {
        if (line.Span.StartsWith("HTTP/"u8))
        {
            throw new CniException(
                CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.PluginNotAvailable, $"the daemon at {path} is the Go plugin's, whose protocol is Go's own")
            {
                Target = path,
                RecommendedAction = "Stop it and start ours (Start-CniDhcpService), "
                    + "name another socket (\"daemonSocketPath\"), or use the Go plugin (-PluginSource Path).",
            };
        }

        JsonElement json = JsonText.Parse(line, null, $"error reading the answer of the daemon at {path}: ").Root;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("cnips", out _))
        {
            throw new CniException(CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"what answers at {path} is no dhcp daemon of CniPS") { Target = path };
        }

        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CniException(
                CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.DecodingFailure, $"the answer of the daemon at {path} can't be read: {e.Message}", null, e) { Target = path };
        }
    }

    private static DhcpAnswer Read(JsonElement json)
    {
        DaemonLine.ThrowError(json);
        List<DhcpLeaseInfo> leases = [];
        if (json.TryGetProperty("leases", out JsonElement list))
        {
            foreach (JsonElement lease in list.EnumerateArray())
            {
                leases.Add(DhcpLeaseInfo.Read(lease));
            }
        }

        return new DhcpAnswer
        {
            Result = json.TryGetProperty("result", out JsonElement result) ? CniResult.Parse(result) : null,
            WasThere = json.TryGetProperty("wasThere", out JsonElement there) && there.GetBoolean(),
            Leases = leases,
        };
    }
}
