using System.Management.Automation.Language;

namespace CniPS.Facts;

/// <summary>Words of a command line that PowerShell reads as they are meant.</summary>
internal static class CommandText
{
    /// <summary>A word, in quotation marks where it needs them.</summary>
    internal static string Quote(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/' or ':'))
            {
                return $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";
            }
        }

        return word.Length == 0 || word.StartsWith('-') ? $"'{word}'" : word;
    }
}
