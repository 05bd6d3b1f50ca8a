using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A cache file's content: libcni's <c>cniCacheV1</c>, key for key.</summary>
internal sealed class CacheEntry
{
    private const string KindV1 = "cniCacheV1";

    internal required string Network { get; init; }

    internal required string ContainerId { get; init; }

    internal required string InterfaceName { get; init; }

    internal string NetNS { get; init; } = "";

    internal CniArgs Args { get; init; } = CniArgs.Empty;

    internal bool HasArgs { get; init; }

    internal IReadOnlyList<KeyValuePair<string, JsonElement>> CapabilityArgs { get; init; } = [];

    internal ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>The result as it stands; undefined where there is none.</summary>
    internal JsonElement Result { get; init; }

    /// <summary>Writes a cache file.</summary>
    internal static ReadOnlyMemory<byte> Write(string network, Attachment attachment, ReadOnlyMemory<byte> config, CniResult? result) =>
        JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("kind", KindV1);
            writer.WriteString("containerId", attachment.ContainerId);
            writer.WriteBase64String("config", config.Span);
            writer.WriteString("ifName", attachment.InterfaceName);
            writer.WriteString("networkName", network);
            if (attachment.NetNS.Length > 0)
            {
                writer.WriteString("netns", attachment.NetNS);
            }

            AttachmentJson.WriteArgs(writer, "cniArgs", attachment.Args);
            AttachmentJson.WriteCapabilityArgs(writer, "capabilityArgs", attachment.CapabilityArgs);
            if (result is not null)
            {
                writer.WritePropertyName("result");
                result.WriteTo(writer);
            }

            writer.WriteEndObject();
        });

    /// <summary>Reads a cache file.</summary>
    /// <returns>Null if it is of another kind, or no JSON at all.</returns>
    internal static CacheEntry? TryRead(ReadOnlyMemory<byte> content)
    {
        try
        {
            JsonElement json = JsonText.Parse(content, null, "").Root;
            JsonFields fields = new(json, ignoreCase: true);
            return AttachmentJson.Text(fields, "kind") != KindV1 ? null : new CacheEntry
            {
                Network = AttachmentJson.Text(fields, "networkName"),
                ContainerId = AttachmentJson.Text(fields, "containerId"),
                InterfaceName = AttachmentJson.Text(fields, "ifName"),
                NetNS = AttachmentJson.Text(fields, "netns"),
                Args = AttachmentJson.Args(fields, "cniArgs", out bool hasArgs),
                HasArgs = hasArgs,
                CapabilityArgs = AttachmentJson.CapabilityArgs(fields, "capabilityArgs"),
                Config = AttachmentJson.Bytes(fields, "config"),
                Result = fields.TryGet("result", out _, out JsonElement result) && result.ValueKind == JsonValueKind.Object ? result : default,
            };
        }
        catch (CniException)
        {
            return null;
        }
    }

    /// <summary>Whether it is this attachment's.</summary>
    internal bool Is(string network, string containerId, string interfaceName) =>
        Network == network && ContainerId == containerId && InterfaceName == interfaceName;
}
