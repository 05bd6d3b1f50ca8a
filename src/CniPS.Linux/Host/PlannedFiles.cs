using System;
using System.Collections.Generic;
using System.IO;

namespace CniPS.Linux.Host;

/// <summary>Files in a plan: what was written or deleted lies over what really is.</summary>
internal sealed class PlannedFiles(IHost real)
{
    private readonly Dictionary<string, byte[]?> _over = new(StringComparer.Ordinal);

    internal byte[]? Read(string path, bool own = false) => _over.TryGetValue(path, out byte[]? content) ? content : real.ReadFile(path, own);

    internal bool Exists(string path) =>
        _over.TryGetValue(path, out byte[]? content) ? content is not null : HasPlanned(path) || real.FileExists(path);

    internal void Write(string path, byte[] content) => _over[path] = content;

    internal void Delete(string path) => _over[path] = null;

    // A folder is there as soon as anything is written into it.
    private bool HasPlanned(string folder)
    {
        foreach ((string path, byte[]? content) in _over)
        {
            if (content is not null && path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    internal IReadOnlyList<string> List(string folder)
    {
        SortedSet<string> names = new(real.ListFiles(folder), StringComparer.Ordinal);
        foreach ((string path, byte[]? content) in _over)
        {
            if (Path.GetDirectoryName(path) == folder)
            {
                if (content is null)
                {
                    names.Remove(Path.GetFileName(path));
                }
                else
                {
                    names.Add(Path.GetFileName(path));
                }
            }
        }

        return [.. names];
    }
}
