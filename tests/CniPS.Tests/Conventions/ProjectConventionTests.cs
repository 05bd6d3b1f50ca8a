using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation.Language;
using System.Reflection;
using System.Text.RegularExpressions;
using CniPS.Tests.Hosting;
using Xunit;

namespace CniPS.Tests.Conventions;

/// <summary>Help, manifest, package, scripts: what is around the cmdlets.</summary>
public sealed class ProjectConventionTests
{
    public static TheoryData<string> Names() => Cmdlets.Names();

    [Theory]
    [Convention(32)]
    [MemberData(nameof(Names))]
    public void Help_has_examples_with_what_they_print(string cmdlet)
    {
        string page = Repository.Read("docs", "en-US", cmdlet + ".md");
        Assert.True(Regex.Count(page, @"(?m)^### Example \d+: ") >= 3);
        Assert.True(Regex.Count(page, "(?m)^```output$") >= 2);
        foreach (string parameter in Cmdlets.Own(Cmdlets.All[cmdlet]).Select(parameter => parameter.Name))
        {
            Assert.Matches($@"(?m)^### -{parameter}\n\n\S", page);
        }
    }

    [Theory]
    [Convention(33)]
    [InlineData("about_CniPS")]
    [InlineData("about_CniPS_Errors")]
    [InlineData("about_CniPS_Namespaces")]
    [InlineData("about_CniPS_Planning")]
    public void Concepts_have_topics(string topic) =>
        Assert.Matches(@"(?s)^# " + topic + @"\n\n## SHORT DESCRIPTION\n\n[A-Z].{20,}## LONG DESCRIPTION", Repository.Read("docs", "en-US", topic + ".md"));

    [Fact]
    [Convention(34)]
    public void The_manifest_names_everything()
    {
        Hashtable manifest = Manifest();
        Assert.Equal(Cmdlets.All.Keys.Order(), ((object[])manifest["CmdletsToExport"]!).Cast<string>().Order());
        foreach (string none in new[] { "FunctionsToExport", "AliasesToExport", "VariablesToExport" })
        {
            Assert.Empty((object[])manifest[none]!);
        }

        Assert.Equal(("7.4", "Core"), (manifest["PowerShellVersion"], ((object[])manifest["CompatiblePSEditions"]!).Single()));
        Assert.All(new[] { "GUID", "Author", "Copyright", "Description", "ModuleVersion", "RootModule" }, key => Assert.NotEmpty((string)manifest[key]!));
    }

    // PSScriptAnalyzer itself runs where it is installed (tests/Pester/Module.Tests.ps1); these are its rules that bite.
    [Fact]
    [Convention(35)]
    public void Scripts_are_parsed_and_have_no_aliases()
    {
        string[] aliases = ["%", "?", "select", "where", "foreach", "sort", "ls", "dir", "cat", "cp", "rm", "gci", "gc", "iex", "echo"];
        foreach (string file in Repository.Files(".", "*.ps*1").Where(file => !file.Contains("/out/", StringComparison.Ordinal) && !file.Contains("/.", StringComparison.Ordinal) && !file.EndsWith("xml", StringComparison.Ordinal)))
        {
            ScriptBlockAst script = Parser.ParseFile(file, out _, out ParseError[] errors);
            Assert.True(errors.Length == 0, $"{file}: {errors.FirstOrDefault()}");
            foreach (CommandAst command in script.FindAll(static ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                string? name = command.GetCommandName();
                Assert.False(aliases.Take(9).Contains(name) || name is "Write-Host" or "iex" or "Invoke-Expression", $"{file}:{command.Extent.StartLineNumber}: {name}");
            }
        }

        Assert.Contains("IncludeRules = @('*')", Repository.Read("PSScriptAnalyzerSettings.psd1"), StringComparison.Ordinal);
    }

    [Fact]
    [Convention(36)]
    public void A_package_has_what_a_gallery_asks_for()
    {
        Hashtable data = (Hashtable)((Hashtable)Manifest()["PrivateData"]!)["PSData"]!;
        Assert.Superset(new HashSet<string> { "PSEdition_Core", "Linux" }, ((object[])data["Tags"]!).Cast<string>().ToHashSet());
        Assert.StartsWith("https://", (string)data["LicenseUri"]!, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^## Unreleased\n\n\* \S", Repository.Read("CHANGELOG.md"));
        string package = Repository.Read("src", "CniPS", "Build", "Package.ps1");
        Assert.All(new[] { "Compress-PSResource", "ProjectUri", "ReleaseNotes", "Prerelease" }, part => Assert.Contains(part, package, StringComparison.Ordinal));
    }

    // A signature needs a publisher's certificate: who publishes signs. What is in the package is written down here.
    [Fact]
    [Convention(37)]
    public void A_package_lists_its_files_with_their_hashes()
    {
        PrivateMachine.Require();
        using Session session = new();
        Outcome outcome = session.Run("""
            $null = New-Item -ItemType Directory -Force /run/listed/bin
            Set-Content /run/listed/CniPS.psd1 'text'
            Set-Content /run/listed/bin/cnips 'code'
            & $args[0] -Folder /run/listed -Version 1.2.3
            $list = Get-Content /run/listed/_manifest/spdx_2.2/manifest.spdx.json -Raw | ConvertFrom-Json
            $list.spdxVersion, $list.packages[0].name, $list.packages[0].versionInfo
            ($list.files.fileName | Sort-Object) -join ' '
            ($list.files | Where-Object fileName -EQ './bin/cnips').checksums.Where{ $_.algorithm -eq 'SHA256' }.checksumValue -eq (Get-FileHash /run/listed/bin/cnips).Hash
            """, Path.Join(Repository.Root, "src/CniPS/Build/Sbom.ps1")).Succeeded();
        Assert.Equal(["SPDX-2.2", "CniPS", "1.2.3", "./bin/cnips ./CniPS.psd1", "True"], outcome.Output.Select(item => item.ToString()));
        Assert.Contains("Sbom.ps1", Repository.Read("src", "CniPS", "Build", "Package.ps1"), StringComparison.Ordinal);
    }

    // Tmds.LibC is a table of libc's functions, of which there is one version since 2022.
    [Fact]
    [Convention(38)]
    public void The_module_brings_nothing_that_another_could_have_loaded()
    {
        Assembly[] own = [typeof(CniNetwork).Assembly, typeof(Runtime.CniRuntime).Assembly, typeof(Linux.LinuxException).Assembly];
        Assert.All(
            own.SelectMany(assembly => assembly.GetReferencedAssemblies()).Select(name => name.Name!),
            name => Assert.Matches(@"^(System(\..+)?|netstandard|Tmds\.LibC|Microsoft\.Win32\..+|CniPS(\..+)?)$", name));
    }

    [Fact]
    [Convention(39)]
    public void No_test_waits_for_somebody_to_answer()
    {
        Assert.Contains("-NonInteractive", Repository.Read("tests", "Pester", "Invoke-Suite.sh"), StringComparison.Ordinal);
        foreach (string file in Repository.Files("tests/Pester", "*.ps1"))
        {
            Assert.DoesNotMatch(@"(?m)^.*\bpwsh -NoProfile (?!-NonInteractive).*-(Command|File)\b", File.ReadAllText(file));
        }
    }

    // A text is in the culture's words, and is made better: an id is neither. What throws itself, as a test within a test does, has none.
    [Fact]
    [Convention(40)]
    public void Tests_of_errors_look_at_ids()
    {
        foreach (string file in Repository.Files("tests/Pester", "*.ps1"))
        {
            foreach (string line in File.ReadLines(file).Where(line => line.Contains("Should -Throw", StringComparison.Ordinal)))
            {
                Assert.Matches(@"-ErrorId|# own words", line);
            }
        }
    }

    private static Hashtable Manifest()
    {
        ScriptBlockAst script = Parser.ParseInput(Repository.Read("CniPS.psd1"), out _, out _);
        return (Hashtable)script.Find(static ast => ast is HashtableAst, searchNestedScriptBlocks: false)!.SafeGetValue();
    }
}
