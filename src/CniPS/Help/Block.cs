using System.Collections.Generic;

namespace CniPS.Help;

/// <summary>A piece of a page, with the number of its first line.</summary>
internal abstract record Block(int Line);

/// <summary>A paragraph, as plain text.</summary>
internal sealed record Paragraph(int Line, string Text) : Block(Line);

/// <summary>A list; each item has its mark, <c>-</c> or a number, and plain text.</summary>
internal sealed record ListBlock(int Line, IReadOnlyList<(string Mark, string Text)> Items) : Block(Line)
{
    internal bool IsNumbered => Items[0].Mark != "-";
}

/// <summary>A fenced block of code, or of output.</summary>
internal sealed record CodeBlock(int Line, string Language, IReadOnlyList<string> Code) : Block(Line);

/// <summary>A comment, which readers don't see.</summary>
internal sealed record Comment(int Line) : Block(Line);
