using CniPS.Linux;

namespace CniPS.Plugins;

/// <summary>The file in which a plugin keeps what DEL needs: named as the Go plugin names it, as long as a file system takes that.</summary>
internal static class KeptFile
{
    // The rest of a file system's 255 bytes is for endings, and for the names of files written beside.
    private const int Longest = 220, Kept = 180, HashBytes = 8;

    /// <summary>The name for one; no longer than what is left beside an ending.</summary>
    internal static string NameOf(string name) => name.Length <= Longest ? name : $"{name[..Kept]}~{Sha512.Hex(name, HashBytes)}";
}
