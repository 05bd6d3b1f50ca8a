using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Has an ADD ask for the addresses and the MAC address that the container has already. It changes what plugins are told, and nothing that is kept:
/// addresses go into host-local's <c>args.cni.ips</c> as far as its ranges have them, the MAC address into CNI_ARGS where the first plugin takes one.
/// </summary>
internal static class KeptIdentity
{
    /// <summary>The network and the attachment as the plugins are to get them.</summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">The attachment; what it asks for itself goes first.</param>
    /// <param name="result">What the container has; null where that is not known.</param>
    internal static (NetworkConfigurationList List, Attachment Attachment) Ask(NetworkConfigurationList list, Attachment attachment, CniResult? result) =>
        (AskAddresses(list, attachment, result), AskMac(list, attachment, result));

    /// <summary>
    /// An attachment without the addresses that it asked for on another network, or on this one as it was, where host-local gives none of them out here.
    /// </summary>
    /// <param name="list">The network.</param>
    /// <param name="attachment">The attachment.</param>
    internal static Attachment Fit(NetworkConfigurationList list, Attachment attachment)
    {
        List<HostLocalConfiguration> ranges = [];
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (plugin.IpamType == "host-local" && Ranges(list, plugin) is { } read)
            {
                ranges.Add(read);
            }
        }

        if (ranges.Count == 0)
        {
            return attachment; // nobody here knows what fits
        }

        bool Gives(string? text) =>
            (IpText.TryParse(text, out IPAddress? address) || (IpPrefix.TryParse(text, out IpPrefix prefix) && (address = prefix.Address) is not null))
            && ranges.Exists(read => read.Gives(address));

        return attachment with
        {
            Args = attachment.Args["IP"] is { } asked && !Gives(asked) ? new CniArgs(attachment.Args.Pairs.Where(static pair => pair.Key != "IP")) : attachment.Args,
            CapabilityArgs = [.. attachment.CapabilityArgs.Where(pair =>
                pair.Key != "ips" || pair.Value.ValueKind != JsonValueKind.Array
                || pair.Value.EnumerateArray().All(ip => ip.ValueKind == JsonValueKind.String && Gives(ip.GetString())))],
        };
    }

    private static NetworkConfigurationList AskAddresses(NetworkConfigurationList list, Attachment attachment, CniResult? result)
    {
        bool asksItself = attachment.Args["IP"] is not null || attachment.CapabilityArgs.Any(static pair => pair.Key is "ips" or "ipRanges");
        Dictionary<int, string[]> asked = [];
        for (int i = 0; i < list.Plugins.Count && !asksItself; i++)
        {
            string[] fitting = [.. Fitting(list, list.Plugins[i], result).Distinct()];
            if (fitting.Length > 0)
            {
                asked[i] = fitting;
            }
        }

        return asked.Count == 0 ? list : NetworkConfigurationList.Parse(Write(list, asked));
    }

    private static IEnumerable<string> Fitting(NetworkConfigurationList list, PluginConfiguration plugin, CniResult? result)
    {
        if (plugin.IpamType != "host-local" || plugin.Type == "flannel" || Ranges(list, plugin) is not { } ranges)
        {
            yield break;
        }

        foreach (CniIPConfig ip in result?.Ips ?? [])
        {
            if (ip.Address is { } address && ranges.Gives(address.Address))
            {
                yield return address.Address.ToString();
            }
        }
    }

    private static HostLocalConfiguration? Ranges(NetworkConfigurationList list, PluginConfiguration plugin)
    {
        try
        {
            return HostLocalConfiguration.Parse(new PluginCall(new PluginRequest
            {
                Verb = CniVerb.Add,
                Config = plugin.ToRequest(list.Name, list.CniVersion),
            }));
        }
        catch (CniException)
        {
            return null; // ADD says what is wrong with it
        }
    }

    private static byte[] Write(NetworkConfigurationList list, Dictionary<int, string[]> asked) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("cniVersion", list.CniVersion);
        writer.WriteString("name", list.Name);
        writer.WriteStartArray("plugins");
        for (int i = 0; i < list.Plugins.Count; i++)
        {
            if (asked.TryGetValue(i, out string[]? addresses))
            {
                WriteWith(writer, list.Plugins[i].Json, ["args", "cni", "ips"], addresses);
            }
            else
            {
                list.Plugins[i].Json.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }).ToArray();

    // An object with a list of texts at a path in it; what is no object on the way gives way.
    private static void WriteWith(Utf8JsonWriter writer, JsonElement parent, ReadOnlySpan<string> path, string[] texts)
    {
        JsonElement child = default;
        writer.WriteStartObject();
        if (parent.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in parent.EnumerateObject())
            {
                if (property.NameEquals(path[0]))
                {
                    child = property.Value;
                }
                else
                {
                    property.WriteTo(writer);
                }
            }
        }

        writer.WritePropertyName(path[0]);
        if (path.Length > 1)
        {
            WriteWith(writer, child, path[1..], texts);
        }
        else
        {
            writer.WriteStartArray();
            foreach (string text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static Attachment AskMac(NetworkConfigurationList list, Attachment attachment, CniResult? result)
    {
        bool takesOne = list.Plugins.Count > 0
            && NativePlugins.Find(list.Plugins[0].Type)?.Schema.Keys.Any(static key => key.Path == "runtimeConfig.mac") == true;
        bool asksItself = attachment.Args["MAC"] is not null || attachment.CapabilityArgs.Any(static pair => pair.Key == "mac");
        string? mac = result?.Interfaces.FirstOrDefault(item => !string.IsNullOrEmpty(item.Sandbox) && item.Name == attachment.InterfaceName)?.Mac;
        if (!takesOne || asksItself || !MacAddress.TryParse(mac, out _))
        {
            return attachment;
        }

        List<KeyValuePair<string, string>> args = [.. attachment.Args.Pairs, new("MAC", mac!)];
        if (attachment.Args["IgnoreUnknown"] is null)
        {
            args.Insert(0, new("IgnoreUnknown", "1")); // the other plugins would refuse a key that is not theirs
        }

        return attachment with { Args = new CniArgs(args) };
    }
}
