using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

namespace CniPS.Help;

/// <summary>
/// The page about_CniPS_Errors: its introduction is written by hand, and its entries are made of the constants in all files *ErrorIds.cs:
/// <c>summary</c> is what the id means, <c>remarks</c> what to do.
/// </summary>
internal static partial class ErrorPage
{
    private const string FirstHeading = "### The ids\n";
    private const string LastHeading = "## SEE ALSO\n";
    private const int Width = 140;

    /// <summary>The page as it should be.</summary>
    /// <param name="page">The page as it is.</param>
    /// <param name="sources">The folder of the sources.</param>
    internal static string Make(string page, string sources)
    {
        int start = page.IndexOf(FirstHeading, StringComparison.Ordinal), end = page.IndexOf(LastHeading, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            throw new InvalidDataException($"the page must have the headings \"{FirstHeading.Trim()}\" and \"{LastHeading.Trim()}\"");
        }

        StringBuilder entries = new(page[..start]);
        entries.Append(FirstHeading);
        foreach ((string id, string entry) in Entries(sources))
        {
            entries.Append("\n#### ").Append(id).Append("\n\n").Append(entry);
        }

        return entries.Append('\n').Append(page.AsSpan(end)).ToString();
    }

    private static SortedDictionary<string, string> Entries(string sources)
    {
        SortedDictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(sources, "*ErrorIds.cs", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file);
            foreach (Match constant in Constant().Matches(text))
            {
                string id = constant.Groups["id"].Value, comment = CommentMark().Replace(constant.Groups["comment"].Value, " ");
                string meaning = Part(comment, "summary"), action = Part(comment, "remarks");
                if (meaning.Length == 0 || action.Length == 0)
                {
                    throw new InvalidDataException($"{id} in {file} needs a summary that says what it means, and remarks that say what to do");
                }

                action = char.ToLowerInvariant(action[0]) + action[1..];
                entries[id] = Wrap(meaning) + "\n" + Wrap("What to do: " + action);
            }
        }

        return entries;
    }

    private static string Part(string comment, string tag)
    {
        Match match = Regex.Match(comment, $"<{tag}>(?<text>.*?)</{tag}>", RegexOptions.Singleline);
        string text = string.Join(' ', match.Groups["text"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        text = text.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal);
        return text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    private static string Wrap(string text)
    {
        StringBuilder lines = new();
        int column = 0;
        foreach (string word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                lines.Append('\n');
                column = 0;
            }

            lines.Append(column > 0 ? " " : "").Append(word);
            column += word.Length + (column > 0 ? 1 : 0);
        }

        return lines.Append('\n').ToString();
    }

    [GeneratedRegex(@"(?<comment>(?:^[ ]*///.*\n)*)^[ ]*(?:public|internal) const string \w+ =\s+""(?<id>Cni\w+)"";", RegexOptions.Multiline)]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\s*///", RegexOptions.Multiline)]
    private static partial Regex CommentMark();
}
