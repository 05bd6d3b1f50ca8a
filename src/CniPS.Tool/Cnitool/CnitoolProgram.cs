using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Plugin.Interop;
using CniPS.Tool.Completion;

namespace CniPS.Tool.Cnitool;

/// <summary>
/// What the executable is under the name cnitool: its commands, settings, texts and exit codes, as a script or a person finds them in
/// containernetworking/cni (cnitool, on its cobra front).
/// </summary>
internal static class CnitoolProgram
{
    /// <summary>The name.</summary>
    internal const string Name = "cnitool";

    // In the order in which cnitool comes upon them.
    private static readonly string[] s_suggested = ["add", "check", "del", "gc", "status", "completion"];

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] line)
    {
        if (line is [CompletionScript.Query or CompletionScript.PlainQuery, ..])
        {
            return CompletionAnswer.Print(line, CnitoolCompleter.Find);
        }

        (CnitoolPage page, List<string> rest) = CnitoolArguments.FindCommand(line);
        try
        {
            return Run(page, rest);
        }
        catch (Exception e)
        {
            string usage = (e as CnitoolException)?.Usage ?? page.Usage() + "\n";
            Write(StandardStreams.Error, $"Error: {e.Message}\n{usage}{e.Message}\n");
            return 1;
        }
    }

    private static int Run(CnitoolPage page, List<string> rest)
    {
        if (page.Parent is null && CnitoolArguments.FirstOperand(page, rest) is int at && at >= 0)
        {
            throw Unknown(rest[at], page);
        }

        CnitoolArguments arguments = CnitoolArguments.Parse(page, rest);
        if (arguments.Help || page.Operands is null)
        {
            Write(StandardStreams.Output, page.Help());
        }
        else if (page.HasNoDescriptions)
        {
            PrintScript(arguments);
        }
        else if (page.Name == "help")
        {
            PrintHelp(arguments.Operands);
        }
        else
        {
            Require(arguments, 2);
            CnitoolOperation.Run(arguments);
        }

        return 0;
    }

    private static void PrintHelp(IReadOnlyList<string> topic)
    {
        (CnitoolPage page, List<string> rest) = CnitoolArguments.FindCommand(topic);
        if (page.Parent is null && CnitoolArguments.FirstOperand(page, rest) >= 0)
        {
            Write(StandardStreams.Error, $"Unknown help topic [`{string.Join("` `", topic)}`]\n{page.Usage(withHelpFlag: false)}");
        }
        else
        {
            Write(StandardStreams.Output, page.Help());
        }
    }

    private static void PrintScript(CnitoolArguments arguments)
    {
        if (arguments.Operands.Count > 0)
        {
            throw new CnitoolException($"unknown command \"{arguments.Operands[0]}\" for \"{arguments.Page.Path}\"");
        }

        Write(StandardStreams.Output, CompletionScript.For(arguments.Page.Name, Name, descriptions: !arguments.NoDescriptions)!);
    }

    private static void Require(CnitoolArguments arguments, int count)
    {
        if (arguments.Operands.Count < count)
        {
            throw new CnitoolException($"requires at least {count} arg(s), only received {arguments.Operands.Count}");
        }
    }

    private static CnitoolException Unknown(string word, CnitoolPage page)
    {
        var text = new StringBuilder($"unknown command \"{word}\" for \"{page.Path}\"");
        string separator = "\n\nDid you mean this?\n\t";
        foreach (string command in s_suggested)
        {
            if (command.StartsWith(word, StringComparison.OrdinalIgnoreCase) || Distance(word.ToLowerInvariant(), command) <= 2)
            {
                text.Append(separator).Append(command);
                separator = "\n\t";
            }
        }

        return new CnitoolException(text.Append(separator.Length > 2 ? "" : "\n").ToString(), $"Run '{page.Path} --help' for usage.\n");
    }

    /// <summary>Letters inserted, removed or replaced to make one word of the other (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        int[] row = new int[to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            int diagonal = 0;
            for (int j = 0; j <= to.Length; j++)
            {
                int above = row[j];
                row[j] = i == 0 ? j
                    : j == 0 ? i
                    : from[i - 1] == to[j - 1] ? diagonal
                    : Math.Min(diagonal, Math.Min(above, row[j - 1])) + 1;
                diagonal = above;
            }
        }

        return row[to.Length];
    }

    private static void Write(int fd, string text) => StandardStreams.Write(fd, Encoding.UTF8.GetBytes(text));
}
