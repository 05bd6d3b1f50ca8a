using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CniPS;

/// <summary>
/// A program's arguments as they were written. PowerShell makes an array of <c>80,443</c> and two words of <c>-foo:bar</c> where a cmdlet gets them, and
/// neither where a program does; what stands on the command line tells which it was. An array in a variable is several arguments, as for a program.
/// </summary>
internal static class ProgramWords
{
    /// <summary>The words.</summary>
    /// <param name="values">What the cmdlet got.</param>
    /// <param name="statement">The statement that called it; null where there was none, as from code.</param>
    /// <param name="name">The name by which it was called there.</param>
    internal static List<string> Of(IReadOnlyList<object?> values, string? statement, string name)
    {
        Queue<ArrayLiteralAst> lists = [];
        HashSet<string> glued = [];
        Read(statement, name, lists, glued);
        List<string> words = [];
        bool isOpen = false; // whether the next word goes to the end of the last one
        foreach (object? value in values)
        {
            IReadOnlyList<string> next = PowerShellValue.Unwrap(value) is IEnumerable items and not string ? Several([.. items.Cast<object?>()], lists) : [Text(value)];
            foreach (string word in next)
            {
                if (isOpen)
                {
                    words[^1] += word;
                }
                else
                {
                    words.Add(word);
                }

                isOpen = !isOpen && glued.Contains(word);
            }
        }

        return words;
    }

    private static IReadOnlyList<string> Several(object?[] items, Queue<ArrayLiteralAst> lists)
    {
        if (!lists.TryPeek(out ArrayLiteralAst? list) || list.Elements.Count != items.Length)
        {
            return [.. items.Select(Text)];
        }

        lists.Dequeue();
        return [string.Join(',', items.Select((item, i) => list.Elements[i] is ConstantExpressionAst and not StringConstantExpressionAst ? list.Elements[i].Extent.Text : Text(item)))];
    }

    private static void Read(string? statement, string name, Queue<ArrayLiteralAst> lists, HashSet<string> glued)
    {
        if (statement is null)
        {
            return;
        }

        Ast script = Parser.ParseInput(statement, out _, out _);
        foreach (CommandAst command in script.FindAll(ast => ast is CommandAst call && call.GetCommandName() == name, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            for (int i = 0; i < command.CommandElements.Count; i++)
            {
                // Before -- it is one element, a parameter with its argument, and behind it two.
                CommandElementAst element = command.CommandElements[i];
                CommandParameterAst? parameter = element as CommandParameterAst;
                Ast? next = parameter?.Argument ?? command.CommandElements.ElementAtOrDefault(i + 1);
                string text = parameter?.Argument is null ? element.Extent.Text : $"-{parameter.ParameterName}:";
                if (text.StartsWith('-') && text.EndsWith(':') && next?.Extent.StartOffset == element.Extent.StartOffset + text.Length)
                {
                    glued.Add(text);
                }

                if ((parameter?.Argument ?? element as ExpressionAst) is ArrayLiteralAst list)
                {
                    lists.Enqueue(list);
                }
            }
        }
    }

    private static string Text(object? value) =>
        PowerShellValue.AsText(value) ?? (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture) ?? "";
}
