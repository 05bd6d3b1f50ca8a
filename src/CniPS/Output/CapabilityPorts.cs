using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>The ports in an attachment's capability arguments; an entry that is malformed is passed over, as portmap refused it.</summary>
internal static class CapabilityPorts
{
    internal static IReadOnlyList<PortMapping> Of(IReadOnlyList<KeyValuePair<string, JsonElement>> capabilities)
    {
        List<PortMapping> ports = [];
        foreach ((string key, JsonElement value) in capabilities)
        {
            if (key == "portMappings" && value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement entry in value.EnumerateArray())
                {
                    if (Port(entry, "hostPort") is { } host && Port(entry, "containerPort") is { } container)
                    {
                        ports.Add(new PortMapping
                        {
                            HostPort = host,
                            ContainerPort = container,
                            Protocol = Text(entry, "protocol") is { Length: > 0 } protocol ? protocol.ToLowerInvariant() : "tcp",
                            HostIP = IpText.TryParse(Text(entry, "hostIP"), out IPAddress? address) ? address : null,
                        });
                    }
                }
            }
        }

        return ports;
    }

    private static ushort? Port(JsonElement entry, string key) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetUInt16(out ushort port) && port > 0 ? port : null;

    private static string? Text(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
