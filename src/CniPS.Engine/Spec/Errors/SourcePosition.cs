using System.Globalization;

namespace CniPS.Spec;

/// <summary>A place in a text: file, line and column, as compilers print it.</summary>
/// <param name="File">The file's path, or null for text that came from no file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
public sealed record SourcePosition(string? File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, or <c>line:column</c> without a file.</summary>
    public override string ToString() => File is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
