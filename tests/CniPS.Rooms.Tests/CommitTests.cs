using System;
using System.Diagnostics;
using System.Linq;
using Xunit;

namespace CniPS.Rooms.Tests;

/// <summary>Commits have subjects that fit (CONTRIBUTING.md): since the rule, that is.</summary>
public sealed class CommitTests
{
    private const int Longest = 72;

    // The last commit before it.
    private const string Before = "faf68b9cce32c5967bc173555eee3cb0b5b9865b";

    [Fact]
    public void Subjects_are_short()
    {
        (int status, string output) = Git("log", "--no-merges", "--format=%h %s", $"{Before}..HEAD");
        Assert.SkipUnless(status == 0, "no Git, or no history that goes back that far");
        string[] tooLong = [.. output.Split('\n').Where(line => line.Length > line.IndexOf(' ') + 1 + Longest)];
        Assert.True(tooLong.Length == 0, $"longer than {Longest} characters:\n{string.Join('\n', tooLong)}");
    }

    private static (int Status, string Output) Git(params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = House.Repository,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginErrorReadLine();
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return (git.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
