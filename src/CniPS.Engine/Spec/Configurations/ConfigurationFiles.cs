using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Spec;

/// <summary>Network configuration on disk: which files there are, and what is in them.</summary>
internal static class ConfigurationFiles
{
    private const string ListExtension = ".conflist";
    private const int Longest = 16 << 20; // no configuration has a thousandth of it; a device may have no end

    /// <summary>Whether a file's name says that it is a list.</summary>
    public static bool IsList(string path) => Path.GetExtension(path.AsSpan()).SequenceEqual(ListExtension);

    /// <summary>The lists of a folder.</summary>
    public static List<string> Lists(string folder) => Find(folder, "", ListExtension);

    /// <summary>The single-plugin configurations of a folder.</summary>
    public static List<string> Singles(string folder) => Find(folder, "", ".conf", ".json");

    /// <summary>Both together.</summary>
    public static List<string> All(string folder) => Find(folder, "", ListExtension, ".conf", ".json");

    /// <summary>
    /// The plugins of a list's folder. A name that is no network name has none (libcni follows <c>../x</c> out of the folder), except for
    /// the empty one, whose folder is that of the list itself, as in libcni.
    /// </summary>
    /// <param name="listPath">The list's file.</param>
    /// <param name="name">The list's name.</param>
    public static List<PluginConfiguration> FolderPlugins(string listPath, string name)
    {
        var plugins = new List<PluginConfiguration>();
        foreach (string file in FolderFiles(listPath, name))
        {
            plugins.Add(PluginConfiguration.Parse(Read(file), file));
        }

        return plugins;
    }

    /// <summary>The files of a list's folder, in order.</summary>
    public static List<string> FolderFiles(string listPath, string name)
    {
        if (name.Length > 0 && !CniNames.IsValidNetworkName(name))
        {
            return [];
        }

        string beside = Path.GetDirectoryName(listPath) ?? "";
        string folder = name.Length == 0 ? beside : Path.Join(beside, name);
        return Find(folder, $"failed to read plugin config files in {folder}: ", ".conf");
    }

    /// <summary>A file's content.</summary>
    /// <exception cref="CniException">It can't be read, or has no end (<see cref="CniErrorIds.UnreadableFile"/>); there is none.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return ReadBounded(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable($"error reading {path}: open {path}: {Reason(e)}", path, e);
        }
    }

    private static byte[] ReadBounded(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (file.Read(buffer, length, buffer.Length - length) is > 0 and int more)
        {
            length += more;
            if (length > Longest)
            {
                throw new IOException($"longer than {Longest >> 20} MiB, as no configuration is");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }

        return buffer[..length];
    }

    private static List<string> Find(string folder, string prefix, params ReadOnlySpan<string> extensions)
    {
        var files = new List<string>();
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder.Length == 0 ? "." : folder))
            {
                string name = Path.GetFileName(file);
                if (extensions.IndexOf(Path.GetExtension(name)) >= 0)
                {
                    files.Add(Path.Join(folder, name));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // A missing folder holds nothing, but a file in its place is a mistake.
            if (File.Exists(folder))
            {
                throw Unreadable($"{prefix}open {folder}: not a directory", folder, new IOException("not a directory"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unreadable($"{prefix}open {folder}: {Reason(e)}", folder, e);
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static CniException Unreadable(string message, string path, Exception cause)
    {
        bool missing = cause is FileNotFoundException or DirectoryNotFoundException;
        return new CniException(
            missing ? CniErrorIds.NetworkNotFound : CniErrorIds.UnreadableFile, CniErrorCode.IOFailure, message, null, cause)
        {
            RecommendedAction = missing ? "Check the path." : "Check that it can be read, and by whom.",
            Target = path,
        };
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException => "permission denied",
        ArgumentException => "invalid argument", // as the kernel says it of a path with a NUL
        _ => e.Message,
    };
}
