using System;
using System.Collections.Generic;

namespace CniPS.Help;

/// <summary>Reads the yaml blocks under a parameter: the keys of PlatyPS, in their order.</summary>
internal static class TraitsReader
{
    private static readonly string[] s_pipeline =
        ["False", "True (ByPropertyName)", "True (ByValue)", "True (ByPropertyName, ByValue)", "True (FromRemainingArguments)"];

    internal static ParameterTraits Read(CodeBlock yaml, PageLines lines)
    {
        Keys keys = new(yaml, lines);
        ParameterTraits traits = new()
        {
            Line = yaml.Line,
            Type = keys.Take("Type"),
            Sets = keys.Take("Parameter Sets") is "(All)" ? [] : keys.Last.Split(", "),
            Aliases = keys.TakeOrNone("Aliases"),
            Values = keys.TryTake("Accepted values")?.Split(", ") ?? [],
            IsRequired = keys.TakeBoolean("Required"),
            Position = keys.Take("Position"),
            Default = keys.Take("Default value"),
            Pipeline = keys.TakeOneOf("Accept pipeline input", s_pipeline),
            TakesWildcards = keys.TakeBoolean("Accept wildcard characters"),
        };
        keys.TakeEnd();
        return traits.Position == "Named" || (traits.Position.Length == 1 && char.IsAsciiDigit(traits.Position[0]))
            ? traits
            : throw lines.Error(yaml.Line, "a position is Named or a number");
    }

    private sealed class Keys(CodeBlock yaml, PageLines lines)
    {
        private int _next;

        internal string Last { get; private set; } = "";

        internal string? TryTake(string key)
        {
            if (_next == yaml.Code.Count || !yaml.Code[_next].StartsWith(key + ":", StringComparison.Ordinal))
            {
                return null;
            }

            Last = yaml.Code[_next][(key.Length + 1)..].Trim();
            _next++;
            return Last.Length > 0 ? Last : throw Error($"{key} has no value");
        }

        internal string Take(string key)
        {
            _ = TryTake(key) ?? throw lines.Error(yaml.Line + _next + 1, $"here must be \"{key}:\"");
            return Last;
        }

        internal string TakeOrNone(string key) => Take(key) == "None" ? "" : Last;

        internal string TakeOneOf(string key, ReadOnlySpan<string> values) =>
            values.Contains(Take(key)) ? Last : throw Error($"{key} is one of: {string.Join("; ", values.ToArray())}");

        internal bool TakeBoolean(string key) => TakeOneOf(key, ["True", "False"]) == "True";

        internal void TakeEnd()
        {
            if (_next < yaml.Code.Count)
            {
                throw lines.Error(yaml.Line + _next + 1, $"\"{yaml.Code[_next]}\" is not understood here");
            }
        }

        private PageException Error(string message) => lines.Error(yaml.Line + _next, message);
    }
}
