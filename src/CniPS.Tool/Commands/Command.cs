using System;
using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>A command of <c>cnips</c>: one file each.</summary>
internal abstract class Command
{
    /// <summary>Exit codes: it is done; it failed; the command line can't be understood; what was looked at is not as it should be.</summary>
    internal const int Done = 0, Failed = 1, Misused = 2, Differs = 3;

    /// <summary>The option that every command has.</summary>
    internal static readonly Option Help = new("--help", null, "Print this.") { Short = "-h" };

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

    /// <summary>What an operand is completed with.</summary>
    /// <param name="index">Its place, from 0.</param>
    internal virtual Completes CompletesOperand(int index) => Completes.Nothing;

    /// <summary>The words that can stand first behind its name, where they are few.</summary>
    internal virtual IReadOnlyList<string> Choices => [];

    /// <summary>Exit codes of its own, for the help; empty where there is none but those of every command.</summary>
    internal virtual string ExitCodes => "";

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    internal int Run(ReadOnlySpan<string> commandLine)
    {
        var arguments = new Arguments(commandLine, [.. Options, Help]);
        if (arguments.Has(Help))
        {
            PrintHelp();
            return Done;
        }

        (int least, int most) = OperandCount();
        return arguments.Positionals.Count >= least && arguments.Positionals.Count <= most
            ? Run(arguments)
            : throw new UsageException(most == 0 ? $"{Name} takes no operands" : $"{Name} takes {Operands}");
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(Arguments arguments);

    // <network> [<netns>], [<network>...], [list|show ...]
    private (int Least, int Most) OperandCount()
    {
        (int least, int most) = (0, 0);
        foreach (string operand in Operands.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            least += operand.StartsWith('<') ? 1 : 0;
            most = most == int.MaxValue || operand.Contains("...", StringComparison.Ordinal) ? int.MaxValue : most + 1;
        }

        return (least, most);
    }

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
        foreach (Option option in (IReadOnlyList<Option>)[.. Options, Help])
        {
            string variable = option.Variable is null ? "" : $" [${option.Variable}]";
            terminal.Line($"  {terminal.Command(option.Synopsis.PadRight(28))}  {option.Help}{terminal.Dim(variable)}");
        }

        terminal.Line();
        terminal.Line($"Exit codes: 0 done, 1 failed, 2 command line not understood{(ExitCodes.Length > 0 ? ", " + ExitCodes : "")}.");
    }
}
