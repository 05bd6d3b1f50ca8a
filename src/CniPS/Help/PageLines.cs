using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Help;

/// <summary>A page's lines, read from the first to the last.</summary>
internal sealed class PageLines
{
    private readonly string[] _lines;
    private int _next;

    /// <summary>Takes the lines of a page.</summary>
    /// <exception cref="PageException">There is a tab, or white space at the end of a line.</exception>
    internal PageLines(string file, string[] lines)
    {
        File = file;
        _lines = lines;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains('\t') || lines[i].EndsWith(' '))
            {
                throw Error(i + 1, "there is a tab, or a space at the end of the line");
            }
        }
    }

    /// <summary>The page's file.</summary>
    internal string File { get; }

    /// <summary>What the page is about, by the name of its file.</summary>
    internal string Subject => Path.GetFileNameWithoutExtension(File);

    /// <summary>The next line's number, from 1.</summary>
    internal int Number => _next + 1;

    /// <summary>The next line; null at the end.</summary>
    internal string? Next => _next < _lines.Length ? _lines[_next] : null;

    /// <summary>Reads the next line.</summary>
    internal string Take()
    {
        string line = Next ?? throw Error(Number, "the page ends too early");
        _next++;
        return line;
    }

    /// <summary>Passes over empty lines.</summary>
    internal void SkipEmpty()
    {
        while (Next is "")
        {
            _next++;
        }
    }

    /// <summary>Reads the next line that is not empty, if it is a heading of some level.</summary>
    /// <returns>Its text, or null if it is something else.</returns>
    internal string? TryTakeHeading(int level)
    {
        SkipEmpty();
        string mark = new string('#', level) + " ";
        if (Next is not { } line || !line.StartsWith(mark, StringComparison.Ordinal))
        {
            return null;
        }

        string? before = _next > 0 ? _lines[_next - 1] : "";
        string? after = _next + 1 < _lines.Length ? _lines[_next + 1] : "";
        if (before.Length > 0 || after.Length > 0)
        {
            throw Error(Number, "a heading has an empty line before and after it");
        }

        _next++;
        return line[mark.Length..];
    }

    /// <summary>Reads a heading that must be there.</summary>
    internal void TakeHeading(int level, string text)
    {
        string? found = TryTakeHeading(level);
        if (found != text)
        {
            throw Error(found is null ? Number : Number - 1, $"here must be the heading \"{new string('#', level)} {text}\"");
        }
    }

    /// <summary>The headings of some level up to the next higher one, each read by <paramref name="read"/> from behind it.</summary>
    internal List<T> TakeAll<T>(int level, Func<string, int, T> read)
    {
        List<T> all = [];
        while (TryTakeHeading(level) is { } heading)
        {
            all.Add(read(heading, Number - 1));
        }

        return all;
    }

    /// <summary>The page must end here.</summary>
    internal void TakeEnd()
    {
        SkipEmpty();
        if (Next is not null)
        {
            throw Error(Number, "the page should end before this line");
        }
    }

    /// <summary>The error for a line.</summary>
    internal PageException Error(int line, string message) => new(File, line, message);
}
