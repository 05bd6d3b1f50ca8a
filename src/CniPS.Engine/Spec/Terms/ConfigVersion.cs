using System;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>The version that a configuration or result names for itself.</summary>
public static class ConfigVersion
{
    private const string Prefix = "decoding version from network config: ";

    /// <summary>Reads <c>cniVersion</c> out of a document.</summary>
    /// <param name="json">The document.</param>
    /// <returns>The version as it is written; 0.1.0 where there is none, or an empty one, or where the document is <c>null</c>.</returns>
    /// <exception cref="CniException">It is no JSON object, or the version no string (code 6).</exception>
    public static string Decode(ReadOnlyMemory<byte> json) => Decode(JsonText.Parse(json, null, Prefix).Root);

    /// <summary>Reads <c>cniVersion</c> out of a document.</summary>
    /// <param name="json">The document.</param>
    /// <returns>As <see cref="Decode(ReadOnlyMemory{byte})"/>.</returns>
    /// <exception cref="CniException">It is no object, or the version no string (code 6).</exception>
    public static string Decode(JsonElement json) => DecodeOrEmpty(json) is { Length: > 0 } version ? version : CniVersion.Oldest;

    /// <summary>As <see cref="Decode(JsonElement)"/>, but empty where there is none.</summary>
    internal static string DecodeOrEmpty(JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw Invalid($"it must be an object, not {JsonKind.WithArticle(json)}");
        }

        new JsonFields(json, ignoreCase: true).TryGet("cniVersion", out _, out JsonElement version);
        return version.ValueKind switch
        {
            JsonValueKind.String => version.GetString()!,
            JsonValueKind.Undefined or JsonValueKind.Null => "",
            _ => throw Invalid($"key \"cniVersion\" must be a string, not {JsonKind.WithArticle(version)}"),
        };
    }

    private static CniException Invalid(string problem) =>
        new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.DecodingFailure, Prefix + problem)
        {
            RecommendedAction = $"Write \"cniVersion\": \"{CniVersion.Current}\" at the top of the object.",
        };
}
