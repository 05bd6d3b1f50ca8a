using System.Collections.Generic;

namespace CniPS.Help;

/// <summary>Reads a topic's page: a short description, a long one with headings of two levels in it, links.</summary>
internal static class AboutPageReader
{
    private const int ShortLength = AboutText.Width - AboutText.Indent;

    internal static AboutPage Read(PageLines lines)
    {
        lines.TakeHeading(1, lines.Subject);
        lines.TakeHeading(2, "SHORT DESCRIPTION");
        int start = lines.Number;
        string text = BlockReader.Read(lines) is [Paragraph { Text.Length: <= ShortLength } paragraph]
            ? paragraph.Text
            : throw lines.Error(start, $"a short description is one paragraph of {ShortLength} characters at most: Get-Help shows one line of it");
        lines.TakeHeading(2, "LONG DESCRIPTION");
        List<AboutSection> sections = [new AboutSection(2, "", BlockReader.ReadText(lines, withCode: true))];
        while (lines.TryTakeHeading(3) is { } heading)
        {
            lines.SkipEmpty();
            bool hasText = lines.Next?.StartsWith('#') == false;
            sections.Add(new AboutSection(3, heading, hasText ? BlockReader.ReadText(lines, withCode: true) : []));
            List<AboutSection> below = lines.TakeAll(4, (name, _) => new AboutSection(4, name, BlockReader.ReadText(lines, withCode: true)));
            sections.AddRange(hasText || below.Count > 0 ? below : throw lines.Error(lines.Number, "here must be some text, or a heading of level 4"));
        }

        lines.TakeHeading(2, "SEE ALSO");
        List<Link> links = LinkReader.Read(lines);
        lines.TakeEnd();
        return new AboutPage(lines.Subject, text, sections, links);
    }
}
