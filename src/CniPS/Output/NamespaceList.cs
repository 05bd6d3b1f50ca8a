using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using CniPS.Linux.Namespaces;

namespace CniPS.Output;

/// <summary>The network namespaces there are, without entering any.</summary>
internal static class NamespaceList
{
    /// <summary>Those with names, by name.</summary>
    internal static IEnumerable<CniNamespace> Named()
    {
        foreach (string name in NamedNamespaces.List())
        {
            string path = NamedNamespaces.PathOf(name);
            yield return new CniNamespace(path, NetworkNamespace.TryIdentify(path));
        }
    }

    /// <summary>Those with names, by name, and those of processes, by their first process.</summary>
    internal static IEnumerable<CniNamespace> WithProcesses()
    {
        Dictionary<NamespaceId, List<int>> processes = Processes();
        HashSet<NamespaceId> named = [];
        foreach (string name in NamedNamespaces.List())
        {
            string path = NamedNamespaces.PathOf(name);
            if (NetworkNamespace.TryIdentify(path) is not { } id)
            {
                yield return new CniNamespace(path, null);
                continue;
            }

            named.Add(id);
            processes.TryGetValue(id, out List<int>? inside);
            yield return new CniNamespace(path, id, inside?.ToArray());
        }

        foreach ((NamespaceId id, List<int> inside) in processes)
        {
            if (!named.Contains(id))
            {
                yield return new CniNamespace(PathOf(inside[0]), id, [.. inside]);
            }
        }
    }

    private static Dictionary<NamespaceId, List<int>> Processes()
    {
        Dictionary<NamespaceId, List<int>> found = [];
        List<int> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                all.Add(id);
            }
        }

        all.Sort();
        foreach (int process in all)
        {
            if (NetworkNamespace.TryIdentify(PathOf(process)) is { } id)
            {
                (found.TryGetValue(id, out List<int>? list) ? list : found[id] = []).Add(process);
            }
        }

        return found;
    }

    private static string PathOf(int process) => $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/ns/net";
}
