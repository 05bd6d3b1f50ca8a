using System;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Flannel;

/// <summary>JSON as flannel reads it: names in whatever case (Go's encoding/json), and what is not as it should be told by its name.</summary>
/// <param name="element">An object.</param>
/// <param name="of">What it is, for an error.</param>
internal readonly struct FlannelJson(JsonElement element, string of)
{
    /// <summary>Reads a text.</summary>
    /// <exception cref="CniException">It is no JSON object.</exception>
    internal static FlannelJson Parse(ReadOnlyMemory<byte> text, string of)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return new FlannelJson(document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Error(of, "it is no object"), of);
        }
        catch (JsonException e)
        {
            throw Error(of, e.Message);
        }
    }

    /// <summary>An object in it; null where there is none.</summary>
    internal FlannelJson? Object(string name) =>
        Find(name, JsonValueKind.Object) is { } found ? new FlannelJson(found, $"{of}, {name}") : null;

    /// <summary>A text; null where there is none, or an empty one.</summary>
    internal string? Text(string name)
    {
        JsonElement? found = Find(name, JsonValueKind.String);
        return Readable(of, () => found?.GetString()) is { Length: > 0 } text ? text : null;
    }

    /// <summary>A number; null where there is none.</summary>
    internal int? Number(string name) => Find(name, JsonValueKind.Number) is not { } found ? null
        : found.TryGetInt32(out int number) ? number : throw Error(of, $"{name} is too large");

    /// <summary>Whether something is so.</summary>
    internal bool Is(string name, bool otherwise = false)
    {
        JsonElement? found = Find(name, JsonValueKind.True, JsonValueKind.False);
        return found is { } value ? value.GetBoolean() : otherwise;
    }

    /// <summary>An address; null where there is none.</summary>
    internal System.Net.IPAddress? Address(string name) => Text(name) is not { } text ? null
        : IpText.TryParse(text, out System.Net.IPAddress? address) ? address : throw Error(of, $"{name} is no address: {text}");

    /// <summary>A network; null where there is none.</summary>
    internal IpPrefix? Prefix(string name) => Text(name) is not { } text ? null
        : IpPrefix.TryParse(text, out IpPrefix prefix) && text.Contains('/', StringComparison.Ordinal) ? prefix.Network
        : throw Error(of, $"{name} is no network: {text}");

    /// <summary>What is said of a value that is not as it should be.</summary>
    internal CniException Error(string problem) => Error(of, problem);

    internal static CniException Error(string of, string problem) => new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, $"{of}: {problem}")
    {
        RecommendedAction = "Put right what stands there: etcdctl get it, and etcdctl put it.",
    };

    private JsonElement? Find(string name, params ReadOnlySpan<JsonValueKind> kinds)
    {
        JsonElement? found = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (name.Equals(Readable(of, () => property.Name), StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null)
            {
                found = kinds.Contains(property.Value.ValueKind) ? property.Value
                    : throw Error(of, $"{name} is a {property.Value.ValueKind.ToString().ToLowerInvariant()}, which it can't be");
            }
        }

        return found;
    }

    // Half a surrogate pair is JSON, but no text.
    private static string? Readable(string of, Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw Error(of, e.Message);
        }
    }
}
