using System;
using System.IO;
using System.Linq;
using CniPS.Linux.Machine;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary><c>cnips install</c>.</summary>
public sealed class InstallTests(NativeExecutable executable) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-install-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MakesALinkForEachPlugin()
    {
        string folder = Path.Combine(_folder, "opt", "bin");
        Outcome outcome = Shell.Run(executable.Path, ["install", folder]);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(1 + NativePlugins.Types.Count, Directory.GetFileSystemEntries(folder).Length);
        foreach (string type in NativePlugins.Types)
        {
            Assert.Equal("cnips", new FileInfo(Path.Combine(folder, type)).LinkTarget);
        }

        // Again: it is an update.
        Assert.Equal(0, Shell.Run(executable.Path, ["install", folder]).ExitCode);
        Assert.Equal(1 + NativePlugins.Types.Count, Directory.GetFileSystemEntries(folder).Length);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            File.GetUnixFileMode(Path.Combine(folder, "cnips")));
    }

    [Fact]
    public void PutsTheCommandsThereWhenAsked()
    {
        Outcome outcome = Shell.Run(executable.Path, ["install", "--commands", _folder]);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(2 + NativePlugins.Types.Count, Directory.GetFileSystemEntries(_folder).Length);
        string cnips = Path.Combine(_folder, "cnips");
        Assert.StartsWith("cnips ", Shell.Run(cnips, ["version"]).Output, StringComparison.Ordinal);

        // Where they are they are renewed, and it can do that itself.
        string commands = Path.Combine(_folder, "cnips-cli");
        File.WriteAllText(commands, "an old one");
        Assert.Equal(0, Shell.Run(executable.Path, ["install", _folder]).ExitCode);
        Assert.StartsWith("cnips ", Shell.Run(commands, ["version"]).Output, StringComparison.Ordinal);
        Assert.Equal(0, Shell.Run(cnips, ["install", _folder]).ExitCode);
        Assert.StartsWith("cnips ", Shell.Run(cnips, ["version"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesAloneWhatIsNotOurs()
    {
        string bridge = Path.Combine(_folder, "bridge");
        File.WriteAllText(bridge, "somebody's");
        Outcome outcome = Shell.Run(executable.Path, ["install", _folder]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(bridge, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(bridge));
        Assert.Single(Directory.GetFileSystemEntries(_folder));

        Assert.Equal(0, Shell.Run(executable.Path, ["install", "--force", _folder]).ExitCode);
        Assert.Equal("cnips", new FileInfo(bridge).LinkTarget);
    }

    [Fact]
    public void LinksCnitoolToThePluginFoldersExecutable()
    {
        string plugins = Path.Combine(_folder, "plugins"), tools = Path.Combine(_folder, "tools");
        for (int i = 0; i < 2; i++) // the second time is an update
        {
            Outcome outcome = Shell.Run(executable.Path, ["install", plugins, "--cnitool", tools]);
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
        }

        Assert.Equal(Path.Combine(plugins, "cnips-cli"), new FileInfo(Path.Combine(tools, "cnitool")).LinkTarget);
        Assert.Single(Directory.GetFileSystemEntries(tools));
        Assert.Equal(2 + NativePlugins.Types.Count, Directory.GetFileSystemEntries(plugins).Length);
        Assert.StartsWith("CNI Tool is a simple program", Shell.Run(Path.Combine(tools, "cnitool"), []).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LinksCnitoolAloneWithoutAPluginFolder()
    {
        Outcome outcome = Shell.Run(executable.Path, ["install", "--cnitool", _folder]);

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal("cnips-cli", new FileInfo(Path.Combine(_folder, "cnitool")).LinkTarget);
        Assert.Equal(3, Directory.GetFileSystemEntries(_folder).Length);
        Assert.Equal(1, Shell.Run(Path.Combine(_folder, "cnitool"), ["add"]).ExitCode);
    }

    [Fact]
    public void LeavesAnothersCnitoolAlone()
    {
        string cnitool = Path.Combine(_folder, "cnitool");
        File.WriteAllText(cnitool, "somebody's");
        Outcome outcome = Shell.Run(executable.Path, ["install", Path.Combine(_folder, "plugins"), "--cnitool", _folder]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(cnitool, outcome.Error, StringComparison.Ordinal);
        Assert.Equal([cnitool], Directory.GetFileSystemEntries(_folder)); // not even the plugins
        Assert.Equal(0, Shell.Run(executable.Path, ["install", "--force", "--cnitool", _folder]).ExitCode);
        Assert.Equal("cnips-cli", new FileInfo(cnitool).LinkTarget);
    }

    [Fact]
    public void WhatItPutsBesideTheLinksIsNoPlugin()
    {
        using var host = new LinuxHost();
        RuntimeOptions options = RuntimeOptions.Default with { PluginPath = [executable.Folder], PluginSource = PluginSource.Path };
        string[] types = [.. PluginInventory.List(host, options, _ => true).Where(plugin => plugin.Path is not null).Select(plugin => plugin.Type)];
        Assert.Equal(NativePlugins.Types.Order(), types.Order());
    }

    [Fact]
    public void SaysWhereToWhenNothingIsGiven()
    {
        Outcome outcome = Shell.Run(executable.Path, ["install"]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--cnitool DIR", outcome.Error, StringComparison.Ordinal);
    }
}
