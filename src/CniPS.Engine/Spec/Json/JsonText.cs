using System;
using System.Text.Json;
using System.Text.Unicode;

namespace CniPS.Spec;

/// <summary>
/// A JSON text that has been read, strictly: UTF-8 without byte order mark, no comments, no trailing commas, nothing behind the value, and
/// no deeper than <see cref="MaxDepth"/>. It keeps its bytes, so that a position can be found when one is needed.
/// </summary>
internal sealed class JsonText
{
    /// <summary>Levels of nesting that are read. libcni reads 10,000; no configuration has 20.</summary>
    public const int MaxDepth = 512;

    private const int ManyPositions = 8; // from here on they are cheaper found all at once

    private int _asked;
    private JsonPositions? _positions;

    private JsonText(ReadOnlyMemory<byte> bytes, string? file, JsonElement root)
    {
        Bytes = bytes;
        File = file;
        Root = root;
    }

    /// <summary>How every text is read.</summary>
    public static JsonReaderOptions ReaderOptions => new() { MaxDepth = MaxDepth };

    /// <summary>The text itself.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The file it came from, if any.</summary>
    public string? File { get; }

    /// <summary>The value.</summary>
    public JsonElement Root { get; }

    /// <summary>Reads a text, which must not change afterwards.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="file">The file it came from, if any.</param>
    /// <param name="prefix">What stands before the error's message: libcni's words for what was being done.</param>
    /// <exception cref="CniException">The text is not JSON (<see cref="CniErrorIds.InvalidJson"/>, code 6), with its position.</exception>
    public static JsonText Parse(ReadOnlyMemory<byte> bytes, string? file, string prefix)
    {
        ReadOnlySpan<byte> text = bytes.Span;
        if (!Utf8.IsValid(text))
        {
            throw JsonFault.InvalidUtf8(text).ToException(text, file, prefix);
        }

        try
        {
            // Not disposed: the elements outlive this call, and the pool does without the array.
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (text.IndexOf("\\u"u8) >= 0 && JsonFault.LoneSurrogate(text) is { } fault)
            {
                throw fault.ToException(text, file, prefix);
            }

            return new JsonText(bytes, file, document.RootElement);
        }
        catch (JsonException e)
        {
            throw JsonFault.Explain(text, e).ToException(text, file, prefix);
        }
    }

    /// <summary>Where a value begins, or its name; null where there is none.</summary>
    /// <param name="path">The value's path, as for <see cref="JsonLocator"/>.</param>
    /// <param name="atName">Whether the property's name is meant.</param>
    public SourcePosition? Locate(JsonPath path, bool atName = false)
    {
        if (_positions is null && ++_asked < ManyPositions)
        {
            return atName ? JsonLocator.FindName(Bytes, File, path) : JsonLocator.Find(Bytes, File, path);
        }

        return (_positions ??= new JsonPositions(Bytes, File)).Find(path, atName);
    }

    /// <summary>Where a value begins, or the innermost value around it that is there.</summary>
    public SourcePosition? LocateNearest(JsonPath path)
    {
        for (JsonPath? at = path; at is not null; at = at.Parent)
        {
            if (Locate(at) is { } position)
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>An error about a value of this text: <see cref="CniErrorIds.InvalidNetworkConfig"/>, code 7.</summary>
    /// <param name="path">The value's path.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="action">What to do.</param>
    /// <param name="place">The same path within a plugin configuration, where it is of one.</param>
    public CniException Invalid(JsonPath path, string message, string? action, JsonPath? place = null) =>
        new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, message)
        {
            Position = LocateNearest(path),
            Place = place,
            RecommendedAction = action,
            Target = path.Parent is null ? null : path.ToString(),
        };
}
