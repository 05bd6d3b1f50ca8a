using System;

namespace CniPS.Help;

/// <summary>A page is not written as it should be.</summary>
internal sealed class PageException(string file, int line, string message) : Exception(message)
{
    /// <summary>The page.</summary>
    internal string File { get; } = file;

    /// <summary>The line, from 1.</summary>
    internal int Line { get; } = line;
}
