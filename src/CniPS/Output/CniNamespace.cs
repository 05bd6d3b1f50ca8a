using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using CniPS.Facts;
using CniPS.Linux.Namespaces;

namespace CniPS;

/// <summary>A network namespace: one with a name, or one that is only there as long as its processes.</summary>
public sealed class CniNamespace : IComparable<CniNamespace>, IComparable
{
    internal CniNamespace(string path, NamespaceId? id, int[]? processes = null)
    {
        Path = path;
        Name = NamedNamespaces.NameOf(path);
        Identity = id;
        ProcessId = (processes ?? []).ToCniList();
        Owner = OwnerOf(processes ?? []);
    }

    /// <summary>Its name, as <c>ip netns</c> knows it; null if it has none.</summary>
    public string? Name { get; }

    /// <summary>Its name, else its path, under the name of the parameter that takes it.</summary>
    public string Namespace => Name ?? Path;

    /// <summary>The file by which it can be opened.</summary>
    public string Path { get; }

    /// <summary>What tells it from others, as the kernel writes it: <c>net:[4026531840]</c>; null where the file is no namespace (any more).</summary>
    public string? Id => Identity?.ToString();

    /// <summary>The processes in it, where they were looked for.</summary>
    public CniList<int> ProcessId { get; }

    /// <summary>The process that has been in it longest, by name and id, where processes were looked for.</summary>
    public string? Owner { get; }

    /// <summary>The attachments in it that the cache knows.</summary>
    public CniList<string> Attachments => Known.ToTexts();

    /// <summary>What tells it from others.</summary>
    internal NamespaceId? Identity { get; }

    /// <summary>The attachments.</summary>
    internal IReadOnlyList<CniAttachment> Known { get; init; } = [];

    /// <inheritdoc/>
    public int CompareTo(CniNamespace? other) => string.CompareOrdinal(Namespace, other?.Namespace);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    private static string? OwnerOf(int[] processes)
    {
        foreach (int process in processes)
        {
            string id = process.ToString(CultureInfo.InvariantCulture);
            try
            {
                return $"{File.ReadAllText($"/proc/{id}/comm").Trim()} ({id})";
            }
            catch (IOException)
            {
                // It has ended; the next one, then.
            }
        }

        return null;
    }

    /// <summary>The name, else the path.</summary>
    public override string ToString() => Namespace;
}
