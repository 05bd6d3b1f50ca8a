using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Commands;

/// <summary>A line of <c>cnips add --from</c>: an attachment to be made, as a JSON object; or what is wrong with it.</summary>
/// <param name="Number">The line's number, from 1 on.</param>
/// <param name="Attachment">What is to be attached; null where the line can't be understood.</param>
/// <param name="Error">Why it can't be.</param>
internal sealed record AdditionLine(int Number, Attachment? Attachment, CniException? Error)
{
    /// <summary>Its keys, which are those of the output, too.</summary>
    private const string NetNS = "netns", ContainerId = "containerId", InterfaceName = "ifname", Args = "args", CapabilityArgs = "capabilityArgs";

    private const byte LineFeed = (byte)'\n';

    /// <summary>Reads a file's lines; empty ones are passed over.</summary>
    /// <param name="file">The file; <c>-</c> for standard input.</param>
    /// <exception cref="CniException">It can't be read.</exception>
    internal static List<AdditionLine> ReadAll(string file)
    {
        ReadOnlyMemory<byte> text;
        try
        {
            text = file == "-" ? StandardStreams.ReadInput() : File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.IOFailure, $"{file} can't be read: {e.Message}", innerException: e) { Target = file };
        }

        List<AdditionLine> lines = [];
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.Span.IndexOf(LineFeed);
            ReadOnlyMemory<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                lines.Add(Read(number, line, file));
            }
        }

        return lines;
    }

    private static AdditionLine Read(int number, ReadOnlyMemory<byte> line, string file)
    {
        string place = $"{(file == "-" ? "standard input" : file)}, line {number}";
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return new AdditionLine(number, ToAttachment(json.RootElement), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or CniException or UsageException)
        {
            return new AdditionLine(number, null, new CniException(
                (e as CniException)?.ErrorId ?? CniErrorIds.InvalidArgs, CniErrorCode.InvalidNetworkConfig, $"{place}: {e.Message}", innerException: e)
            {
                Target = place,
                RecommendedAction = $"A line is an object: {{\"{NetNS}\": \"blue\"}}; it can have {ContainerId}, {InterfaceName}, {Args} (\"K=V;K=V\") and {CapabilityArgs}, too.",
            });
        }
    }

    private static Attachment ToAttachment(JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name is not (NetNS or ContainerId or InterfaceName or Args or CapabilityArgs))
            {
                throw new UsageException($"there is no key \"{property.Name}\"");
            }
        }

        string path = ContainerNamespace.PathOf(Text(json, NetNS) ?? throw new UsageException($"\"{NetNS}\" is missing"));
        Attachment attachment = new()
        {
            ContainerId = Text(json, ContainerId) ?? ContainerNamespace.DefaultContainerId(path),
            NetNS = path,
            InterfaceName = Text(json, InterfaceName) ?? CnitoolDefaults.InterfaceName,
            CapabilityArgs = json.TryGetProperty(CapabilityArgs, out JsonElement capabilities) ? Spec.CapabilityArgs.Parse(capabilities.GetRawText()) : [],
            Args = CniArgs.ParseStrict(Text(json, Args) ?? ""),
        };
        CniNames.ValidateContainerId(attachment.ContainerId);
        CniNames.ValidateInterfaceName(attachment.InterfaceName);
        return attachment;
    }

    private static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
}
