using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Help;

/// <summary>
/// Reads what stands between two headings: paragraphs, lists of one level, fenced code, comments. An empty line ends each. Anything else that
/// markdown has (tables, quotations, indented code, HTML) is refused, since help is plain text.
/// </summary>
internal static class BlockReader
{
    private const string Fence = "```";

    /// <summary>All blocks up to the next heading, or the end.</summary>
    internal static List<Block> Read(PageLines lines)
    {
        List<Block> blocks = [];
        for (lines.SkipEmpty(); lines.Next is { } line && !line.StartsWith('#'); lines.SkipEmpty())
        {
            blocks.Add(
                line.StartsWith(Fence, StringComparison.Ordinal) ? ReadCode(lines)
                : line.StartsWith("<!--", StringComparison.Ordinal) ? ReadComment(lines)
                : MarkOf(line) is not null ? ReadList(lines)
                : ReadParagraph(lines));
            if (lines.Next is { Length: > 0 })
            {
                throw lines.Error(lines.Number, "here must be an empty line");
            }
        }

        return blocks;
    }

    /// <summary>All blocks, of which there must be one: paragraphs and lists, and, if allowed, code and comments.</summary>
    internal static List<Block> ReadText(PageLines lines, bool withCode = false)
    {
        int start = lines.Number;
        List<Block> blocks = Read(lines);
        if (blocks.Count == 0)
        {
            throw lines.Error(start, "here must be some text");
        }

        return blocks.Find(block => block is not (Paragraph or ListBlock) && !withCode) is { } other
            ? throw lines.Error(other.Line, "only paragraphs and lists may stand here")
            : blocks;
    }

    private static CodeBlock ReadCode(PageLines lines)
    {
        int start = lines.Number;
        string language = lines.Take()[Fence.Length..];
        List<string> code = [];
        while (lines.Next != Fence)
        {
            if (lines.Next is null)
            {
                throw lines.Error(start, "the code that begins here has no end");
            }

            code.Add(lines.Take());
        }

        lines.Take();
        return new CodeBlock(start, language, code);
    }

    private static Comment ReadComment(PageLines lines)
    {
        int start = lines.Number;
        while (!lines.Take().EndsWith("-->", StringComparison.Ordinal))
        {
            if (lines.Next is null)
            {
                throw lines.Error(start, "the comment that begins here has no end");
            }
        }

        return new Comment(start);
    }

    private static ListBlock ReadList(PageLines lines)
    {
        int start = lines.Number;
        List<(string, string)> items = [];
        while (lines.Next is { Length: > 0 } line)
        {
            int number = lines.Number;
            string mark = MarkOf(line) ?? throw lines.Error(number, "a list's item goes on with indented lines");
            string indent = new(' ', mark.Length + 1);
            StringBuilder text = new(lines.Take()[indent.Length..]);
            while (lines.Next is { } more && more.StartsWith(indent, StringComparison.Ordinal))
            {
                text.Append(' ').Append(lines.Take()[indent.Length..]);
            }

            items.Add((mark, InlineText.ToPlain(text.ToString(), lines, number)));
        }

        return new ListBlock(start, items);
    }

    private static Paragraph ReadParagraph(PageLines lines)
    {
        int start = lines.Number;
        StringBuilder text = new();
        while (lines.Next is { Length: > 0 } line)
        {
            if (line[0] is ' ' or '|' or '>' or '*' or '+' || MarkOf(line) is not null || line.StartsWith(Fence, StringComparison.Ordinal))
            {
                throw lines.Error(lines.Number, "this can't be in a paragraph: code and lists have an empty line before them, and nothing else is understood");
            }

            text.Append(text.Length == 0 ? "" : " ").Append(lines.Take());
        }

        return new Paragraph(start, InlineText.ToPlain(text.ToString(), lines, start));
    }

    // "- " or "1. "
    private static string? MarkOf(string line)
    {
        int space = line.IndexOf(' ');
        return space switch
        {
            1 when line[0] == '-' => "-",
            > 1 when line[space - 1] == '.' && !line.AsSpan(0, space - 1).ContainsAnyExceptInRange('0', '9') => line[..space],
            _ => null,
        };
    }
}
