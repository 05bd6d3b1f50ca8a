using System;
using System.Collections.Generic;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins.Catalog;
using CniPS.Spec;
using CniPS.Tool.Completion;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>The command line of <c>cnips</c>: finds the command, runs it, and says what went wrong.</summary>
internal static class CommandLine
{
    /// <summary>The executable's own name.</summary>
    internal const string Executable = "cnips";

    /// <summary>The commands, sorted.</summary>
    internal static IReadOnlyList<Command> Commands { get; } =
    [
        new AddCommand(),
        new CacheCommand(),
        new CaptureCommand(),
        new CheckCommand(),
        new CompletionCommand(),
        new ConvertCommand(),
        new DeleteCommand(),
        new DemoCommand(),
        new DhcpCommand(),
        new ExposureCommand(),
        new CollectCommand(),
        new InstallCommand(),
        new ListCommand(),
        new PluginCommand(),
        new StatisticCommand(),
        new StatusCommand(),
        new TraceCommand(),
        new UpdateCommand(),
        new ValidateCommand(),
        new VersionCommand(),
        new WatchCommand(),
    ];

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code. What can't be told counts as not done.</returns>
    internal static int Run(string[] arguments)
    {
        int code = Answer(arguments);
        if (code == Command.Done && StandardStreams.Lost is { } reason)
        {
            CniException error = ErrorReport.Untold(reason, "What was asked for is done. Make room behind it, or send it elsewhere, to be told.");
            if (Array.IndexOf(arguments, RuntimeSettings.Json.Name) >= 0)
            {
                ErrorReport.PrintJson(error);
            }
            else
            {
                Terminal.Error.Line($"cnips: {error.Message}");
            }

            return Command.Failed;
        }

        return code;
    }

    private static int Answer(string[] arguments)
    {
        if (arguments is [] or ["help"] or ["--help"] or ["-h"])
        {
            PrintHelp(arguments is [] ? Terminal.Error : Terminal.Out);
            return arguments is [] ? Command.Misused : Command.Done;
        }

        string name = arguments[0];
        bool json = Array.IndexOf(arguments, RuntimeSettings.Json.Name) >= 0;
        try
        {
            return name switch
            {
                "help" => Find(arguments[1]).Run(["--help"]),
                "--version" => new VersionCommand().Run([]),
                CompletionScript.Query or CompletionScript.PlainQuery => CompletionAnswer.Print(arguments, CommandCompleter.Find),
                _ => Find(name).Run(arguments.AsSpan(1)),
            };
        }
        catch (Exception e) when (json)
        {
            ErrorReport.PrintJson(e);
            return e is UsageException ? Command.Misused : Command.Failed;
        }
        catch (UsageException e)
        {
            Terminal.Error.Line($"cnips: {e.Message}");
            Terminal.Error.Line("cnips --help, and cnips COMMAND --help, say what there is.");
            return Command.Misused;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ErrorReport.Print(e);
            return Command.Failed;
        }
    }

    /// <summary>The command of a name, or null.</summary>
    internal static Command? TryFind(string name)
    {
        foreach (Command command in Commands)
        {
            if (command.Name == name)
            {
                return command;
            }
        }

        return null;
    }

    private static Command Find(string name) => TryFind(name) ?? throw new UsageException($"there is no command {name}");

    private static void PrintHelp(Terminal terminal)
    {
        terminal.Line(terminal.Bold("cnips: container networks (CNI), with the reference plugins built in"));
        terminal.Line();
        foreach (Command command in Commands)
        {
            terminal.Line($"  {terminal.Command($"cnips {command.Name} {command.Operands}".PadRight(38))}  {command.Summary}");
        }

        terminal.Line();
        terminal.Line($"Started under a plugin's name ({string.Join(", ", NativePlugins.Types)}), it is that plugin;");
        terminal.Line("started under the name cnitool, it is that, to the letter.");
        terminal.Line("cnips COMMAND --help says more about a command.");
        terminal.Line();
        terminal.Line("Exit codes: 0 done, 1 failed, 2 command line not understood, 3 check, trace or validate found something, 129, 130 and 143 interrupted.");
    }
}
