using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(NativeExecutable))]

namespace CniPS.Tool.Tests.Support;

/// <summary>
/// The native executables, published once for all tests, and installed into a folder as a runtime would find them; and those for linux-arm64, which take
/// over what was compiled for the first.
/// </summary>
public sealed class NativeExecutable : IDisposable
{
    private readonly Lazy<string> _folder, _forArm, _daemon, _daemonForArm;
    private string? _root;

    private const string Project = "src/CniPS.Tool", DaemonProject = "src/CniPS.Node", ForArm = "-p:ForRuntime=linux-arm64";

    private static readonly string[] s_made = ["cnips", "cnips-cli"];

    public NativeExecutable()
    {
        _folder = new Lazy<string>(Install);
        _forArm = new Lazy<string>(() => Publish(System.IO.Path.Combine(Folder, "..", "published-arm64"), Project, s_made, ForArm));
        _daemon = new Lazy<string>(() => Publish(System.IO.Path.Combine(Folder, "..", "daemon"), DaemonProject, ["cnipsd"]));
        _daemonForArm = new Lazy<string>(() => Publish(System.IO.Path.Combine(Folder, "..", "daemon-arm64"), DaemonProject, ["cnipsd"], ForArm));
    }

    /// <summary>Whether there is what native compilation needs.</summary>
    public static bool CanBeMade => (Shell.Has("clang") || Shell.Has("gcc")) && Shell.Has("objcopy");

    /// <summary>The folder with <c>cnips</c>, its companion <c>cnips-cli</c>, and a link for each plugin.</summary>
    public string Folder => _folder.Value;

    /// <summary>The link by which it is cnitool.</summary>
    public string Cnitool => System.IO.Path.Combine(Folder, "..", "tools", "cnitool");

    /// <summary>The folder with <c>cnips</c> for linux-arm64.</summary>
    public string FolderForArm => _forArm.Value;

    /// <summary>The node's daemon.</summary>
    public string Daemon => System.IO.Path.Combine(_daemon.Value, "cnipsd");

    /// <summary>The node's daemon for linux-arm64.</summary>
    public string DaemonForArm => System.IO.Path.Combine(_daemonForArm.Value, "cnipsd");

    /// <summary>The executable, which becomes its companion.</summary>
    public string Path => System.IO.Path.Combine(Folder, "cnips");

    public void Dispose()
    {
        if (_root is not null)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private string Install()
    {
        Assert.SkipUnless(Shell.Has("clang") || Shell.Has("gcc"), "native compilation needs clang or gcc");
        Assert.SkipUnless(Shell.Has("objcopy"), "native compilation needs objcopy (binutils)");
        _root = Directory.CreateTempSubdirectory("cnips-tests-").FullName;
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101); // ordinary users must get at it too
        string published = Publish(System.IO.Path.Combine(_root, "published"), Project, s_made);
        string folder = System.IO.Path.Combine(_root, "bin");
        Outcome installed = Shell.Run(System.IO.Path.Combine(published, "cnips"), ["install", folder, "--cnitool", System.IO.Path.Combine(_root, "tools")]);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        return folder;
    }

    // With artifacts of its own, it doesn't meet the build that these tests come from.
    private string Publish(string folder, string project, string[] made, params string[] options)
    {
        Outcome outcome = Shell.Run(
            Shell.DotNet,
            [
                "publish", Repository.Path(project), "-c", "Release", .. options, "-o", folder,
                "--artifacts-path", System.IO.Path.Combine(_root!, "artifacts"), "--nologo", "-v", "quiet", "-nodeReuse:false",
            ],
            limit: TimeSpan.FromMinutes(10));
        Assert.True(outcome.ExitCode == 0 && Array.TrueForAll(made, name => File.Exists(System.IO.Path.Combine(folder, name))), $"dotnet publish: {outcome}");
        Assert.DoesNotContain("warning", outcome.Output, StringComparison.OrdinalIgnoreCase);
        return folder;
    }
}
