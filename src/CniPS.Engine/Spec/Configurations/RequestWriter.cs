using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// Writes requests. What the runtime sets comes last, so that it also wins with a reader that takes <c>Name</c> for <c>name</c>.
/// </summary>
internal static class RequestWriter
{
    private const string Name = "name";
    private const string Version = "cniVersion";
    private const string PrevResult = "prevResult";
    private const string RuntimeConfig = "runtimeConfig";

    private static readonly string[] AttachmentKeys = ["cni.dev/valid-attachments", "cni.dev/attachments"];

    /// <summary>The request for every verb but GC.</summary>
    public static ReadOnlyMemory<byte> Write(
        PluginConfiguration plugin,
        string networkName,
        string cniVersion,
        CniResult? prevResult,
        IReadOnlyList<KeyValuePair<string, JsonElement>> capabilityArgs)
    {
        var runtimeConfig = new Dictionary<string, JsonElement>();
        foreach ((string capability, JsonElement value) in capabilityArgs)
        {
            if (plugin.Capabilities.TryGetValue(capability, out bool wanted) && wanted)
            {
                runtimeConfig[capability] = value;
            }
        }

        var replaced = new List<string> { Name, Version };
        if (prevResult is not null)
        {
            replaced.Add(PrevResult);
        }

        if (runtimeConfig.Count > 0)
        {
            replaced.Add(RuntimeConfig);
        }

        return Write(plugin, networkName, cniVersion, replaced, writer =>
        {
            if (prevResult is not null)
            {
                writer.WritePropertyName(PrevResult);
                prevResult.WriteTo(writer);
            }

            if (runtimeConfig.Count > 0)
            {
                writer.WriteStartObject(RuntimeConfig);
                foreach ((string capability, JsonElement value) in runtimeConfig)
                {
                    writer.WritePropertyName(capability);
                    JsonBytes.Copy(writer, value);
                }

                writer.WriteEndObject();
            }
        });
    }

    /// <summary>The request for GC.</summary>
    public static ReadOnlyMemory<byte> WriteGC(
        PluginConfiguration plugin, string networkName, string cniVersion, IReadOnlyList<AttachmentKey>? valid)
    {
        string[] set = valid is null ? [] : AttachmentKeys;
        return Write(plugin, networkName, cniVersion, [Name, Version, .. set], writer =>
        {
            foreach (string key in set)
            {
                writer.WriteStartArray(key);
                foreach (AttachmentKey attachment in valid!)
                {
                    writer.WriteStartObject();
                    writer.WriteString("containerID", attachment.ContainerId);
                    writer.WriteString("ifname", attachment.InterfaceName);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }
        });
    }

    private static ReadOnlyMemory<byte> Write(
        PluginConfiguration plugin, string networkName, string cniVersion, List<string> replaced, Action<Utf8JsonWriter> writeRest) =>
        JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            JsonBytes.CopyProperties(writer, plugin.Json, replaced.ToArray());
            writer.WriteString(Name, networkName);
            writer.WriteString(Version, cniVersion);
            writeRest(writer);
            writer.WriteEndObject();
        });
}
