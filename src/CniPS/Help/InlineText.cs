using System;
using System.IO;
using System.Text;

namespace CniPS.Help;

/// <summary>Markdown inside a paragraph as plain text: <c>`code`</c> (between quotes where it is but a sign, as <c>`.`</c>), <c>**strong**</c>, <c>*emphasis*</c>, <c>[links](…)</c>.</summary>
internal static class InlineText
{
    /// <summary>The text without its marks; a link to the web keeps its address.</summary>
    /// <exception cref="PageException">A mark has no end, there is HTML, or a link leads to a page that is not there.</exception>
    internal static string ToPlain(string text, PageLines lines, int line)
    {
        StringBuilder plain = new();
        int i = 0;
        while (i < text.Length)
        {
            switch (text[i])
            {
                case '`':
                    plain.Append(CodeOf(TakeUntil(text, ref i, new string('`', CountOf(text, i)), lines, line).Trim()));
                    break;
                case '*':
                    plain.Append(ToPlain(TakeUntil(text, ref i, CountOf(text, i) > 1 ? "**" : "*", lines, line), lines, line));
                    break;
                case '[':
                    plain.Append(TakeLink(text, ref i, lines, line));
                    break;
                case '\\' when i + 1 < text.Length && char.IsPunctuation(text[i + 1]):
                    plain.Append(text[i + 1]);
                    i += 2;
                    break;
                case '<':
                    throw lines.Error(line, "\"<\" must be in code, or have a \"\\\" before it");
                default:
                    plain.Append(text[i++]);
                    break;
            }
        }

        return plain.ToString();
    }

    /// <summary>Where a link leads to: nothing for a page beside this one.</summary>
    internal static string? AddressOf(string target, PageLines lines, int line)
    {
        if (target.StartsWith("https://", StringComparison.Ordinal))
        {
            return target;
        }

        string file = target.Split('#')[0];
        string folder = Path.GetDirectoryName(lines.File) ?? ".";
        return file.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Path.Join(folder, file))
            ? null
            : throw lines.Error(line, $"\"{target}\" is neither https:// nor a page that is there");
    }

    // Without its marks, "." would be taken for the end of a sentence.
    private static string CodeOf(string code)
    {
        foreach (char c in code)
        {
            if (char.IsLetterOrDigit(c))
            {
                return code;
            }
        }

        return $"\"{code}\"";
    }

    private static string TakeLink(string text, ref int i, PageLines lines, int line)
    {
        string words = TakeUntil(text, ref i, "[", "]", lines, line);
        string target = i < text.Length && text[i] == '(' ? TakeUntil(text, ref i, "(", ")", lines, line)
            : throw lines.Error(line, $"[{words}] must be followed by (address), or have a \"\\\" before it");
        string plain = ToPlain(words, lines, line);
        return AddressOf(target, lines, line) is { } address ? $"{plain} ({address})" : plain;
    }

    private static int CountOf(string text, int start)
    {
        int end = start;
        while (end < text.Length && text[end] == text[start])
        {
            end++;
        }

        return end - start;
    }

    private static string TakeUntil(string text, ref int i, string mark, PageLines lines, int line) =>
        TakeUntil(text, ref i, mark, mark, lines, line);

    private static string TakeUntil(string text, ref int i, string open, string close, PageLines lines, int line)
    {
        int start = i + open.Length;
        int end = text.IndexOf(close, start, StringComparison.Ordinal);
        if (end <= start)
        {
            throw lines.Error(line, $"\"{open}\" in this paragraph or item has no \"{close}\"");
        }

        i = end + close.Length;
        return text[start..end];
    }
}
