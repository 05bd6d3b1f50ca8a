using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>Under a name that is no plugin's, cnips becomes cnips-cli, which lies beside it.</summary>
public sealed class CompanionTests(NativeExecutable executable) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnips-companion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ALinkElsewhereFindsIt()
    {
        string link = Link("anything", executable.Path), cnitool = Link("cnitool", link), bridge = Link("bridge", link);

        Assert.StartsWith("cnips ", Shell.Run(link, ["version"]).Output, StringComparison.Ordinal);
        Assert.StartsWith("CNI Tool is a simple program", Shell.Run(cnitool, []).Output, StringComparison.Ordinal);
        Assert.StartsWith("CNI bridge plugin CniPS", Shell.Run(bridge, []).Error, StringComparison.Ordinal);
        Assert.Contains("--resendmax TIME", Shell.Run(Link("dhcp", link), ["daemon", "-h"]).Output, StringComparison.Ordinal);
    }

    // The same arguments, and the same environment; and nothing is between it and whoever waits for it.
    [Fact]
    public void ItIsTheSameProcess()
    {
        string script = Path.Combine(_folder, "cnips-cli");
        File.Copy(executable.Path, Path.Combine(_folder, "cnips"));
        File.WriteAllText(script, "#!/bin/sh\nprintf '%s|' \"$$\" \"$MARK\" \"$@\"\nexit 7\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Outcome outcome = Shell.Run("sh", ["-c", "echo $$; MARK='a b' exec \"$0\" \"$@\"", Path.Combine(_folder, "cnips"), "list", "", "two words", "ü\n"]);

        string[] lines = outcome.Output.Split('\n', 2);
        Assert.Equal($"{lines[0]}|a b|list||two words|ü\n|", lines[1]);
        Assert.Equal(7, outcome.ExitCode);
    }

    [Fact]
    public void WithoutItItSaysWhatToDo()
    {
        string cnips = Path.Combine(_folder, "cnips");
        File.Copy(executable.Path, cnips);
        foreach (string name in (string[])["list", "cnitool", "another"])
        {
            string link = name == "list" ? cnips : Link(name, cnips);
            Outcome outcome = Shell.Run(link, ["list"]);
            Assert.Equal(127, outcome.ExitCode);
            Assert.Contains($"the commands are in the executable cnips-cli, which is not beside {cnips}\n", outcome.Error, StringComparison.Ordinal);
            Assert.Contains($"cnips install --commands {_folder}\n", outcome.Error, StringComparison.Ordinal);
            Assert.Empty(outcome.Output);
        }

        Assert.StartsWith("CNI bridge plugin CniPS", Shell.Run(Link("bridge", cnips), []).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OneThatIsNoneEndsItAtOnce()
    {
        string cnips = Path.Combine(_folder, "cnips"), companion = Path.Combine(_folder, "cnips-cli");
        File.Copy(executable.Path, cnips);
        File.WriteAllText(companion, "may not be run");
        Assert.Equal(126, Shell.Run(cnips, ["list"]).ExitCode);

        File.Delete(companion);
        File.CreateSymbolicLink(companion, "cnips");
        Outcome outcome = Shell.Run(cnips, ["list"]);
        Assert.Equal(127, outcome.ExitCode);
        Assert.Contains($"{companion} is not the executable cnips-cli, but this one", outcome.Error, StringComparison.Ordinal);

        File.Delete(companion);
        File.Copy(cnips, companion);
        Assert.Equal(127, Shell.Run(cnips, ["list"]).ExitCode);
    }

    private string Link(string name, string target)
    {
        string path = Path.Combine(_folder, name);
        File.CreateSymbolicLink(path, target);
        return path;
    }
}
