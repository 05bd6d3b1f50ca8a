using System.IO;

namespace CniPS.Benchmarks.Stage;

/// <summary>Where things lie.</summary>
internal static class Folders
{
    /// <summary>In memory, for all that is written while it is measured.</summary>
    public const string Memory = "/dev/shm";

    /// <summary>The Go programs, as Debian's containernetworking-plugins installs them.</summary>
    public const string GoPrograms = "/usr/lib/cni";

    /// <summary>Makes a folder in memory.</summary>
    public static string InMemory(string name) => Directory.CreateDirectory(Path.Combine(Memory, name)).FullName;
}
