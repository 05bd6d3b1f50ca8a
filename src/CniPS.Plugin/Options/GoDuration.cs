using System;
using System.Globalization;

namespace CniPS.Plugin.Options;

/// <summary>Spans of time as Go writes them: numbers with units, the larger first: 1m30s, 1.5h, 500ms.</summary>
internal static class GoDuration
{
    /// <summary>Reads one that is not negative.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        bool any = false;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return !any && text is "0";
            }

            text = text[digits..];
            int end = text.IndexOfAny("0123456789.");
            ReadOnlySpan<char> unit = end < 0 ? text : text[..end];
            double? seconds = unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, "ns" => 1e-9, _ => null };
            if (seconds is not { } factor || number * factor > 1e9)
            {
                return false;
            }

            time += TimeSpan.FromSeconds(number * factor);
            any = true;
            text = text[unit.Length..];
        }

        return any;
    }
}
