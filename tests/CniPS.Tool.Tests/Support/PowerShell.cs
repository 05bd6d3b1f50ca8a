using System;
using Xunit;

namespace CniPS.Tool.Tests.Support;

/// <summary>
/// The PowerShell that tests run: that of <c>.config/dotnet-tools.json</c>, which the build restores (tests/Pester/PowerShell.targets), or
/// another that the environment variable <c>CNIPS_PWSH</c> names by its path. A pwsh on the PATH is not looked for.
/// </summary>
internal static class PowerShell
{
    /// <summary>The program. It is there: without it no test project is built.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        string? asked = Environment.GetEnvironmentVariable("CNIPS_PWSH");
        string path = string.IsNullOrEmpty(asked) ? Repository.Path("out/powershell/pwsh") : System.IO.Path.GetFullPath(asked);
        Assert.True(System.IO.File.Exists(path), $"there is no {path}{(string.IsNullOrEmpty(asked) ? ": dotnet build makes it" : ", which CNIPS_PWSH names")}");
        return path;
    }
}
