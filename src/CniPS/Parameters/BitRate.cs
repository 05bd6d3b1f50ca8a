using System;
using System.Globalization;

namespace CniPS;

/// <summary>How much may pass, as tc(8) writes it: <c>100mbit</c>, <c>1.5gbit</c>, <c>64kbit</c>; a number alone is bits a second. A k is a thousand.</summary>
public readonly record struct BitRate
{
    private static readonly (string Suffix, decimal Factor)[] s_units =
        [("kbit", 1_000m), ("mbit", 1_000_000m), ("gbit", 1_000_000_000m), ("tbit", 1_000_000_000_000m), ("bit", 1m), ("", 1m)];

    /// <summary>Makes a rate.</summary>
    /// <param name="bitsPerSecond">Bits a second; at least a byte's.</param>
    /// <exception cref="FormatException">It is less.</exception>
    public BitRate(long bitsPerSecond)
    {
        BitsPerSecond = bitsPerSecond >= 8 ? bitsPerSecond : throw new FormatException($"{bitsPerSecond} bits a second are less than a byte.");
    }

    /// <summary>Bits a second.</summary>
    public long BitsPerSecond { get; }

    /// <summary>Reads a rate.</summary>
    /// <param name="text">The rate; capitals count as small letters.</param>
    /// <exception cref="FormatException">It is none, or less than a byte.</exception>
    public static BitRate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string word = text.Trim();
        foreach ((string suffix, decimal factor) in s_units)
        {
            if (word.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(word[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                && number < long.MaxValue / factor)
            {
                return new BitRate((long)(number * factor));
            }
        }

        throw new FormatException($"\"{text}\" is no rate: write a number and bit, kbit, mbit or gbit, such as 100mbit.");
    }

    /// <summary>The rate as <see cref="Parse"/> reads it, with the largest unit that it is a whole number of.</summary>
    public override string ToString()
    {
        for (int i = 3; i >= 0; i--)
        {
            if (BitsPerSecond > 0 && BitsPerSecond % s_units[i].Factor == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond / (long)s_units[i].Factor}{s_units[i].Suffix}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{BitsPerSecond}bit");
    }
}
