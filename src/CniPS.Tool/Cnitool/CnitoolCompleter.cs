using System;
using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Tool.Completion;

namespace CniPS.Tool.Cnitool;

/// <summary>Completes command lines of cnitool.</summary>
internal static class CnitoolCompleter
{
    /// <summary>Finds the candidates.</summary>
    /// <param name="before">The words before the one to complete.</param>
    /// <param name="candidates">Takes them.</param>
    internal static void Find(List<string> before, Candidates candidates)
    {
        string folder = Environment.GetEnvironmentVariable("NETCONFPATH") is { Length: > 0 } path ? path : CnitoolDefaults.ConfigurationFolder;
        var names = new Names(folder, CnitoolDefaults.CacheFolder);
        if (before is [.., "-i" or "--ifname"] || candidates.Option == "--ifname")
        {
            names.AddInterfaces(candidates, null, null);
            return;
        }

        (CnitoolPage page, List<string> rest) = CnitoolArguments.FindCommand(before);
        if (candidates.Current.StartsWith('-'))
        {
            candidates.Add("--help", $"help for {page.Name}");
            candidates.Add("--ifname", "Interface name (defaults to env var CNI_IFNAME or 'eth0')");
            return;
        }

        foreach (CnitoolPage command in page.Name == "help" ? CnitoolPages.Root.Commands : page.Commands)
        {
            candidates.Add(command.Name, command.Short);
        }

        if (page.Operands is not null && page.Name != "help" && !page.HasNoDescriptions)
        {
            AddOperands(page, rest, names, candidates);
        }
    }

    private static void AddOperands(CnitoolPage page, List<string> rest, Names names, Candidates candidates)
    {
        try
        {
            switch (CnitoolArguments.Parse(page, rest).Operands.Count)
            {
                case 0:
                    names.AddNetworks(candidates);
                    break;
                case 1:
                    Names.AddNamespaces(candidates, asPaths: true);
                    candidates.WithFiles = candidates.All.Count == 0; // they are files themselves
                    break;
            }
        }
        catch (CnitoolException)
        {
            return; // the line is wrong already
        }
    }
}
