using System;
using System.IO;
using CniPS.Tool.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(NativeExecutable))]

namespace CniPS.Tool.Tests.Support;

/// <summary>The native executable, published once for all tests, and installed into a folder as a runtime would find it.</summary>
public sealed class NativeExecutable : IDisposable
{
    private readonly Lazy<string> _folder;
    private string? _root;

    public NativeExecutable() => _folder = new Lazy<string>(Publish);

    /// <summary>Whether there is what native compilation needs.</summary>
    public static bool CanBeMade => (Shell.Has("clang") || Shell.Has("gcc")) && Shell.Has("objcopy");

    /// <summary>The folder with <c>cnips</c> and a link for each plugin.</summary>
    public string Folder => _folder.Value;

    /// <summary>The link by which it is cnitool.</summary>
    public string Cnitool => System.IO.Path.Combine(Folder, "..", "tools", "cnitool");

    /// <summary>The executable.</summary>
    public string Path => System.IO.Path.Combine(Folder, "cnips");

    public void Dispose()
    {
        if (_root is not null)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private string Publish()
    {
        Assert.SkipUnless(Shell.Has("clang") || Shell.Has("gcc"), "native compilation needs clang or gcc");
        Assert.SkipUnless(Shell.Has("objcopy"), "native compilation needs objcopy (binutils)");
        _root = Directory.CreateTempSubdirectory("cnips-tests-").FullName;
        File.SetUnixFileMode(_root, (UnixFileMode)0b111_101_101); // ordinary users must get at it too

        // With artifacts of its own, it doesn't meet the build that these tests come from.
        string published = System.IO.Path.Combine(_root, "published");
        Outcome outcome = Shell.Run(
            Shell.DotNet,
            [
                "publish", Repository.Path("src/CniPS.Tool"), "-c", "Release", "-o", published,
                "--artifacts-path", System.IO.Path.Combine(_root, "artifacts"), "--nologo", "-v", "quiet", "-nodeReuse:false",
            ],
            limit: TimeSpan.FromMinutes(10));
        Assert.True(outcome.ExitCode == 0 && File.Exists(System.IO.Path.Combine(published, "cnips")), $"dotnet publish: {outcome}");
        Assert.DoesNotContain("warning", outcome.Output, StringComparison.OrdinalIgnoreCase);

        string folder = System.IO.Path.Combine(_root, "bin");
        Outcome installed = Shell.Run(System.IO.Path.Combine(published, "cnips"), ["install", folder, "--cnitool", System.IO.Path.Combine(_root, "tools")]);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        return folder;
    }
}
