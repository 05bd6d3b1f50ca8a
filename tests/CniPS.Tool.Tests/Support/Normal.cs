using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CniPS.Tool.Tests.Support;

/// <summary>
/// Recordings of a machine's state in a form in which two that mean the same are the same text: JSON is laid out with its keys sorted, what
/// chance chooses is replaced by what it is, and what doesn't count is left out.
/// </summary>
internal static partial class Normal
{
    /// <summary>What <c>ip -d -j</c> tells of a link that counts.</summary>
    private static readonly HashSet<string> s_linkKeys =
    [
        "ifname", "flags", "mtu", "master", "link_type", "promiscuity", "linkinfo", "info_kind", "info_slave_kind", "info_slave_data",
        "hairpin", "isolated", "state", "addr_info", "family", "local", "prefixlen", "broadcast", "scope",
        "dst", "gateway", "dev", "protocol", "prefsrc", "metric", "flags", "type", "table",
    ];

    public static string Of(string recording)
    {
        var text = new StringBuilder();
        foreach (string line in Joined(recording))
        {
            text.Append(Line(line)).Append('\n');
        }

        return text.ToString();
    }

    // A result is printed over several lines.
    private static IEnumerable<string> Joined(string recording)
    {
        var document = new StringBuilder();
        foreach (string line in recording.Split('\n'))
        {
            if (document.Length > 0 || line == "{")
            {
                document.Append(line);
                if (line == "}")
                {
                    yield return document.ToString();
                    document.Clear();
                }
            }
            else
            {
                yield return line;
            }
        }

        yield return document.ToString();
    }

    private static string Line(string line)
    {
        if (!line.StartsWith('[') && !line.StartsWith('{'))
        {
            return line;
        }

        JsonNode json = JsonNode.Parse(line)!;
        if (json is JsonObject && json["msg"] is not null)
        {
            return "(an error)"; // each in its own words
        }

        bool result = line.StartsWith('{');
        return Mask(Sorted(json, result)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    private static JsonNode? Sorted(JsonNode? json, bool all)
    {
        switch (json)
        {
            case JsonObject source:
                var names = new List<string>();
                foreach ((string name, JsonNode? value) in source)
                {
                    if ((all || s_linkKeys.Contains(name)) && !IsEmpty(name, value))
                    {
                        names.Add(name);
                    }
                }

                names.Sort(StringComparer.Ordinal);
                var target = new JsonObject();
                foreach (string name in names)
                {
                    target.Add(name, Sorted(source[name], all));
                }

                return target;
            case JsonArray list:
                var items = new List<JsonNode?>();
                foreach (JsonNode? item in list)
                {
                    if (!IsLinkLocal(item) && !IsMomentary(item))
                    {
                        items.Add(Sorted(item, all));
                    }
                }

                if (!all)
                {
                    // The order in which the kernel lists things says when they were made.
                    items.Sort((a, b) => string.CompareOrdinal(Mask(a!.ToJsonString()), Mask(b!.ToJsonString())));
                }

                return new JsonArray([.. items]);
            default:
                return json?.DeepClone();
        }
    }

    // An old Go program says "dns": {}, a new one nothing.
    private static bool IsEmpty(string name, JsonNode? value) => name == "dns" && value is JsonObject { Count: 0 };

    // Whether a link-local address is there yet is a matter of milliseconds.
    private static bool IsLinkLocal(JsonNode? item) =>
        item is JsonObject thing
        && ((thing["local"] is { } local && local.ToString().StartsWith("fe80:", StringComparison.Ordinal))
            || (thing["dst"] is { } destination && (destination.ToString() is "fe80::/64" or "ff00::/8" || destination.ToString().StartsWith("fe80:", StringComparison.Ordinal))));

    // How soon the kernel notices that a bridge has lost its last port.
    private static bool IsMomentary(JsonNode? item) => item is JsonValue && item.ToString() is "NO-CARRIER" or "LOWER_UP" or "linkdown";

    private static string Mask(string text) => Veth().Replace(Mac().Replace(text, "MAC"), "vethX");

    [GeneratedRegex("(?<![0-9a-f:])[0-9a-f]{2}(:[0-9a-f]{2}){5}(?![0-9a-f:])")]
    private static partial Regex Mac();

    [GeneratedRegex("veth[0-9a-f]{8}")]
    private static partial Regex Veth();
}
