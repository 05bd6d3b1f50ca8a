using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace CniPS.Rooms.Tests;

/// <summary>The pages for those who work on CniPS speak of what is there.</summary>
public sealed partial class PageTests
{
    public static TheoryData<string> Pages() => ["README.md", "docs/design.md", "CONTRIBUTING.md", "SECURITY.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_they_name_is_there(string page)
    {
        string text = Read(page);
        string folder = Path.GetDirectoryName(Path.Join(House.Repository, page))!;
        string[] missing =
        [
            .. PathInRepository().Matches(text).Select(match => match.Value).Where(path => !Exists(Path.Join(House.Repository, path))),
            .. Link().Matches(text).Select(match => match.Groups[1].Value).Where(path => !Exists(Path.Join(folder, path))),
            .. Words(text).Where(word => !s_names.Value.Contains(word)),
        ];
        Assert.True(missing.Length == 0, $"{page} names what is not there: {string.Join(", ", missing)}");
    }

    [Fact]
    public void The_example_is_the_plugin()
    {
        string source = Read("src/CniPS.Engine/Plugins/Main/DummyPlugin.cs");
        Assert.Contains("```csharp\n" + source[source.IndexOf("/// <summary>", StringComparison.Ordinal)..] + "```\n", Read("CONTRIBUTING.md"));
    }

    // Words between `` that look like a type's name, with a small letter inside: LinkDeleter, ICniPlugin.
    private static readonly Lazy<string> s_names = new(() => string.Join('\n', new[] { "src", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Join(House.Repository, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText)));

    private static IEnumerable<string> Words(string text) =>
        TypeName().Matches(text).Select(match => match.Groups[1].Value).Distinct();

    private static string Read(string path) => File.ReadAllText(Path.Join(House.Repository, path));

    // TYPE stands for any plugin's; what a build makes may not have been made yet.
    private static bool Exists(string path) =>
        path.Contains('*') || path.Contains("/bin/", StringComparison.Ordinal) || path.Contains("TYPE.", StringComparison.Ordinal)
        || File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex(@"(?<![\w./-])(?:src|tests|docs|module|\.ci)/[\w./*-]*\w(?![\w/]*<)")]
    private static partial Regex PathInRepository();

    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z]\w*[a-z]\w*[A-Z]\w*)[`.(<]")]
    private static partial Regex TypeName();
}
