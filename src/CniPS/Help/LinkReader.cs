using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace CniPS.Help;

/// <summary>Reads a list of links: one to a line, up to the next heading or the end.</summary>
internal static partial class LinkReader
{
    internal static List<Link> Read(PageLines lines)
    {
        List<Link> links = [];
        for (lines.SkipEmpty(); lines.Next is { } line && !line.StartsWith('#'); lines.SkipEmpty())
        {
            int number = lines.Number;
            lines.Take();
            Match match = Item().Match(line);
            links.Add(match.Success
                ? new Link(match.Groups["text"].Value, InlineText.AddressOf(match.Groups["target"].Value, lines, number))
                : throw lines.Error(number, "here must be \"- [TEXT](ADDRESS)\""));
        }

        return links.Count > 0 ? links : throw lines.Error(lines.Number, "here must be a link");
    }

    [GeneratedRegex(@"^- \[(?<text>[^\[\]]+)\]\((?<target>[^()]+)\)$")]
    private static partial Regex Item();
}
