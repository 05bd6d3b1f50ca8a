using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>flannel's configuration, complete and checked.</summary>
internal sealed record FlannelConfiguration
{
    private const string DefaultSubnetFile = "/run/flannel/subnet.env", DefaultDataFolder = "/var/lib/cni/flannel";

    internal required string SubnetFile { get; init; }

    internal required string DataFolder { get; init; }

    /// <summary>What the delegate's configuration begins with; null where nothing is said.</summary>
    internal PluginConfigReader? Delegate { get; init; }

    /// <summary>What its <c>ipam</c> begins with.</summary>
    internal PluginConfigReader? Ipam { get; init; }

    /// <summary>Passed on.</summary>
    internal PluginConfigReader? RuntimeConfig { get; init; }

    internal static FlannelConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        FlannelConfiguration configuration = new()
        {
            SubnetFile = root.GetString("subnetFile") is { Length: > 0 } file ? file : DefaultSubnetFile,
            DataFolder = root.GetString("dataDir") is { Length: > 0 } folder ? folder : DefaultDataFolder,
            Delegate = root.GetObject("delegate"),
            Ipam = root.GetObject("ipam"),
            RuntimeConfig = root.GetObject("runtimeConfig"),
        };
        foreach ((string key, PluginConfigValue value) in configuration.Delegate?.Properties() ?? [])
        {
            Check(configuration.Delegate!, key, value);
        }

        return configuration;
    }
    // The rest is for the delegate to read.
    private static void Check(PluginConfigReader found, string key, PluginConfigValue value)
    {
        if (key == "type" && value.Json.ValueKind != JsonValueKind.String)
        {
            throw found.Error(key, "'delegate' dictionary, if present, must have (string) 'type' field", "Name a plugin, or leave it out: bridge.");
        }

        if (key is "name" or "ipam")
        {
            throw found.Error(key, $"'delegate' dictionary must not have '{key}' field, it'll be set by flannel", key == "ipam" ? "Put it beside \"delegate\"." : "Leave it out.");
        }
    }
}
