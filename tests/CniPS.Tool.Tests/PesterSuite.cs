using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// The cmdlets in a real pwsh: one case for each tests/Pester/*.Tests.ps1, in namespaces of its own. What fails in a file is named, what it
/// skips is shown.
/// </summary>
public abstract class PesterSuite(ITestOutputHelper output, NativeExecutable executable)
{
    private const string Mark = "CNIPS-PESTER ";

    /// <summary>Names the native executable to those files that ask for it.</summary>
    private const string ExecutableVariable = "CNIPS_EXECUTABLE";

    /// <summary>Names the native cnipsd to those that ask for that.</summary>
    private const string DaemonVariable = "CNIPS_DAEMON";

    private static readonly string s_folder = Repository.Path("tests/Pester");

    // Every second file: two classes run side by side.
    private protected static TheoryData<string> Files(int first)
    {
        var files = new TheoryData<string>();
        string[] paths = Directory.GetFiles(s_folder, "*.Tests.ps1");
        Array.Sort(paths, StringComparer.Ordinal);
        for (int i = first; i < paths.Length; i += 2)
        {
            files.Add(Path.GetFileName(paths[i]));
        }

        return files;
    }

    private protected void Run(string file)
    {
        Assert.SkipUnless(Environment.UserName == "root", "private network namespaces need root");
        Assert.SkipUnless(Shell.Has("unshare") && Shell.Has("ip"), "needs unshare (util-linux) and ip (iproute2)");
        Assert.True(Directory.Exists(Repository.Path("out/CniPS")), "out/CniPS is not there: dotnet build makes it");

        string path = Path.Combine(s_folder, file);
        var environment = new Dictionary<string, string> { ["CNIPS_PWSH"] = PowerShell.Path };
        string text = File.ReadAllText(path);
        if (NativeExecutable.CanBeMade && text.Contains(ExecutableVariable, StringComparison.Ordinal))
        {
            environment[ExecutableVariable] = executable.Path;
        }

        if (NativeExecutable.CanBeMade && text.Contains(DaemonVariable, StringComparison.Ordinal))
        {
            environment[DaemonVariable] = executable.Daemon;
        }

        Outcome outcome = Shell.Run(Path.Combine(s_folder, "Invoke-Suite.sh"), [path], environment, limit: TimeSpan.FromMinutes(20));

        int at = outcome.Output.LastIndexOf(Mark, StringComparison.Ordinal);
        Assert.True(at >= 0, outcome.ToString());
        JsonElement summary = JsonDocument.Parse(outcome.Output[(at + Mark.Length)..]).RootElement;
        output.WriteLine($"{summary.GetProperty("passed")} passed, {summary.GetProperty("failed")} failed, {summary.GetProperty("skipped")} skipped");
        string skips = Lines(summary.GetProperty("skips")), failures = Lines(summary.GetProperty("failures"));
        output.WriteLine(skips);
        Assert.True(failures.Length == 0, failures);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.SkipWhen(summary.GetProperty("passed").GetInt32() == 0, skips);
    }

    private static string Lines(JsonElement list)
    {
        var lines = new string?[list.GetArrayLength()];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = list[i].GetString();
        }

        return string.Join('\n', lines);
    }
}

/// <summary>The first of them, the third ...</summary>
public sealed class OddPesterFiles(ITestOutputHelper output, NativeExecutable executable) : PesterSuite(output, executable)
{
    public static TheoryData<string> Files() => Files(0);

    [Theory]
    [MemberData(nameof(Files))]
    public void Passes(string file) => Run(file);
}

/// <summary>The second, the fourth ...</summary>
public sealed class EvenPesterFiles(ITestOutputHelper output, NativeExecutable executable) : PesterSuite(output, executable)
{
    public static TheoryData<string> Files() => Files(1);

    [Theory]
    [MemberData(nameof(Files))]
    public void Passes(string file) => Run(file);
}
