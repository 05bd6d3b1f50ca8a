using System;
using System.Text;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// Finds the line and column of a value in a JSON text, by reading the text once more; nothing is kept for it beforehand.
/// </summary>
public static class JsonLocator
{
    /// <summary>Where a value begins.</summary>
    /// <param name="text">The JSON text, UTF-8.</param>
    /// <param name="file">The file it came from, if any.</param>
    /// <param name="path">
    /// The value's path. Of several properties of a name the last counts; one that differs only in case counts if none is spelled so.
    /// </param>
    /// <returns>The position, or null where the text has no such value or is not JSON.</returns>
    public static SourcePosition? Find(ReadOnlyMemory<byte> text, string? file, JsonPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Find(text.Span, file, path, atName: false);
    }

    /// <summary>Where a property's name begins.</summary>
    /// <param name="text">The JSON text, UTF-8.</param>
    /// <param name="file">The file it came from, if any.</param>
    /// <param name="path">The property's path, as for <see cref="Find(ReadOnlyMemory{byte}, string?, JsonPath)"/>.</param>
    /// <returns>The position, or null where the text has no such property or is not JSON.</returns>
    public static SourcePosition? FindName(ReadOnlyMemory<byte> text, string? file, JsonPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Find(text.Span, file, path, atName: true);
    }

    /// <summary>The position of a byte: its line, and its column in characters (UTF-16), both from 1.</summary>
    internal static SourcePosition At(ReadOnlySpan<byte> text, string? file, long offset)
    {
        ReadOnlySpan<byte> before = text[..(int)Math.Clamp(offset, 0, text.Length)];
        ReadOnlySpan<byte> line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return new SourcePosition(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1);
    }

    private static SourcePosition? Find(ReadOnlySpan<byte> text, string? file, JsonPath path, bool atName)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonText.ReaderOptions);
            return reader.Read() && Enter(ref reader, path, atName) ? At(text, file, reader.TokenStartIndex) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Moves a reader from the top value's first token to that of the value (or to the name) at a path.</summary>
    private static bool Enter(ref Utf8JsonReader reader, JsonPath path, bool atName)
    {
        if (path.Parent is null)
        {
            return true;
        }

        if (!Enter(ref reader, path.Parent, atName: false))
        {
            return false;
        }

        if (path.Name is null)
        {
            return EnterElement(ref reader, path.Index);
        }

        return EnterProperty(ref reader, path.Name) && (atName || reader.Read());
    }

    private static bool EnterElement(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool EnterProperty(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        Utf8JsonReader found = default;
        bool any = false, exact = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool same = reader.ValueTextEquals(name);
            if (same || (!exact && string.Equals(reader.GetString(), name, StringComparison.OrdinalIgnoreCase)))
            {
                found = reader;
                any = true;
                exact |= same;
            }

            reader.Read();
            reader.Skip();
        }

        reader = found;
        return any;
    }
}
