using System;
using System.Collections.Generic;
using System.Globalization;

namespace CniPS.Spec;

/// <summary>
/// A version of the specification, compared by number. Where the specification asks for the same version, the text counts and not the
/// number (<c>1.0</c> is not <c>1.0.0</c>): compare strings there.
/// </summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
/// <param name="Micro">The third number.</param>
public readonly record struct CniVersion(long Major, long Minor, long Micro) : IComparable<CniVersion>
{
    /// <summary>The highest version that is implemented here.</summary>
    public const string Current = "1.1.0";

    /// <summary>The version of what names none.</summary>
    public const string Oldest = "0.1.0";

    /// <summary>Every version there is, the oldest first.</summary>
    public static IReadOnlyList<string> All { get; } = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", Current];

    /// <summary>Whether a text is exactly one of <see cref="All"/>.</summary>
    public static bool IsKnown(string? text)
    {
        foreach (string version in All)
        {
            if (version == text)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads one to three whole numbers between dots; missing ones are 0, and the empty text is 0.1.0. Signs are taken.</summary>
    /// <param name="text">The version.</param>
    /// <exception cref="CniException">
    /// The text is no version (<see cref="CniErrorIds.InvalidVersion"/>, code 6), in libcni's words.
    /// </exception>
    public static CniVersion Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text, out CniVersion version) is not { } problem ? version
            : throw new CniException(CniErrorIds.InvalidVersion, CniErrorCode.DecodingFailure, problem)
            {
                RecommendedAction = $"Write a version of the specification, such as {Current}.",
                Target = text,
            };
    }

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    /// <param name="text">The version.</param>
    /// <param name="version">The version, if the text is one.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryParse(string? text, out CniVersion version)
    {
        version = default;
        return text is not null && Read(text, out version) is null;
    }

    /// <summary>Whether this is another version or a later one.</summary>
    /// <param name="other">The other version, as <see cref="Parse"/> reads it.</param>
    /// <exception cref="CniException">The other one is no version.</exception>
    public bool AtLeast(string other) => CompareTo(Parse(other)) >= 0;

    /// <inheritdoc/>
    public int CompareTo(CniVersion other) =>
        Major != other.Major ? Major.CompareTo(other.Major)
        : Minor != other.Minor ? Minor.CompareTo(other.Minor)
        : Micro.CompareTo(other.Micro);

    /// <summary>Whether the left one is earlier.</summary>
    public static bool operator <(CniVersion left, CniVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is later.</summary>
    public static bool operator >(CniVersion left, CniVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is earlier or the same.</summary>
    public static bool operator <=(CniVersion left, CniVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is later or the same.</summary>
    public static bool operator >=(CniVersion left, CniVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The three numbers between dots.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Micro}");

    /// <summary>Reads a version, or says what is wrong with it.</summary>
    private static string? Read(string text, out CniVersion version)
    {
        version = new CniVersion(0, 1, 0);
        if (text.Length == 0)
        {
            return null;
        }

        string[] parts = text.Split('.');
        if (parts.Length > 3)
        {
            return $"invalid version {GoText.Quote(text)}: too many parts";
        }

        long minor = 0, micro = 0;
        string? problem = ReadPart(parts[0], "major", out long major)
            ?? (parts.Length > 1 ? ReadPart(parts[1], "minor", out minor) : null)
            ?? (parts.Length > 2 ? ReadPart(parts[2], "micro", out micro) : null);
        version = new CniVersion(major, minor, micro);
        return problem;
    }

    private static string? ReadPart(string part, string name, out long number)
    {
        ReadOnlySpan<char> digits = part.AsSpan(part.StartsWith('-') || part.StartsWith('+') ? 1 : 0);
        bool whole = !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
        number = 0;
        if (whole && long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return null;
        }

        string quoted = GoText.Quote(part);
        string reason = whole ? "value out of range" : "invalid syntax";
        return $"failed to convert {name} version part {quoted}: strconv.Atoi: parsing {quoted}: {reason}";
    }
}
