using System;
using System.Globalization;
using System.Text;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Nftables;

/// <summary>The program nft could not be run, or refused. The message holds the operation and nft's own words.</summary>
public sealed class NftProgramException : LinuxException
{
    private const string Marker = ": Error: ";

    private NftProgramException(string message, string operation, int errno)
        : base(message, operation, errno)
    {
    }

    /// <summary>Whether the program is not there at all.</summary>
    public bool IsMissing { get; private init; }

    internal static NftProgramException NotInstalled(string operation, string words) =>
        new($"{operation}: {words}: the program nft, which reads this, is not installed", operation, Interop.Errno.ENOENT) { IsMissing = true };

    internal static NftProgramException Failed(string operation, ProgramOutcome outcome) =>
        new($"{operation}: nft: {Words(outcome)}", operation, 0);

    /// <summary>The line, counted from 1, that nft complains of; null if it doesn't say.</summary>
    internal static int? FailedLine(ProgramOutcome outcome) => Place(Encoding.UTF8.GetString(outcome.Error.Span), out int line, out _, out _) ? line : null;

    // "/dev/stdin:3:28-30: Error: syntax error, unexpected fib", then the line and marks below it: the complaint, and what it is about.
    private static string Words(ProgramOutcome outcome)
    {
        string text = Encoding.UTF8.GetString(outcome.Error.Span).Trim();
        if (!Place(text, out _, out int first, out int last))
        {
            return text.Length > 0 ? text.ReplaceLineEndings(" ") : outcome.Describe();
        }

        string[] lines = text[(text.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)..].Split('\n');
        return lines.Length > 1 && last <= lines[1].Length ? $"{lines[0]}: {lines[1][(first - 1)..last]}" : lines[0];
    }

    private static bool Place(string text, out int line, out int first, out int last)
    {
        line = first = last = 0;
        int end = text.IndexOf(Marker, StringComparison.Ordinal);
        string[] place = end < 0 ? [] : text[..end].Split(':');
        if (place.Length < 3)
        {
            return false;
        }

        string[] columns = place[^1].Split('-');
        return int.TryParse(place[^2], NumberStyles.None, CultureInfo.InvariantCulture, out line)
            && int.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && int.TryParse(columns[^1], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && first > 0 && last >= first;
    }
}
