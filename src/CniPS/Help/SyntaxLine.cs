using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace CniPS.Help;

/// <summary>Reads a syntax as <c>Get-Command -Syntax</c> prints it.</summary>
internal static partial class SyntaxLine
{
    /// <summary>The parameters of a syntax, which may go on over several lines.</summary>
    internal static List<SyntaxParameter> Read(string command, CodeBlock code, PageLines lines)
    {
        string text = string.Join(' ', code.Code).Trim();
        List<SyntaxParameter> parameters = [];
        Match match = Start().Match(text);
        if (!match.Success || match.Groups["command"].Value != command)
        {
            throw lines.Error(code.Line, $"the syntax must begin with {command}");
        }

        int at = match.Length;
        for (match = Item().Match(text, at); match.Success; match = Item().Match(text, at))
        {
            parameters.Add(new SyntaxParameter(
                match.Groups["name"].Value,
                match.Groups["type"] is { Success: true } type ? type.Value : null,
                IsRequired: !match.Groups["optional"].Success,
                IsPositional: match.Groups["positional"].Success));
            at += match.Length;
        }

        return text[at..].Trim() == "[<CommonParameters>]"
            ? parameters
            : throw lines.Error(code.Line, $"this part of the syntax is not understood: {text[at..].Trim()}");
    }

    [GeneratedRegex(@"^(?<command>\S+)")]
    private static partial Regex Start();

    // -Name <Type>, -Name, [-Name] <Type>, [-Name <Type>], [[-Name] <Type>], [-Name]
    [GeneratedRegex(
        @"\G\s+(?:
            -(?<name>\w+)(?:\s<(?<type>[^<>]+)>)?
          | (?<positional>\[)-(?<name>\w+)\]\s<(?<type>[^<>]+)>
          | (?<optional>\[)-(?<name>\w+)(?:\s<(?<type>[^<>]+)>)?\]
          | (?<optional>\[)(?<positional>\[)-(?<name>\w+)\]\s<(?<type>[^<>]+)>\]
        )(?=\s)",
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Item();
}
