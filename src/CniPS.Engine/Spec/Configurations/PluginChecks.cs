using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>What libcni checks of a plugin configuration when it loads one: the types of the keys that it knows.</summary>
internal static class PluginChecks
{
    /// <summary>What stands before every message.</summary>
    public const string Prefix = "error parsing configuration: ";

    /// <summary>The capabilities; a <c>null</c> is false.</summary>
    public static Dictionary<string, bool>? Capabilities(PluginConfigReader plugin)
    {
        if (plugin.GetObject("capabilities") is not { } declared)
        {
            return null;
        }

        var capabilities = new Dictionary<string, bool>();
        foreach ((string name, PluginConfigValue value) in declared.Properties())
        {
            capabilities[name] = value.AsBool() ?? false;
        }

        return capabilities;
    }

    /// <summary>The keys that must have the right type although nobody here reads them.</summary>
    public static void CheckUnused(PluginConfigReader plugin)
    {
        plugin.GetObject("prevResult");
        if (plugin.GetObject("dns") is { } dns)
        {
            dns.GetStrings("nameservers");
            dns.GetString("domain");
            dns.GetStrings("search");
            dns.GetStrings("options");
        }

        foreach (PluginConfigValue attachment in plugin.GetArray("cni.dev/valid-attachments") ?? [])
        {
            PluginConfigReader? key = attachment.AsObject();
            key?.GetString("containerID");
            key?.GetString("ifname");
        }
    }

    /// <summary>What is wrong with a request so early that no plugin can be asked.</summary>
    public static string? RequestProblem(JsonElement request)
    {
        if (request.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return $"it must be an object, not {JsonKind.WithArticle(request)}";
        }

        new JsonFields(request, ignoreCase: true).TryGet("name", out _, out JsonElement name);
        return name.ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined ? null
            : $"key \"name\" must be a string, not {JsonKind.WithArticle(name)}";
    }
}
