using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Spec;

/// <summary>
/// CNI_ARGS: pairs of key and value in their order, written <c>K=V;K=V</c> (SPEC, section 2, "Parameters"). There is no way to escape
/// <c>=</c> or <c>;</c>. Keys are case-sensitive, and the last pair of a key counts.
/// </summary>
public sealed class CniArgs
{
    private const string IgnoreUnknownKey = "IgnoreUnknown";

    private readonly string? _text;
    private KeyValuePair<string, string>[]? _read;

    /// <summary>Makes arguments from pairs, unchecked.</summary>
    /// <param name="pairs">The pairs, in order.</param>
    public CniArgs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        _read = [.. pairs];
    }

    private CniArgs(string text) => _text = text;

    /// <summary>No arguments.</summary>
    public static CniArgs Empty { get; } = new([]);

    /// <summary>The pairs, in order.</summary>
    /// <exception cref="CniException">The text that they were made of (<see cref="Unread"/>) is none of pairs.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => ReadPairs;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _read is { Length: 0 };

    private KeyValuePair<string, string>[] ReadPairs => _read ??= Parse(_text!)._read!;

    /// <summary>The value of a key, or null if it isn't there.</summary>
    /// <param name="key">The key, spelled exactly so.</param>
    public string? this[string key]
    {
        get
        {
            for (int i = ReadPairs.Length - 1; i >= 0; i--)
            {
                if (ReadPairs[i].Key == key)
                {
                    return ReadPairs[i].Value;
                }
            }

            return null;
        }
    }

    /// <summary>The pod that a runtime names (<c>K8S_POD_NAMESPACE</c>, <c>K8S_POD_NAME</c>), as <c>namespace/name</c>; null where it names none.</summary>
    public string? Pod => this["K8S_POD_NAME"] is not { Length: > 0 } name ? null
        : this["K8S_POD_NAMESPACE"] is { Length: > 0 } space ? $"{space}/{name}" : name;

    /// <summary>Whether unknown keys are to be passed over (<c>IgnoreUnknown=1</c>, wherever it stands).</summary>
    /// <exception cref="CniException">The value is no boolean.</exception>
    public bool IgnoreUnknown => GetBool(IgnoreUnknownKey);

    /// <summary>
    /// CNI_ARGS as a plugin is given them: read when somebody asks for something in them, and passed on as they are. They concern only those
    /// who read them.
    /// </summary>
    /// <param name="text">The text; empty for no arguments.</param>
    public static CniArgs Unread(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? Empty : new CniArgs(text);
    }

    /// <summary>Reads CNI_ARGS as a plugin does: each pair has exactly one <c>=</c>; key and value may be empty.</summary>
    /// <param name="text">The text; empty for no arguments.</param>
    /// <exception cref="CniException"><c>ARGS: invalid pair</c> (<see cref="CniErrorIds.InvalidArgs"/>, code 4).</exception>
    public static CniArgs Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text, strict: false, "ARGS: invalid pair");
    }

    /// <summary>Reads CNI_ARGS as cnitool does: each pair has exactly one <c>=</c>, a key and a value.</summary>
    /// <param name="text">The text; empty for no arguments.</param>
    /// <exception cref="CniException"><c>invalid CNI_ARGS pair</c> (<see cref="CniErrorIds.InvalidArgs"/>, code 4).</exception>
    public static CniArgs ParseStrict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text, strict: true, "invalid CNI_ARGS pair");
    }

    /// <summary>The value of a key as a boolean: 1, 0, true or false in any case.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The last pair's value; false if the key isn't there.</returns>
    /// <exception cref="CniException">One of the key's values is no boolean (<see cref="CniErrorIds.InvalidArgs"/>, code 4).</exception>
    public bool GetBool(string key)
    {
        bool value = false;
        foreach ((string name, string text) in ReadPairs)
        {
            if (name == key)
            {
                value = text.ToLowerInvariant() switch
                {
                    "1" or "true" => true,
                    "0" or "false" => false,
                    string other => throw InvalidValue(key, text, $"boolean unmarshal error: invalid input {other}"),
                };
            }
        }

        return value;
    }

    /// <summary>The error for a value that can't be read, in libcni's words: <c>ARGS: error parsing value of pair "K=V": …</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static CniException InvalidValue(string key, string value, string problem) =>
        Invalid($"ARGS: error parsing value of pair {GoText.Quote($"{key}={value}")}: {problem}", "Correct the value in CNI_ARGS.");

    /// <summary>
    /// Refuses keys that a plugin doesn't know, unless <see cref="IgnoreUnknown"/> is set. It knows IgnoreUnknown itself.
    /// </summary>
    /// <param name="known">The keys the plugin knows.</param>
    /// <exception cref="CniException"><c>ARGS: unknown args [...]</c>, with all of them (<see cref="CniErrorIds.InvalidArgs"/>, code
    /// 4).</exception>
    public void RefuseUnknown(ReadOnlySpan<string> known)
    {
        var unknown = new List<string>();
        foreach ((string key, string value) in ReadPairs)
        {
            if (key != IgnoreUnknownKey && known.IndexOf(key) < 0)
            {
                unknown.Add($"{key}={value}");
            }
        }

        if (!IgnoreUnknown && unknown.Count > 0)
        {
            throw Invalid(
                $"ARGS: unknown args {GoText.Quote(unknown)}",
                "Remove them from CNI_ARGS, or add IgnoreUnknown=1. Keys are case-sensitive"
                    + (known.IsEmpty ? "." : $"; the plugin knows {string.Join(", ", known.ToArray())}."));
        }
    }

    /// <summary>The arguments as CNI_ARGS has them: <c>K=V;K=V</c>.</summary>
    public override string ToString()
    {
        if (_text is not null)
        {
            return _text;
        }

        var text = new StringBuilder();
        foreach ((string key, string value) in ReadPairs)
        {
            text.Append(text.Length == 0 ? "" : ";").Append(key).Append('=').Append(value);
        }

        return text.ToString();
    }

    private static CniArgs Parse(string text, bool strict, string refusal)
    {
        if (text.Length == 0)
        {
            return Empty;
        }

        string[] texts = text.Split(';');
        var pairs = new KeyValuePair<string, string>[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            string[] parts = texts[i].Split('=');
            if (parts.Length != 2 || (strict && (parts[0].Length == 0 || parts[1].Length == 0)))
            {
                throw Invalid($"{refusal} {GoText.Quote(texts[i])}", "Write CNI_ARGS as KEY=VALUE;KEY=VALUE.");
            }

            pairs[i] = new(parts[0], parts[1]);
        }

        return new CniArgs(pairs);
    }

    private static CniException Invalid(string message, string action) =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables, message) { RecommendedAction = action };
}
