using System.Diagnostics;

namespace CniPS.Benchmarks.Stage;

/// <summary>A network and mounts that only this program sees, and that end with it.</summary>
internal static class PrivateNamespaces
{
    /// <summary>Runs this program once more, in new namespaces.</summary>
    /// <returns>Its exit status.</returns>
    public static int StartAgain(string[] arguments)
    {
        ProcessStartInfo start = new(
            "unshare", ["-nm", "--propagation", "private", "dotnet", typeof(PrivateNamespaces).Assembly.Location, .. arguments]);
        using Process process = Programs.Start(start);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>
    /// Puts memory where names of namespaces and locks lie (/run), and where data and caches will: no disk is measured, nothing is left.
    /// </summary>
    public static void Furnish()
    {
        foreach (string folder in (string[])["/run", Folders.Memory])
        {
            Programs.Run("mount", ["-t", "tmpfs", "tmpfs", folder]);
        }
    }
}
