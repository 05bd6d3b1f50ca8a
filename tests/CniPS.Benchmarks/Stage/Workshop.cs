using System;
using System.IO;

namespace CniPS.Benchmarks.Stage;

/// <summary>A folder with the things that are measured and do not run in this process, built from the tree as it is.</summary>
internal sealed class Workshop : IDisposable
{
    public Workshop(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The kernel's floor; there if there is a C compiler.</summary>
    public string Floor => Path.Combine(Folder, "floor");

    /// <summary>What starts plugin programs; there if there is a C compiler.</summary>
    public string Spawn => Path.Combine(Folder, "spawn");

    /// <summary>The executable under the names of plugins.</summary>
    public string Plugins => Path.Combine(Folder, "plugins");

    /// <summary>The module; there if the cmdlets are measured.</summary>
    public string Module => Path.Combine(Folder, "CniPS");

    /// <summary>PowerShell: that of the repository, as the tests have it, or the one that <c>CNIPS_PWSH</c> names by its path.</summary>
    public static string PowerShell => Environment.GetEnvironmentVariable("CNIPS_PWSH") ?? Path.Combine(Repository(), "out/powershell/pwsh");

    public static Workshop Create() => new(Directory.CreateTempSubdirectory("cnips-benchmarks-").FullName);

    /// <summary>Builds what the measurements need, as far as that can be done here.</summary>
    public void Build(Options options)
    {
        if (Programs.Has("cc"))
        {
            Compile("floor.c", Floor);
            Compile("spawn.c", Spawn);
        }

        if (options.Wants("executable") || options.Wants("store"))
        {
            Publish();
        }

        if (options.Wants("cmdlets") || options.Wants("bulk"))
        {
            Say("building the module");
            DotNet("build", "src/CniPS", $"-p:ModuleFolder={Module}/");
            if (!File.Exists(PowerShell))
            {
                Say("restoring PowerShell");
                DotNet("build", "tests/CniPS.Tool.Tests", "-t:RestorePowerShell");
            }
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Publish()
    {
        Say("publishing the executable");
        string published = Path.Combine(Folder, "cnips");
        DotNet("publish", "src/CniPS.Tool", "-o", published);
        Directory.CreateDirectory(Plugins);
        foreach (string name in (string[])["bridge", "host-local"])
        {
            File.CreateSymbolicLink(Path.Combine(Plugins, name), Path.Combine(published, "cnips"));
        }
    }

    private static void Compile(string source, string target) =>
        Programs.Run("cc", ["-O2", "-o", target, Path.Combine(AppContext.BaseDirectory, source)]);

    private static void DotNet(string command, string project, params string[] more) =>
        Programs.Run("dotnet", [command, Path.Combine(Repository(), project), "-c", "Release", "--nologo", "-v", "quiet", .. more]);

    private static string Repository()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CniPS.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not in the repository.");
    }

    private static void Say(string what) => Console.Error.WriteLine($"{what} …");
}
