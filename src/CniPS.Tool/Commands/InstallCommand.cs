using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Plugins;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips install</c>: one file and a link for each plugin.</summary>
internal sealed class InstallCommand : Command
{
    private const string Executable = "cnips";

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly Option s_force = new("--force", null, "Replace what others have put there under these names.") { Short = "-f" };

    internal override string Name => "install";

    internal override string Operands => "<dir>";

    internal override string Summary => "Copies this executable into a folder, with a link for each plugin.";

    internal override string Notes =>
        $"""
        The links ({string.Join(", ", NativePlugins.Types)}) are relative. Each file is made beside and renamed, so that a runtime always
        finds the old one or the new one. A file of those names that is not such a link is left alone, and nothing is done at all.
        """;

    internal override IReadOnlyList<Option> Options { get; } = [s_force];

    protected override int Run(Arguments arguments)
    {
        string folder = Path.GetFullPath(arguments.Positionals[0]);
        bool hosted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is not null; // by the shared runtime, with assemblies beside it
        if (hosted || Environment.ProcessPath is not { } source)
        {
            throw new UsageException("this is not the native executable; make it with: dotnet publish src/CniPS.Tool -c Release -o DIR");
        }

        Directory.CreateDirectory(folder);
        if (!arguments.Has(s_force) && Foreign(folder) is { Count: > 0 } foreign)
        {
            throw new IOException($"not ours, and left alone (--force replaces them): {string.Join(", ", foreign)}");
        }

        Copy(source, Path.Join(folder, Executable));
        foreach (string type in NativePlugins.Types)
        {
            Link(Path.Join(folder, type));
        }

        Terminal.Out.Line($"{Path.Join(folder, Executable)}, with links {string.Join(", ", NativePlugins.Types)}");
        return Done;
    }

    private static List<string> Foreign(string folder)
    {
        var foreign = new List<string>();
        var executable = new FileInfo(Path.Join(folder, Executable));
        if (Directory.Exists(executable.FullName) || executable.LinkTarget is not null)
        {
            foreign.Add(executable.FullName);
        }

        foreach (string type in NativePlugins.Types)
        {
            var link = new FileInfo(Path.Join(folder, type));
            bool there = link.Exists || link.LinkTarget is not null || Directory.Exists(link.FullName);
            if (there && link.LinkTarget != Executable)
            {
                foreign.Add(link.FullName);
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

    private static void Link(string path)
    {
        string beside = Beside(path);
        File.Delete(beside);
        File.CreateSymbolicLink(beside, Executable);
        File.Move(beside, path, overwrite: true);
    }

    private static string Beside(string path) =>
        Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.{Environment.ProcessId}");
}
