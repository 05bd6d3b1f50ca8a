using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Tool.Completion;
using CniPS.Tool.Options;

namespace CniPS.Tool.Commands;

/// <summary>Completes command lines of <c>cnips</c>.</summary>
internal static class CommandCompleter
{
    /// <summary>Finds the candidates.</summary>
    /// <param name="before">The words before the one to complete.</param>
    /// <param name="candidates">Takes them.</param>
    internal static void Find(List<string> before, Candidates candidates)
    {
        if (before.Count == 0 || before is ["help"])
        {
            foreach (Command command in CommandLine.Commands)
            {
                candidates.Add(command.Name, command.Summary);
            }
        }
        else if (CommandLine.TryFind(before[0]) is { } command)
        {
            Find(command, before[1..], candidates);
        }
    }

    private static void Find(Command command, List<string> before, Candidates candidates)
    {
        IReadOnlyList<Option> options = [.. command.Options, Command.Help];
        bool valueIsNext = TakeOpenOption(before, options, out Option? open);
        Arguments arguments;
        try
        {
            arguments = new Arguments(before.ToArray(), options);
        }
        catch (UsageException)
        {
            return; // the line is wrong already
        }

        Option? option = valueIsNext ? open : candidates.Option is { } name ? FindOption(name, options) : null;
        if (option is not null)
        {
            AddValues(option, arguments, candidates);
        }
        else if (candidates.Current.StartsWith('-') && !before.Contains("--"))
        {
            foreach (Option one in options)
            {
                candidates.Add(one.Name, one.Help);
            }
        }
        else
        {
            AddOperands(command, arguments, candidates);
        }
    }

    // The last word before is an option that wants a value: the word to complete is it.
    private static bool TakeOpenOption(List<string> before, IReadOnlyList<Option> options, out Option? open)
    {
        open = before is [.., ['-', ..] last] && !before[..^1].Contains("--") ? FindOption(last, options) : null;
        if (open?.Value is null)
        {
            return false;
        }

        before.RemoveAt(before.Count - 1);
        return true;
    }

    private static Option? FindOption(string name, IReadOnlyList<Option> options)
    {
        foreach (Option option in options)
        {
            if (option.Is(name))
            {
                return option;
            }
        }

        return null;
    }

    private static void AddValues(Option option, Arguments arguments, Candidates candidates)
    {
        foreach (string choice in option.Choices)
        {
            candidates.Add(choice, option.Help);
        }

        Add(option.Completes, arguments, candidates, NetworkOf(arguments));
    }

    private static void AddOperands(Command command, Arguments arguments, Candidates candidates)
    {
        int index = arguments.Positionals.Count;
        foreach (string choice in index == 0 ? command.Choices : [])
        {
            candidates.Add(choice, "");
        }

        Add(command.CompletesOperand(index), arguments, candidates, command.Choices.Count > 0 && index > 1 ? arguments.Positionals[1] : null);
    }

    private static void Add(Completes kind, Arguments arguments, Candidates candidates, string? network)
    {
        var names = new Names(RuntimeSettings.FolderOf(arguments), Path.GetFullPath(arguments.Get(RuntimeSettings.CacheFolder) ?? CnitoolDefaults.CacheFolder));
        switch (kind)
        {
            case Completes.Networks:
                names.AddNetworks(candidates);
                names.AddCachedNetworks(candidates);
                break;
            case Completes.CachedNetworks:
                names.AddCachedNetworks(candidates);
                break;
            case Completes.Namespaces:
                Names.AddNamespaces(candidates, asPaths: false);
                break;
            case Completes.Containers:
                names.AddContainers(candidates, network);
                break;
            case Completes.Ends:
                names.AddContainers(candidates, network);
                Names.AddNamespaces(candidates, asPaths: false);
                break;
            case Completes.Interfaces:
                names.AddInterfaces(candidates, network, arguments.Get(AttachmentOptions.ContainerId));
                break;
            case Completes.Plugins:
                Names.AddPlugins(candidates);
                break;
        }

        candidates.WithFiles = kind is Completes.Files or Completes.Networks or Completes.Namespaces or Completes.Ends;
    }

    // Of a file, its name is not known here: all networks then.
    private static string? NetworkOf(Arguments arguments) =>
        arguments.Positionals is [string network, ..] && !NetworkNames.IsFile(network) ? network : null;
}
