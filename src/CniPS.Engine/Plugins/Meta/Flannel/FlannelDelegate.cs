using System;
using System.IO;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The configuration of the plugin that flannel has do the work, and calls of that plugin.</summary>
/// <param name="Type">The plugin.</param>
/// <param name="Config">Its configuration, as the Go plugin keeps it for DEL.</param>
internal sealed record FlannelDelegate(string Type, ReadOnlyMemory<byte> Config)
{
    private const string DefaultType = "bridge", DefaultIpam = "host-local";

    /// <summary>What follows from the configuration and what flanneld says of this node.</summary>
    internal static FlannelDelegate Make(PluginCall call, FlannelConfiguration configuration, FlannelSubnet subnet)
    {
        PluginConfigReader? given = configuration.Delegate;
        string type = given?.GetString("type") ?? DefaultType;
        return new FlannelDelegate(type, JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            if (given is not null)
            {
                JsonBytes.CopyProperties(writer, given.Json, ["runtimeConfig", "cniVersion"]);
            }

            writer.WriteString("name", call.Network);
            if (call.Configuration.CniVersion is { Length: > 0 } version)
            {
                writer.WriteString("cniVersion", version);
            }

            if (given?.Find("type") is null)
            {
                writer.WriteString("type", type);
            }

            // Whoever of the two masquerades, the other must not.
            if (given?.Find("ipMasq") is null)
            {
                writer.WriteBoolean("ipMasq", !subnet.Masquerades);
            }

            if (given?.Find("mtu") is null)
            {
                writer.WriteNumber("mtu", subnet.Mtu);
            }

            if (type == DefaultType && given?.Find("isGateway") is null)
            {
                writer.WriteBoolean("isGateway", true);
            }

            if ((configuration.RuntimeConfig ?? given?.GetObject("runtimeConfig")) is { } runtime)
            {
                writer.WritePropertyName("runtimeConfig");
                JsonBytes.Copy(writer, runtime.Json);
            }

            writer.WritePropertyName("ipam");
            WriteIpam(writer, configuration.Ipam, subnet);
            writer.WriteEndObject();
        }));
    }

    /// <summary>Reads what was kept; null where it is no configuration.</summary>
    internal static FlannelDelegate? Read(ReadOnlyMemory<byte> kept)
    {
        try
        {
            PluginConfiguration configuration = PluginConfiguration.ParseRequest(kept);
            _ = LeaseFolderOf(configuration); // GC asks for it
            return new PluginConfigReader(configuration).GetString("type") is { Length: > 0 } type ? new FlannelDelegate(type, kept) : null;
        }
        catch (CniException)
        {
            return null; // the caller says what it does without
        }
    }

    /// <summary>The network whose attachment was kept.</summary>
    internal string? Network => PluginConfiguration.ParseRequest(Config).Name;

    /// <summary>What was kept in a file says of whom it is.</summary>
    internal AttachmentClaim ClaimOf(string container, string path)
    {
        PluginConfiguration configuration = PluginConfiguration.ParseRequest(Config);
        return new AttachmentClaim(configuration.Name ?? "")
        {
            ContainerId = container,
            LeaseFolder = LeaseFolderOf(configuration),
            Since = new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero),
        };
    }

    private static string? LeaseFolderOf(PluginConfiguration configuration) =>
        configuration.IpamType != DefaultIpam ? null
        : new PluginConfigReader(configuration).GetObject("ipam")?.GetString("dataDir") is { Length: > 0 } folder ? folder
        : HostLocalConfiguration.DefaultDataFolder;

    /// <summary>Calls the plugin, with what a request has besides: the result so far, and for GC the valid attachments.</summary>
    internal CniResult? Invoke(PluginCall call, PluginContext context)
    {
        JsonElement asked = call.Configuration.Json;
        PluginConfigReader own = new(PluginConfiguration.ParseRequest(Config));
        ReadOnlyMemory<byte> config = JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            JsonBytes.CopyProperties(writer, own.Json, []);
            foreach (string key in (string[])["prevResult", "cni.dev/valid-attachments", "cni.dev/attachments"])
            {
                if (asked.TryGetProperty(key, out JsonElement value))
                {
                    writer.WritePropertyName(key);
                    JsonBytes.Copy(writer, value);
                }
            }

            writer.WriteEndObject();
        });
        return context.Plugins.Invoke(Type, call.Request with { Config = config }, context);
    }

    private static void WriteIpam(Utf8JsonWriter writer, PluginConfigReader? given, FlannelSubnet subnet)
    {
        writer.WriteStartObject();
        if (given is not null)
        {
            JsonBytes.CopyProperties(writer, given.Json, ["ranges", "routes"]);
        }

        if (given?.Find("type") is null)
        {
            writer.WriteString("type", DefaultIpam);
        }

        writer.WriteStartArray("ranges");
        foreach (IpPrefix range in subnet.Subnets)
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteString("subnet", range.ToString());
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("routes");
        foreach (PluginConfigValue route in given?.GetArray("routes") ?? [])
        {
            JsonBytes.Copy(writer, route.Json);
        }

        foreach (IpPrefix network in subnet.Networks)
        {
            writer.WriteStartObject();
            writer.WriteString("dst", network.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
