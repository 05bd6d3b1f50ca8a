using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>
/// Values that nobody should read over a shoulder: those of keys that look like credentials (<c>password</c>, <c>token</c>, <c>clientSecret</c>,
/// <c>api_key</c>, <c>private-key</c>), and all that is within such a key.
/// </summary>
public static class Credentials
{
    /// <summary>What stands where a value is not shown.</summary>
    public const string Mask = "********";

    // .NET's regular expressions would make the executable a quarter of a megabyte larger.
    private static readonly string[] s_words = ["password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "bearer", "authorization"];

    private static readonly string[] s_kindsOfKey = ["api", "private", "access", "auth", "encryption", "shared"];

    /// <summary>Whether a key looks like one of a credential.</summary>
    /// <param name="key">The key, in any case.</param>
    public static bool IsKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Array.Exists(s_words, word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) || HasKindOfKey(key);
    }

    private static bool HasKindOfKey(string key)
    {
        for (int at = 0; (at = key.IndexOf("key", at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            string before = at > 0 && key[at - 1] is '-' or '_' or '.' ? key[..(at - 1)] : key[..at];
            if (Array.Exists(s_kindsOfKey, kind => before.EndsWith(kind, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>JSON with such values masked, and nothing else changed; behind what is no JSON there is nothing to be seen.</summary>
    /// <param name="json">The text, UTF-8.</param>
    public static string Hide(ReadOnlySpan<byte> json)
    {
        ArrayBufferWriter<byte> shown = new(json.Length);
        Utf8JsonReader reader = new(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 256 });
        Stack<bool> hidden = []; // of each object and array that is open
        bool isSecret = false;
        int written = 0;
        try
        {
            while (reader.Read())
            {
                bool within = isSecret || (hidden.TryPeek(out bool outer) && outer);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        isSecret = IsKey(reader.GetString()!);
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        hidden.Push(within);
                        isSecret = false;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        hidden.Pop();
                        break;
                    case JsonTokenType.String or JsonTokenType.Number when within:
                        shown.Write(json[written..(int)reader.TokenStartIndex]);
                        shown.Write(Encoding.UTF8.GetBytes($"\"{Mask}\""));
                        written = (int)reader.BytesConsumed;
                        isSecret = false;
                        break;
                    default:
                        isSecret = false;
                        break;
                }
            }
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(shown.WrittenSpan) + Encoding.UTF8.GetString(json[written..(int)Math.Max(written, reader.TokenStartIndex)]) + "…";
        }

        shown.Write(json[written..]);
        return Encoding.UTF8.GetString(shown.WrittenSpan);
    }

    /// <summary>CNI_ARGS, or what else is pairs with semicolons between them, with such values masked.</summary>
    /// <param name="args">The text: <c>K=V;K=V</c>.</param>
    public static string HidePairs(string args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return string.Join(';', Array.ConvertAll(
            args.Split(';'), pair => pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && IsKey(pair[..at]) ? $"{pair[..at]}={Mask}" : pair));
    }
}
