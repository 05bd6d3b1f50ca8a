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
    private readonly Lazy<string> _folder, _forArm;
    private string? _root;

    public NativeExecutable()
    {
        _folder = new Lazy<string>(Install);
        _forArm = new Lazy<string>(() => Publish(System.IO.Path.Combine(Folder, "..", "published-arm64"), "-p:ForRuntime=linux-arm64"));
    }

    /// <summary>Whether there is what native compilation needs.</summary>
    public static bool CanBeMade => (Shell.Has("clang") || Shell.Has("gcc")) && Shell.Has("objcopy");

    /// <summary>The folder with <c>cnips</c>, its companion <c>cnips-cli</c>, and a link for each plugin.</summary>
    public string Folder => _folder.Value;

    /// <summary>The link by which it is cnitool.</summary>
    public string Cnitool => System.IO.Path.Combine(Folder, "..", "tools", "cnitool");

    /// <summary>The folder with <c>cnips</c> for linux-arm64.</summary>
    public string FolderForArm => _forArm.Value;

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
        string published = Publish(System.IO.Path.Combine(_root, "published"));
        string folder = System.IO.Path.Combine(_root, "bin");
        Outcome installed = Shell.Run(System.IO.Path.Combine(published, "cnips"), ["install", folder, "--cnitool", System.IO.Path.Combine(_root, "tools")]);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        return folder;
    }

    // With artifacts of its own, it doesn't meet the build that these tests come from.
    private string Publish(string folder, params string[] options)
    {
        Outcome outcome = Shell.Run(
            Shell.DotNet,
            [
                "publish", Repository.Path("src/CniPS.Tool"), "-c", "Release", .. options, "-o", folder,
                "--artifacts-path", System.IO.Path.Combine(_root!, "artifacts"), "--nologo", "-v", "quiet", "-nodeReuse:false",
            ],
            limit: TimeSpan.FromMinutes(10));
        Assert.True(outcome.ExitCode == 0 && File.Exists(System.IO.Path.Combine(folder, "cnips")) && File.Exists(System.IO.Path.Combine(folder, "cnips-cli")), $"dotnet publish: {outcome}");
        Assert.DoesNotContain("warning", outcome.Output, StringComparison.OrdinalIgnoreCase);
        return folder;
    }
}
