using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace CniPS.Linux.Files;

/// <summary>
/// What a file is written into before it takes its name: <c>.NAME.PROCESS.THREAD.tmp</c> beside it. Most file systems need none for a new file
/// (O_TMPFILE). Whoever lists such a folder passes them over, and takes away what killed processes have left.
/// </summary>
public static class BesideFile
{
    private const string End = ".tmp";

    /// <summary>The path of the file beside another, for this thread.</summary>
    internal static string NameOf(string path) => Path.Join(
        Path.GetDirectoryName(path),
        string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}{End}"));

    /// <summary>Whether a name is one of them.</summary>
    /// <param name="name">A file's name.</param>
    public static bool Is(string name) => ProcessOf(name) > 0;

    /// <summary>Whether a name is one of them, for a file of a given name.</summary>
    /// <param name="name">A file's name.</param>
    /// <param name="file">The name of the file that would have come of it.</param>
    public static bool IsOf(string name, string file)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith($".{file}.", StringComparison.Ordinal) && Is(name);
    }

    /// <summary>Those whose process has ended.</summary>
    /// <param name="names">The names of files in one folder.</param>
    public static IEnumerable<string> Left(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names)
        {
            if (ProcessOf(name) is > 0 and int process && !PosixFile.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}")))
            {
                yield return name;
            }
        }
    }

    private static int ProcessOf(string name)
    {
        if (name is not ['.', ..] || !name.EndsWith(End, StringComparison.Ordinal))
        {
            return 0;
        }

        string[] parts = name[..^End.Length].Split('.');
        return parts.Length > 3 && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;
    }
}
