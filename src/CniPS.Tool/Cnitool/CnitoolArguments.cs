using System;
using System.Collections.Generic;

namespace CniPS.Tool.Cnitool;

/// <summary>A command line as cnitool takes it apart: flags may stand anywhere, also before the command and behind its operands.</summary>
internal sealed class CnitoolArguments
{
    private readonly List<string> _operands = [];

    private CnitoolArguments(CnitoolPage page) => Page = page;

    /// <summary>The command.</summary>
    internal CnitoolPage Page { get; }

    /// <summary>What is no flag.</summary>
    internal IReadOnlyList<string> Operands => _operands;

    /// <summary><c>--ifname</c>; empty where it isn't given.</summary>
    internal string InterfaceName { get; private set; } = "";

    /// <summary><c>--help</c>.</summary>
    internal bool Help { get; private set; }

    /// <summary><c>--no-descriptions</c>.</summary>
    internal bool NoDescriptions { get; private set; }

    /// <summary>The command that a command line names, and what is left of the line.</summary>
    internal static (CnitoolPage Page, List<string> Line) FindCommand(IReadOnlyList<string> line)
    {
        CnitoolPage page = CnitoolPages.Root;
        List<string> rest = [.. line];
        while (FirstOperand(page, rest) is int at && at >= 0 && page.Find(rest[at]) is { } command)
        {
            page = command;
            rest.RemoveAt(at);
        }

        return (page, rest);
    }

    /// <summary>Where the first word stands that is neither a flag nor a flag's value, or -1.</summary>
    internal static int FirstOperand(CnitoolPage page, List<string> line)
    {
        for (int at = 0; at < line.Count && line[at] != "--"; at++)
        {
            string word = line[at];
            if (word.Length > 0 && word[0] != '-')
            {
                return at;
            }

            // At this time cnitool knows no flag without a value: -h eats what follows as -i does.
            bool isLong = word.StartsWith("--", StringComparison.Ordinal) && !(page.HasNoDescriptions && word == "--no-descriptions");
            if ((isLong || word.Length == 2) && !word.Contains('='))
            {
                at += line.Count - at > 2 ? 1 : line.Count;
            }
        }

        return -1;
    }

    /// <summary>Takes the flags of a command out of its line.</summary>
    /// <exception cref="CnitoolException">There is one that it hasn't, or that lacks its value.</exception>
    internal static CnitoolArguments Parse(CnitoolPage page, IReadOnlyList<string> line)
    {
        var arguments = new CnitoolArguments(page);
        var words = new Queue<string>(line);
        while (words.TryDequeue(out string? word))
        {
            if (word == "--")
            {
                arguments._operands.AddRange(words);
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                arguments._operands.Add(word);
            }
            else if (word[1] == '-')
            {
                arguments.TakeLong(word, words);
            }
            else
            {
                arguments.TakeShort(word[1..], words);
            }
        }

        return arguments;
    }

    private void TakeLong(string word, Queue<string> rest)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word[2..] : word[2..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        switch (name)
        {
            case "" or ['-', ..]:
                throw new CnitoolException($"bad flag syntax: {word}");
            case "ifname":
                InterfaceName = value ?? (rest.TryDequeue(out string? next) ? next : throw new CnitoolException($"flag needs an argument: {word}"));
                break;
            case "help":
                Help = Boolean(value, "-h, --help");
                break;
            case "no-descriptions" when Page.HasNoDescriptions:
                NoDescriptions = Boolean(value, "--no-descriptions");
                break;
            default:
                throw new CnitoolException($"unknown flag: --{name}");
        }
    }

    private void TakeShort(string letters, Queue<string> rest)
    {
        for (; letters.Length > 0; letters = letters[1..])
        {
            string? value = letters.Length > 2 && letters[1] == '=' ? letters[2..] : null;
            switch (letters[0])
            {
                case 'i':
                    InterfaceName = value ?? (letters.Length > 1 ? letters[1..] : rest.TryDequeue(out string? next) ? next
                        : throw new CnitoolException($"flag needs an argument: 'i' in -{letters}"));
                    return;
                case 'h':
                    Help = Boolean(value, "-h, --help");
                    break;
                default:
                    throw new CnitoolException($"unknown shorthand flag: '{letters[0]}' in -{letters}");
            }

            if (value is not null)
            {
                return;
            }
        }
    }

    private static bool Boolean(string? value, string flag) => value switch
    {
        null or "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => throw new CnitoolException($"invalid argument \"{value}\" for \"{flag}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax"),
    };
}
