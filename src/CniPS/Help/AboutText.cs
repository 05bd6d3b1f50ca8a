using System.Text;

namespace CniPS.Help;

/// <summary>A topic as the text that Get-Help shows. The fifth line is what it takes for the synopsis.</summary>
internal static class AboutText
{
    /// <summary>The longest line.</summary>
    internal const int Width = 79;

    /// <summary>How far text is indented.</summary>
    internal const int Indent = 4;

    internal static string Of(AboutPage page)
    {
        StringBuilder text = new();
        text.Append("TOPIC\n    ").Append(page.Name).Append("\n\n");
        text.Append("SHORT DESCRIPTION\n    ").Append(page.ShortDescription).Append("\n\n");
        text.Append("LONG DESCRIPTION\n");
        foreach (AboutSection section in page.Sections)
        {
            if (section.Heading.Length > 0)
            {
                text.Append(' ', section.Level == 3 ? 2 : Indent).Append(section.Heading).Append('\n');
            }

            int indent = section.Level == 4 ? 2 * Indent : Indent;
            foreach (Block block in section.Text)
            {
                Append(text, block, indent);
            }
        }

        text.Append("SEE ALSO\n");
        foreach (Link link in page.Links)
        {
            Wrap(text, link.Address is null ? link.Text : $"{link.Text} ({link.Address})", Indent, Indent);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Block block, int indent)
    {
        switch (block)
        {
            case Paragraph paragraph:
                Wrap(text, paragraph.Text, indent, indent);
                text.Append('\n');
                break;
            case ListBlock list:
                foreach ((string mark, string item) in list.Items)
                {
                    Wrap(text, $"{mark} {item}", indent, indent + mark.Length + 1);
                }

                text.Append('\n');
                break;
            case CodeBlock code:
                foreach (string line in code.Code)
                {
                    text.Append(' ', line.Length > 0 ? indent + Indent : 0).Append(line).Append('\n');
                }

                text.Append('\n');
                break;
        }
    }

    private static void Wrap(StringBuilder text, string words, int indent, int nextIndent)
    {
        int column = indent;
        text.Append(' ', indent);
        foreach (string word in words.Split(' '))
        {
            if (column + 1 + word.Length > Width && column > nextIndent)
            {
                text.Append('\n').Append(' ', nextIndent);
                column = nextIndent;
            }
            else if (text[^1] != ' ')
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }
}
