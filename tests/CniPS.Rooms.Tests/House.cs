using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace CniPS.Rooms.Tests;

/// <summary>One assembly: its rooms as docs/design.md draws them, its sources, and what it was built to.</summary>
/// <param name="Name">The assembly's name, which is its folder's in src.</param>
/// <param name="Root">The namespace of what lies in that folder itself.</param>
/// <param name="Rows">Full names of rooms, the uppermost row first. A room uses rooms of rows below its own.</param>
internal sealed record House(string Name, string Root, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The repository's folder.</summary>
    internal static string Repository { get; } = Fact("Repository");

    /// <summary>The picture's houses, by name.</summary>
    internal static IReadOnlyDictionary<string, House> All { get; } =
        Read(File.ReadAllLines(Path.Join(Repository, "docs", "design.md"))).ToDictionary(house => house.Name);

    /// <summary>Where its sources are.</summary>
    internal string Sources => Path.Join(Repository, "src", Name);

    /// <summary>The assembly's file.</summary>
    internal string Assembly => Fact("House").Split(';').Single(file => file.StartsWith(Sources + "/", StringComparison.Ordinal));

    /// <summary>How far up a room is, from 0 for the uppermost row.</summary>
    internal int? RowOf(string room)
    {
        for (int i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Contains(room))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Whether one room may use another.</summary>
    internal bool MayUse(string room, string other) => room == other || RowOf(room) < RowOf(other);

    /// <summary>
    /// Reads houses out of a page: <c>┌─ CniPS.Engine ── namespace CniPS ─┐</c>, then a line for each row, its rooms up to the second bar, two spaces
    /// between them. A room is named without the root namespace; the root itself by its whole name.
    /// </summary>
    internal static IEnumerable<House> Read(IEnumerable<string> lines)
    {
        (string Name, string Root, List<IReadOnlyList<string>> Rows)? open = null;
        foreach (string line in lines)
        {
            if (line.StartsWith("┌─ ", StringComparison.Ordinal))
            {
                string[] title = line.Split([' ', '─', '┌', '┐'], StringSplitOptions.RemoveEmptyEntries);
                open = (title[0], title is [_, "namespace", string root] ? root : title[0], []);
            }
            else if (open is { } house && line.StartsWith('│'))
            {
                house.Rows.Add([.. line.Split('│')[1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(room => room == house.Root ? room : $"{house.Root}.{room}")]);
            }
            else if (open is { } whole && line.StartsWith('└'))
            {
                yield return new House(whole.Name, whole.Root, whole.Rows);
                open = null;
            }
        }
    }

    private static string Fact(string key) => typeof(House).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value!;
}
