using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>A list's own keys, which are matched exactly, and how their errors are reported.</summary>
/// <param name="text">The list's text.</param>
/// <param name="report">Takes errors where all are wanted; null to throw the first.</param>
internal sealed class ListContext(JsonText text, Action<CniException>? report)
{
    /// <summary>What stands before every message.</summary>
    public const string Prefix = "error parsing configuration list: ";

    private readonly JsonFields _fields = new(text.Root, ignoreCase: false);

    /// <summary>The list's text.</summary>
    public JsonText Text => text;

    /// <summary>Takes errors where all are wanted; null to throw the first.</summary>
    public Action<CniException>? Sink => report;

    /// <summary>Looks a key up; one that is <c>null</c> is there.</summary>
    public bool TryGet(string key, out JsonElement value) => _fields.TryGet(key, out _, out value);

    /// <summary>The keys that a list can have (SPEC, section 1, "Network configuration lists").</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["cniVersion", "cniVersions", "name", "disableCheck", "disableGC", "loadOnlyInlinedPlugins", "plugins"];

    /// <summary>Throws or collects an error.</summary>
    public void Report(JsonPath path, string message, string? action)
    {
        CniException error = text.Invalid(path, Prefix + message, action);
        (report ?? throw error)(error);
    }

    /// <summary>A flag: a boolean, or <c>"true"</c> or <c>"false"</c> in any case (SPEC, section 1, <c>disableCheck</c>).</summary>
    public bool Flag(string key)
    {
        if (!TryGet(key, out JsonElement value))
        {
            return false;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            case JsonValueKind.String:
                string text = value.GetString()!.ToLowerInvariant();
                if (text is not ("true" or "false"))
                {
                    Report(JsonPath.Root.Property(key), $"invalid value {GoText.Quote(text)} for {key}", "Write true or false.");
                }

                return text == "true";
            default:
                Report(JsonPath.Root.Property(key), $"invalid type {JsonKind.Name(value)} for {key}", "Write true or false.");
                return false;
        }
    }
}
