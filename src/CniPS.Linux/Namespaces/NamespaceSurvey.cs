using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace CniPS.Linux.Namespaces;

/// <summary>A network namespace that was found.</summary>
/// <param name="Path">A file by which it can be opened.</param>
/// <param name="Id">What tells it from others; null where the file is no namespace (any more).</param>
/// <param name="Processes">The processes in it, by id, where they were looked for.</param>
public sealed record NamespaceEntry(string Path, NamespaceId? Id, IReadOnlyList<int> Processes);

/// <summary>The network namespaces there are, without entering any.</summary>
public static class NamespaceSurvey
{
    /// <summary>Those with names, by name.</summary>
    public static IEnumerable<NamespaceEntry> Named()
    {
        foreach (string name in NamedNamespaces.List())
        {
            string path = NamedNamespaces.PathOf(name);
            yield return new NamespaceEntry(path, NetworkNamespace.TryIdentify(path), []);
        }
    }

    /// <summary>Those with names, by name, and those of processes (as far as this process may look), by their first process.</summary>
    public static IEnumerable<NamespaceEntry> WithProcesses()
    {
        Dictionary<NamespaceId, List<int>> processes = Processes();
        HashSet<NamespaceId> named = [];
        foreach (NamespaceEntry entry in Named())
        {
            if (entry.Id is { } id)
            {
                named.Add(id);
                yield return entry with { Processes = processes.TryGetValue(id, out List<int>? inside) ? inside : [] };
            }
            else
            {
                yield return entry;
            }
        }

        foreach ((NamespaceId id, List<int> inside) in processes)
        {
            if (!named.Contains(id))
            {
                yield return new NamespaceEntry(PathOf(inside[0]), id, inside);
            }
        }
    }

    /// <summary>The path of a process's namespace.</summary>
    public static string PathOf(int process) => $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/ns/net";

    private static Dictionary<NamespaceId, List<int>> Processes()
    {
        Dictionary<NamespaceId, List<int>> found = [];
        List<int> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
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
}
