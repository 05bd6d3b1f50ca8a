using System;
using System.Collections.Generic;

namespace CniPS.Pictures.Svg;

/// <summary>A line of text in a box.</summary>
/// <param name="Text">The text, short enough to stand in a picture.</param>
/// <param name="Css">Its class: what kind of text it is.</param>
/// <param name="Standing">How it stands to the plan.</param>
internal sealed record SvgLine(string Text, string Css, PictureStanding Standing)
{
    /// <summary>What follows on the same line, fainter.</summary>
    internal string Suffix { get; init; } = "";

    /// <summary>How that stands to the plan.</summary>
    internal PictureStanding SuffixStanding { get; init; }

    internal int Width => SvgBox.WidthOf(Text) + (Suffix.Length > 0 ? SvgBox.WidthOf(" " + Suffix) : 0);
}

/// <summary>A box with lines of text, in pixels.</summary>
internal sealed class SvgBox
{
    internal const int LineHeight = 17, Padding = 9, VerticalPadding = 6;

    internal int X { get; set; }

    internal int Y { get; set; }

    internal int Width { get; set; }

    internal int Height { get; set; }

    internal required string Css { get; init; }

    internal List<SvgLine> Lines { get; init; } = [];

    /// <summary>What is shown when the pointer rests on it.</summary>
    internal required string Tooltip { get; init; }

    internal PictureStanding Standing { get; init; }

    internal bool IsOnPath { get; init; }

    internal int Right => X + Width;

    internal int Bottom => Y + Height;

    internal int Middle => Y + (Height / 2);

    /// <summary>Where a line's middle is.</summary>
    internal int MiddleOf(int line) => Y + VerticalPadding + (line * LineHeight) + (LineHeight / 2);

    /// <summary>Makes the box as large as its lines need.</summary>
    internal SvgBox Fit()
    {
        foreach (SvgLine line in Lines)
        {
            Width = Math.Max(Width, line.Width + (2 * Padding));
        }

        Height = Math.Max(Height, (Lines.Count * LineHeight) + (2 * VerticalPadding));
        return this;
    }

    // Monospaced fonts are 0.55 to 0.61 of their height wide; the letters are 12 pixels high.
    internal static int WidthOf(string text) => ((PictureText.WidthOf(text) * 74) + 9) / 10;
}

/// <summary>A line between boxes.</summary>
/// <param name="Path">Where it goes, in SVG's words.</param>
/// <param name="Css">Its class: what kind of line it is.</param>
/// <param name="Standing">How it stands to the plan.</param>
/// <param name="Tooltip">What is shown when the pointer rests on it.</param>
/// <param name="IsOnPath">Whether the path leads along it.</param>
internal sealed record SvgWire(string Path, string Css, PictureStanding Standing, string Tooltip, bool IsOnPath = false);

/// <summary>A word beside a line.</summary>
internal sealed record SvgLabel(int X, int Y, string Text, PictureStanding Standing);
