using System;
using System.IO;
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
        Assert.Equal(4, Directory.GetFileSystemEntries(folder).Length);
        foreach (string type in (string[])["bridge", "host-local", "loopback"])
        {
            Assert.Equal("cnips", new FileInfo(Path.Combine(folder, type)).LinkTarget);
        }

        // Again, by itself too: it is an update.
        Assert.Equal(0, Shell.Run(executable.Path, ["install", folder]).ExitCode);
        Assert.Equal(0, Shell.Run(Path.Combine(folder, "cnips"), ["install", folder]).ExitCode);
        Assert.Equal(4, Directory.GetFileSystemEntries(folder).Length);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
            File.GetUnixFileMode(Path.Combine(folder, "cnips")));
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
}
