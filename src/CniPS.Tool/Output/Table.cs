using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Tool.Output;

/// <summary>Rows of text under headings, each column as wide as it must be.</summary>
/// <param name="headings">The headings.</param>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    internal void Add(params string[] row) => _rows.Add(row);

    /// <summary>Prints it; nothing where there are no rows.</summary>
    internal void Print(Terminal terminal)
    {
        if (_rows.Count == 0)
        {
            return;
        }

        terminal.Line(terminal.Bold(Line(headings)));
        foreach (string[] row in _rows)
        {
            terminal.Line(Line(row));
        }
    }

    private string Line(string[] row)
    {
        var line = new StringBuilder();
        for (int column = 0; column < row.Length; column++)
        {
            line.Append(row[column].PadRight(Width(column) + 2));
        }

        return line.ToString().TrimEnd();
    }

    private int Width(int column)
    {
        int width = headings[column].Length;
        foreach (string[] row in _rows)
        {
            width = Math.Max(width, row[column].Length);
        }

        return width;
    }
}
