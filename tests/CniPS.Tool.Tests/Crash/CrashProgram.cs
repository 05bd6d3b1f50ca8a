using System;
using System.IO;
using CniPS.Tool.Tests.Crash;
using CniPS.Tool.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(CrashProgram))]

namespace CniPS.Tool.Tests.Crash;

/// <summary>crash.c, built once for all tests.</summary>
public sealed class CrashProgram : IDisposable
{
    private readonly Lazy<string> _path;
    private string? _folder;

    public CrashProgram() => _path = new Lazy<string>(Build);

    /// <summary>The program.</summary>
    public string Path => _path.Value;

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Build()
    {
        string compiler = Shell.Has("gcc") ? "gcc" : "clang";
        Assert.SkipUnless(Shell.Has(compiler), "needs gcc or clang, to build what kills at a given system call");
        Assert.SkipUnless(File.Exists("/usr/include/linux/ptrace.h"), "needs the kernel's headers (linux-libc-dev), to build what kills at a given system call");
        _folder = Directory.CreateTempSubdirectory("cnips-crash-").FullName;
        string program = System.IO.Path.Join(_folder, "crash");
        Outcome outcome = Shell.Run(compiler, ["-O2", "-Wall", "-Werror", "-o", program, Repository.Path("tests/CniPS.Tool.Tests/Crash/crash.c")]);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        return program;
    }
}
