using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CniPS.Runtime;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The same list by Debian's Go programs and by the native plugins: what ADD answers, and what is in the container then, is the same.</summary>
internal static partial class LinkPluginComparison
{
    private const string GoPlugins = "/usr/lib/cni";

    /// <summary>What counts of a link, an address and a route.</summary>
    private static readonly HashSet<string> s_keys =
    [
        "ifname", "mtu", "linkinfo", "info_kind", "info_data", "mode", "id", "table", "protocol", "master", "address", "local", "prefixlen",
        "broadcast", "scope", "dst", "gateway", "dev", "metric", "addr_info", "family",
    ];

    /// <summary>Adds attachments, looks, checks and removes them again: first by the programs, then natively.</summary>
    internal static void Compare(TestNetwork network, params IReadOnlyList<string> interfaces)
    {
        Assert.SkipUnless(File.Exists($"{GoPlugins}/macvlan"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
        RuntimeOptions programs = network.Options with { PluginSource = PluginSource.Path, PluginPath = [GoPlugins] };
        string theirs = Record(network, new CniRuntime(network.Sandbox.Host, programs), interfaces);
        Assert.Equal(theirs, Record(network, network.Runtime, interfaces));
    }

    private static string Record(TestNetwork network, CniRuntime runtime, IReadOnlyList<string> interfaces)
    {
        if (Directory.Exists(network.Sandbox.DataFolder))
        {
            Directory.Delete(network.Sandbox.DataFolder, recursive: true); // else addresses go on from the last one
        }

        StringBuilder record = new();
        foreach (string name in interfaces)
        {
            record.AppendLine(Mac().Replace(Encoding.UTF8.GetString(runtime.Add(network.List, network.Attachment("blue", name))!.ToJson()), "MAC"));
        }

        Look(network, record);
        foreach (string name in interfaces)
        {
            runtime.Delete(network.List, network.Attachment("blue", name));
        }

        Look(network, record);
        record.Append(string.Join(' ', Directory.GetFiles(Path.Combine(network.Sandbox.DataFolder, "mybridge")).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
        return record.ToString();
    }

    private static void Look(TestNetwork network, StringBuilder record)
    {
        foreach (string command in (string[])["-d -j link", "-j addr", "-j route show table all", "-6 -j route show table all"])
        {
            record.AppendLine(command);
            SortedSet<string> lines = new(StringComparer.Ordinal);
            foreach (JsonNode? item in JsonNode.Parse(network.In("blue", $"ip {command}"))!.AsArray())
            {
                // Addresses that links make for themselves come when they like, and the routes to multicast with them.
                if (item is not null && !item.ToJsonString().Contains("\"ff00::/8\"", StringComparison.Ordinal))
                {
                    lines.Add(Mac().Replace(Keep(item)!.ToJsonString(), "MAC"));
                }
            }

            record.AppendJoin('\n', lines.Where(line => !line.Contains("\"fe80:", StringComparison.Ordinal))).AppendLine();
        }
    }

    private static JsonNode? Keep(JsonNode? json) => json switch
    {
        JsonObject source => new JsonObject(source.Where(p => s_keys.Contains(p.Key)).Select(p => KeyValuePair.Create(p.Key, Keep(p.Value)))),
        JsonArray list => new JsonArray([.. list.Where(item => !IsLinkLocal(item)).Select(Keep)]),
        _ => json?.DeepClone(),
    };

    private static bool IsLinkLocal(JsonNode? item) => item?["local"]?.ToString().StartsWith("fe80:", StringComparison.Ordinal) == true;

    [GeneratedRegex("(?<![0-9a-f:])[0-9a-f]{2}(:[0-9a-f]{2}){5}(?![0-9a-f:])")]
    private static partial Regex Mac();
}
