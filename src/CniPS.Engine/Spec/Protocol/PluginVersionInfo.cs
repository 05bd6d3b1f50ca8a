using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>What a plugin answers to VERSION (SPEC, section 5, "Version").</summary>
/// <param name="CniVersion">The version of the answer itself.</param>
/// <param name="SupportedVersions">The versions that the plugin speaks, as it lists them.</param>
public sealed record PluginVersionInfo(string CniVersion, IReadOnlyList<string> SupportedVersions)
{
    private const string Prefix = "decoding version info: ";

    /// <summary>Reads a plugin's answer. One of version 0.2.0 needs no list: it speaks 0.1.0 and 0.2.0.</summary>
    /// <param name="json">The plugin's output.</param>
    /// <exception cref="CniException">It is no such answer (<see cref="CniErrorIds.InvalidResult"/> or InvalidJson, code 6).</exception>
    public static PluginVersionInfo Parse(ReadOnlyMemory<byte> json)
    {
        JsonText text = JsonText.Parse(json, null, Prefix);
        var reader = new PluginConfigReader(new ResultContext(Prefix), JsonPath.Root, text.Root);
        string? version = reader.GetString("cniVersion");
        if (string.IsNullOrEmpty(version))
        {
            throw Invalid("missing field cniVersion");
        }

        IReadOnlyList<string> supported = reader.GetStrings("supportedVersions");
        return supported.Count > 0 ? new PluginVersionInfo(version, supported)
            : version == "0.2.0" ? new PluginVersionInfo(version, ["0.1.0", "0.2.0"])
            : throw Invalid("missing field supportedVersions");
    }

    /// <summary>The answer's JSON, on one line.</summary>
    public ReadOnlyMemory<byte> ToJson() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("cniVersion", CniVersion);
        writer.WriteStartArray("supportedVersions");
        foreach (string version in SupportedVersions)
        {
            writer.WriteStringValue(version);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static CniException Invalid(string problem) =>
        new(CniErrorIds.InvalidResult, CniErrorCode.DecodingFailure, Prefix + problem)
        {
            RecommendedAction = "The plugin's answer to VERSION is not what the specification asks for: update the plugin.",
        };
}
