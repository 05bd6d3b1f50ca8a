using System;
using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// What is wrong with a text that is not JSON: the byte where it goes wrong, what libcni would say, and what to do. The runtime's own
/// message is not used: the native executable has none.
/// </summary>
/// <param name="Offset">The byte's place in the text.</param>
/// <param name="Message">What is wrong there.</param>
/// <param name="Action">What to do.</param>
internal readonly record struct JsonFault(long Offset, string Message, string Action)
{
    private const string Plain = "The text must be plain JSON (RFC 8259): check it at this position.";

    /// <summary>Finds out what a parser did not like.</summary>
    public static JsonFault Explain(ReadOnlySpan<byte> text, JsonException exception)
    {
        long offset = OffsetOf(text, exception);
        ReadOnlySpan<byte> before = text[..(int)offset];
        ReadOnlySpan<byte> rest = text[(int)offset..];
        if (rest.IsEmpty)
        {
            return new(offset, "unexpected end of JSON input", "The text ends too early: a value, a quote or a closing brace is missing.");
        }

        (string message, string action) = rest[0] switch
        {
            (byte)'{' or (byte)'[' when DepthAfter(before) >= JsonText.MaxDepth =>
                ($"exceeded max depth of {JsonText.MaxDepth}", "Nest arrays and objects less deeply."),
            0xef when rest.StartsWith("\ufeff"u8) =>
                (InvalidCharacter(rest), "The text begins with a byte order mark: save it as UTF-8 without one."),
            (byte)'/' or (byte)'#' => (InvalidCharacter(rest), "JSON has no comments: remove it."),
            (byte)'\'' => (InvalidCharacter(rest), "JSON has only double quotes: write \"…\"."),
            (byte)'}' or (byte)']' when LastToken(before) == ',' =>
                (InvalidCharacter(rest), "Remove the comma: JSON allows none after the last value."),
            (byte)'}' or (byte)']' or (byte)',' when LastToken(before) is (byte)':' or (byte)',' =>
                (InvalidCharacter(rest), "A value is missing before it."),
            _ when IsBehindValue(before) =>
                (InvalidCharacter(rest) + " after top-level value", "The text holds more than one value: remove what follows the first."),
            _ => (InvalidCharacter(rest), Plain),
        };
        return new(offset, message, action);
    }

    /// <summary>The first byte that is no UTF-8.</summary>
    public static JsonFault InvalidUtf8(ReadOnlySpan<byte> text)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out int length) == OperationStatus.Done)
        {
            offset += length;
        }

        return new(offset, $"invalid UTF-8: byte 0x{text[offset]:x2}", "Save the text as UTF-8.");
    }

    /// <summary>The first string with half of a surrogate pair in it (<c>"\ud800"</c>), which is no text.</summary>
    public static JsonFault? LoneSurrogate(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, JsonText.ReaderOptions);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return null;
        }
        catch (InvalidOperationException)
        {
            const string Action = "Write both halves of the pair, or the character.";
            return new JsonFault(reader.TokenStartIndex, "invalid surrogate pair in string", Action);
        }
    }

    /// <summary>The error: <see cref="CniErrorIds.InvalidJson"/>, code 6.</summary>
    public CniException ToException(ReadOnlySpan<byte> text, string? file, string prefix) =>
        new(CniErrorIds.InvalidJson, CniErrorCode.DecodingFailure, prefix + Message)
        {
            Position = JsonLocator.At(text, file, Offset),
            RecommendedAction = Action,
        };

    private static long OffsetOf(ReadOnlySpan<byte> text, JsonException exception)
    {
        int lineStart = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            lineStart += text[lineStart..].IndexOf((byte)'\n') + 1;
        }

        return Math.Min(lineStart + (exception.BytePositionInLine ?? 0), text.Length);
    }

    private static string InvalidCharacter(ReadOnlySpan<byte> rest)
    {
        Rune.DecodeFromUtf8(rest, out Rune rune, out _);
        string quoted = GoText.Quote(rune.ToString());
        return "invalid character " + rune.Value switch
        {
            '\'' => "'\\''",
            '"' => "'\"'",
            _ => $"'{quoted[1..^1]}'",
        };
    }

    private static byte LastToken(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> trimmed = before.TrimEnd(" \t\r\n"u8);
        return trimmed.IsEmpty ? (byte)0 : trimmed[^1];
    }

    private static int DepthAfter(ReadOnlySpan<byte> before)
    {
        var reader = new Utf8JsonReader(before, isFinalBlock: false, new JsonReaderState(JsonText.ReaderOptions));
        int depth = 0;
        while (reader.Read())
        {
            bool opens = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
            depth = reader.CurrentDepth + (opens ? 1 : 0);
        }

        return depth;
    }

    private static bool IsBehindValue(ReadOnlySpan<byte> before)
    {
        try
        {
            var reader = new Utf8JsonReader(before, JsonText.ReaderOptions);
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
