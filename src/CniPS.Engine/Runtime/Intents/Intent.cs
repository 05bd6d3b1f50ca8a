using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// What an ADD is about to do, written down before it does it, one JSON object a line: first what it was asked, then each program before
/// it is started and each shared thing before it is made. Of a DEL, that it has begun.
/// </summary>
internal sealed class Intent
{
    private readonly HashSet<(int Index, string Type)> _started = [];

    private Intent()
    {
    }

    /// <summary>The network's name.</summary>
    internal required string Network { get; init; }

    /// <summary>The network whose attachment was to be replaced, which the cache has until it is; null where there was none.</summary>
    internal string? Replaces { get; init; }

    /// <summary>What was to be attached.</summary>
    internal required Attachment Attachment { get; init; }

    /// <summary>The network configuration list.</summary>
    internal ReadOnlyMemory<byte> Config { get; init; }

    /// <summary>Where plugins were taken from.</summary>
    internal PluginSource Source { get; init; }

    /// <summary>Where programs were looked for.</summary>
    internal IReadOnlyList<string> PluginPath { get; init; } = [];

    /// <summary>The shared things that may have been made, in order.</summary>
    internal List<SharedThing> Shared { get; } = [];

    /// <summary>Whether it is a DEL's: what is cached is half removed.</summary>
    internal bool IsDeletion { get; private set; }

    /// <summary>Whether a program was started.</summary>
    /// <param name="index">The place in the list of the plugin whose program it is, or who called it.</param>
    /// <param name="type">The program's type.</param>
    internal bool WasStarted(int index, string type) => _started.Contains((index, type));

    /// <summary>The first line.</summary>
    internal static ReadOnlyMemory<byte> FirstLine(
        string network, ReadOnlyMemory<byte> config, Attachment attachment, RuntimeOptions options, string? replaces = null) =>
        Line(writer =>
        {
            writer.WriteString("network", network);
            if (replaces is not null)
            {
                writer.WriteString("replaces", replaces);
            }

            writer.WriteString("containerId", attachment.ContainerId);
            writer.WriteString("ifName", attachment.InterfaceName);
            writer.WriteString("netns", attachment.NetNS);
            writer.WriteBase64String("config", config.Span);
            AttachmentJson.WriteArgs(writer, "args", attachment.Args);
            AttachmentJson.WriteCapabilityArgs(writer, "capabilityArgs", attachment.CapabilityArgs);
            writer.WriteNumber("source", (int)options.PluginSource);
            writer.WriteStartArray("path");
            foreach (string folder in options.PluginPath)
            {
                writer.WriteStringValue(folder);
            }

            writer.WriteEndArray();
        });

    /// <summary>The line for a program.</summary>
    internal static ReadOnlyMemory<byte> StartedLine(int index, string type) => Line(writer =>
    {
        writer.WriteNumber("started", index);
        writer.WriteString("type", type);
    });

    /// <summary>The line that says that it is a DEL's.</summary>
    internal static ReadOnlyMemory<byte> DeletionLine() => Line(writer => writer.WriteBoolean("deletion", true));

    /// <summary>The line for a shared thing.</summary>
    internal static ReadOnlyMemory<byte> SharedLine(SharedThing thing) => Line(writer =>
    {
        writer.WriteStartObject("shared");
        writer.WriteString("kind", thing.Kind);
        thing.Write(writer);
        writer.WriteEndObject();
    });

    /// <summary>Reads what was written. A last line of which only a part was written counts as not written.</summary>
    /// <returns>Null if not even the first line can be read.</returns>
    internal static Intent? TryRead(ReadOnlyMemory<byte> content)
    {
        Intent? intent = null;
        while (!content.IsEmpty)
        {
            int end = content.Span.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            try
            {
                JsonElement json = JsonText.Parse(content[..end], null, "").Root;
                if (intent is null)
                {
                    intent = ReadFirst(json);
                }
                else
                {
                    intent.ReadNext(json);
                }
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                if (intent is null)
                {
                    return null;
                }
            }

            content = content[(end + 1)..];
        }

        return intent;
    }

    /// <summary>Reads lines of shared things alone (<see cref="SharedRecord"/>). What can't be read is passed over.</summary>
    internal static List<SharedThing> ReadShared(ReadOnlyMemory<byte> content)
    {
        Intent intent = new() { Network = "", Attachment = new Attachment { ContainerId = "", NetNS = "", InterfaceName = "" } };
        for (int end = content.Span.IndexOf((byte)'\n'); end >= 0; end = content.Span.IndexOf((byte)'\n'))
        {
            try
            {
                intent.ReadNext(JsonText.Parse(content[..end], null, "").Root);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                // Of a kind that this version does not know, or cut short.
            }

            content = content[(end + 1)..];
        }

        return intent.Shared;
    }

    private static bool IsUnreadable(Exception e) => e is CniException or InvalidOperationException or KeyNotFoundException or FormatException;

    private static Intent ReadFirst(JsonElement json)
    {
        JsonFields fields = new(json, ignoreCase: false);
        List<string> path = [];
        foreach (JsonElement folder in json.GetProperty("path").EnumerateArray())
        {
            path.Add(folder.GetString()!);
        }

        return new Intent
        {
            Network = AttachmentJson.Text(fields, "network"),
            Replaces = AttachmentJson.Text(fields, "replaces") is { Length: > 0 } replaces ? replaces : null,
            Attachment = new Attachment
            {
                ContainerId = AttachmentJson.Text(fields, "containerId"),
                InterfaceName = AttachmentJson.Text(fields, "ifName"),
                NetNS = AttachmentJson.Text(fields, "netns"),
                Args = AttachmentJson.Args(fields, "args", out _),
                CapabilityArgs = AttachmentJson.CapabilityArgs(fields, "capabilityArgs"),
            },
            Config = AttachmentJson.Bytes(fields, "config"),
            Source = (PluginSource)json.GetProperty("source").GetInt32(),
            PluginPath = path,
        };
    }

    private void ReadNext(JsonElement json)
    {
        if (json.TryGetProperty("started", out JsonElement index))
        {
            _started.Add((index.GetInt32(), json.GetProperty("type").GetString()!));
        }
        else if (json.TryGetProperty("shared", out JsonElement shared) && SharedThings.Read(shared) is { } thing)
        {
            Shared.Add(thing);
        }

        IsDeletion |= json.TryGetProperty("deletion", out JsonElement deletion) && deletion.GetBoolean();
    }

    private static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> write)
    {
        ReadOnlyMemory<byte> json = JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        });
        byte[] line = new byte[json.Length + 1];
        json.CopyTo(line);
        line[^1] = (byte)'\n';
        return line;
    }
}
