using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Plugin;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Tool.Cnitool;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips install</c>: one file and a link for each plugin; for persons, the file with the commands as well.</summary>
internal sealed class InstallCommand : Command
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly Option s_cnitool =
        new("--cnitool", "DIR", "Make a link named cnitool in that folder; without <dir>, nothing but that and what it leads to.") { Completes = Completes.Files };

    private static readonly Option s_commands = new("--commands", null, "Put the commands there as well, so that cnips has them in <dir>, too.");

    private static readonly Option s_force = new("--force", null, "Replace what others have put there under these names.") { Short = "-f" };

    private static readonly Option s_backend =
        new("--backend", "KIND", "What makes the rules of networks that name nothing: iptables, nftables, or default (each plugin's own).")
        {
            Choices = ["iptables", "nftables", "default"],
        };

    internal override string Name => "install";

    internal override string Operands => "[<dir>]";

    internal override string Summary => "Copies the plugins' executable into a folder, with a link for each; and cnitool into another.";

    internal override string Notes =>
        $"""
        <dir> is where a runtime looks for plugins (/opt/cni/bin): the executable {CommandLine.Executable} goes there, with links beside it
        ({string.Join(", ", NativePlugins.Types)}).
        Plugins need no more. What {CommandLine.Executable} has for persons is in the executable {Companion.Name}, which {CommandLine.Executable} looks for beside itself: --commands
        puts it there, and where it is, it is renewed.
        --cnitool is for a folder on the PATH (/usr/local/bin): its link leads to {Companion.Name} in <dir>, or, without <dir>, to one beside it,
        with {CommandLine.Executable}. Each file is made beside and renamed, so that a runtime always finds the old one or the new one. A file of those names
        that is not such a link is left alone, and nothing is done at all.
        --backend writes {MachineSettings.FileName} beside the executable, which all plugins there read: "ipMasqBackend" of bridge and ptp, "backend" of
        portmap and firewall, for networks that don't name one. With iptables the Go plugins can remove what these attach. Without the
        option such a file stays as it is.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [s_cnitool, s_commands, s_backend, s_force];

    internal override Completes CompletesOperand(int index) => Completes.Files;

    protected override int Run(Arguments arguments)
    {
        string? plugins = arguments.Positionals is [string given] ? Path.GetFullPath(given) : null;
        string? tools = arguments.Get(s_cnitool) is { } folder ? Path.GetFullPath(folder) : null;
        string home = plugins ?? tools ?? throw new UsageException($"{Name} takes {Operands}, {s_cnitool.Synopsis}, or both");
        bool hosted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not null; // by the shared runtime, with assemblies beside it
        if (hosted || Path.GetDirectoryName(Environment.ProcessPath) is not { } source)
        {
            throw new UsageException("this is not the native executable; make it with: dotnet publish src/CniPS.Tool -c Release -o DIR");
        }

        string? backend = arguments.Get(s_backend);
        if (backend is not null && !s_backend.Choices.Contains(backend))
        {
            throw new UsageException($"{s_backend.Name} is one of {string.Join(", ", s_backend.Choices)}, not {backend}");
        }

        bool withCommands = tools is not null || arguments.Has(s_commands) || File.Exists(Path.Join(home, Companion.Name));
        string[] files = withCommands ? [CommandLine.Executable, Companion.Name] : [CommandLine.Executable];
        Dictionary<string, string> links = LinksOf(plugins, tools, home);
        if (!arguments.Has(s_force) && Foreign(home, files, links) is { Count: > 0 } foreign)
        {
            throw new IOException($"not ours, and left alone (--force replaces them): {string.Join(", ", foreign)}");
        }

        Directory.CreateDirectory(home);
        foreach (string file in files)
        {
            Copy(Path.Join(source, file), Path.Join(home, file));
        }

        foreach ((string path, string target) in links)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Link(path, target);
        }

        SetBackend(home, backend);
        string commands = withCommands ? $", {Companion.Name} beside it" : "";
        Terminal.Out.Line($"{Path.Join(home, CommandLine.Executable)}{commands}, with links {string.Join(", ", NamesOf(links, home))}");
        return Done;
    }

    // Path and target: relative beside the executable, so that the folder can be moved.
    private static Dictionary<string, string> LinksOf(string? plugins, string? tools, string home)
    {
        var links = new Dictionary<string, string>();
        foreach (string type in plugins is null ? [] : NativePlugins.Types)
        {
            links.Add(Path.Join(plugins, type), CommandLine.Executable);
        }

        if (tools is not null)
        {
            links.Add(Path.Join(tools, CnitoolProgram.Name), tools == home ? Companion.Name : Path.Join(home, Companion.Name));
        }

        return links;
    }

    private static List<string> NamesOf(Dictionary<string, string> links, string home)
    {
        var names = new List<string>();
        foreach (string path in links.Keys)
        {
            names.Add(Path.GetDirectoryName(path) == home ? Path.GetFileName(path) : path);
        }

        return names;
    }

    private static List<string> Foreign(string home, string[] files, Dictionary<string, string> links)
    {
        var foreign = new List<string>();
        foreach (string name in files)
        {
            var file = new FileInfo(Path.Join(home, name));
            if (Directory.Exists(file.FullName) || file.LinkTarget is not null)
            {
                foreign.Add(file.FullName);
            }
        }

        foreach (string path in links.Keys)
        {
            var link = new FileInfo(path);
            bool there = link.Exists || link.LinkTarget is not null || Directory.Exists(path);
            if (there && Path.GetFileName(link.LinkTarget) is not (CommandLine.Executable or Companion.Name))
            {
                foreign.Add(path);
            }
        }

        return foreign;
    }

    private static void Copy(string source, string target)
    {
        if (source == target)
        {
            return;
        }

        string beside = Beside(target);
        File.Copy(source, beside, overwrite: true);
        File.SetUnixFileMode(beside, Mode);
        File.Move(beside, target, overwrite: true);
    }

    private static void Link(string path, string target)
    {
        string beside = Beside(path);
        File.Delete(beside);
        File.CreateSymbolicLink(beside, target);
        File.Move(beside, path, overwrite: true);
    }

    private static void SetBackend(string home, string? word)
    {
        string file = ExecutableSettings.FileBeside(Path.Join(home, CommandLine.Executable));
        if (RuleBackends.TryParse(word) is { } backend)
        {
            string beside = Beside(file);
            File.WriteAllBytes(beside, MachineSettings.WriteBackend(backend).ToArray());
            File.SetUnixFileMode(beside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            File.Move(beside, file, overwrite: true);
        }
        else if (word is not null)
        {
            File.Delete(file);
        }
    }

    private static string Beside(string path) =>
        Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.{Environment.ProcessId}");
}
