using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CniPS.Tests.Vectors;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>Compares the calls that plugins wrote down with those that a vector expects.</summary>
internal static class VectorCalls
{
    /// <summary>What differs, or null.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="invocations">What is expected.</param>
    /// <param name="expand">Puts values in for the placeholders in expected texts.</param>
    internal static string? Difference(List<PluginLog> calls, JsonElement invocations, Func<string, string> expand)
    {
        JsonElement[] expected = [.. invocations.EnumerateArray()];
        if (calls.Count != expected.Length)
        {
            return $"{calls.Count} calls ({string.Join(' ', calls)}), expected {expected.Length}";
        }

        return calls.Zip(expected, (call, expect) => Difference(call, expect, expand)).FirstOrDefault(difference => difference is not null);
    }

    private static string? Difference(PluginLog call, JsonElement expect, Func<string, string> expand)
    {
        SortedDictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach ((string name, string value) in call.Environment)
        {
            if (name.StartsWith("CNI_", StringComparison.Ordinal) || name.StartsWith("EXTRA_", StringComparison.Ordinal))
            {
                environment[name] = value;
            }
        }

        string actual = JsonSerializer.Serialize(environment), expected = expand(expect.GetProperty("env").GetRawText());
        return call.Type != expect.GetProperty("type").GetString() ? $"{call}: type"
            : !JsonSame.Same(actual, expected) ? $"{call}: {actual}; expected: {expected}"
            : !JsonSame.Same(call.Config, expect.GetProperty("stdin")) ? $"{call}: {call.Stdin}; expected: {expect.GetProperty("stdin")}"
            : expect.TryGetProperty("stdinText", out JsonElement text) && call.Stdin != text.GetString() ? $"{call}: stdin is not byte for byte {text}"
            : null;
    }
}
