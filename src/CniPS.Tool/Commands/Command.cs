using System;
using System.Collections.Generic;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>A command of <c>cnips</c>: one file each.</summary>
internal abstract class Command
{
    /// <summary>Exit codes: it is done; it failed; the command line can't be understood; CHECK found differences.</summary>
    internal const int Done = 0, Failed = 1, Misused = 2, Differs = 3;

    private static readonly Option s_help = new("--help", null, "Print this.") { Short = "-h" };

    /// <summary>Its name on the command line.</summary>
    internal abstract string Name { get; }

    /// <summary>What stands behind its name: <c>&lt;network&gt; &lt;netns&gt;</c>.</summary>
    internal virtual string Operands => "";

    /// <summary>What it does, in a line.</summary>
    internal abstract string Summary { get; }

    /// <summary>What else should be known, or empty.</summary>
    internal virtual string Notes => "";

    /// <summary>Its options.</summary>
    internal virtual IReadOnlyList<Option> Options => [];

    /// <summary>How many operands it takes.</summary>
    internal virtual int OperandCount => Operands.Length == 0 ? 0 : Operands.Split(' ').Length;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    internal int Run(ReadOnlySpan<string> commandLine)
    {
        var arguments = new Arguments(commandLine, [.. Options, s_help]);
        if (arguments.Has(s_help))
        {
            PrintHelp();
            return Done;
        }

        if (arguments.Positionals.Count != OperandCount)
        {
            throw new UsageException(OperandCount == 0 ? $"{Name} takes no operands" : $"{Name} takes {Operands}");
        }

        return Run(arguments);
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(Arguments arguments);

    private void PrintHelp()
    {
        Terminal terminal = Terminal.Out;
        string operands = Operands.Length > 0 ? " " + Operands : "";
        terminal.Line($"{terminal.Bold($"cnips {Name}")}{operands}{(Options.Count > 0 ? " [options]" : "")}");
        terminal.Line();
        terminal.Line(Summary);
        if (Notes.Length > 0)
        {
            terminal.Line();
            terminal.Line(Notes);
        }

        terminal.Line();
        foreach (Option option in (IReadOnlyList<Option>)[.. Options, s_help])
        {
            string variable = option.Variable is null ? "" : $" [${option.Variable}]";
            terminal.Line($"  {terminal.Command(option.Synopsis.PadRight(28))}  {option.Help}{terminal.Dim(variable)}");
        }
    }
}
