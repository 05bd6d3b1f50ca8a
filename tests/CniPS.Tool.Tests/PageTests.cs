using System;
using System.IO;
using System.Text;
using CniPS.Plugins.Catalog;
using CniPS.Tool.Commands;
using CniPS.Tool.Tests.Support;
using Xunit;

namespace CniPS.Tool.Tests;

/// <summary>
/// The page docs/cnips.md shows the real help texts, but for the list of plugins, which is long. With CNIPS_UPDATE_EXAMPLES=1 it is rewritten
/// where it doesn't.
/// </summary>
public sealed class PageTests(NativeExecutable executable)
{
    private const string Fence = "```", Prompt = "$ cnips ";

    private static readonly string s_page = Repository.Path("docs/cnips.md");

    [Fact]
    public void ShowsWhatTheExecutablePrints()
    {
        string page = File.ReadAllText(s_page), real = WithRealTexts(page);
        if (page != real && Environment.GetEnvironmentVariable("CNIPS_UPDATE_EXAMPLES") == "1")
        {
            File.WriteAllText(s_page, real);
            return;
        }

        Assert.True(page == real, $"{s_page} is out of date: run this test with CNIPS_UPDATE_EXAMPLES=1.\n{real}");
    }

    [Fact]
    public void ShowsEveryCommand()
    {
        string page = File.ReadAllText(s_page);
        Assert.NotEmpty(CommandLine.Commands);
        Assert.All(CommandLine.Commands, command => Assert.Contains($"{Prompt}{command.Name} --help\n", page, StringComparison.Ordinal));
    }

    // Every block that begins with a command line of cnips, with what that prints.
    private string WithRealTexts(string page)
    {
        var real = new StringBuilder();
        bool inside = false, replaced = false;
        foreach (string line in page.TrimEnd('\n').Split('\n'))
        {
            bool fence = line.StartsWith(Fence, StringComparison.Ordinal);
            if (fence || !replaced)
            {
                real.Append(line).Append('\n');
            }

            if (fence)
            {
                inside = !inside;
                replaced = false;
            }
            else if (inside && line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                Outcome outcome = Shell.Run(executable.Path, line[Prompt.Length..].Split(' '));
                Assert.True(outcome.ExitCode == 0, outcome.ToString());
                real.Append(outcome.Output.Replace(string.Join(", ", NativePlugins.Types), "bridge, host-local, ...", StringComparison.Ordinal));
                replaced = true;
            }
        }

        return real.ToString();
    }
}
