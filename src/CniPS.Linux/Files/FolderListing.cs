using System;
using System.IO;

namespace CniPS.Linux.Files;

/// <summary>What a folder holds.</summary>
internal static class FolderListing
{
    /// <summary>Names in ordinal order; none where there is no such folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="list">What of it: its files, or everything.</param>
    /// <exception cref="LinuxException">The folder may not be read.</exception>
    internal static string[] Names(string folder, Func<string, string[]> list)
    {
        if (!PosixFile.CanList(folder))
        {
            return [];
        }

        string[] names;
        try
        {
            names = list(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // it went away in between
        }

        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LinuxException.Of($"read {folder}", e);
        }

        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Path.GetFileName(names[i]);
        }

        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
