using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Linux.Machine;

/// <summary>Neighbours among changes that go to the kernel together: of one kind, and one namespace.</summary>
internal readonly struct ChangeGroup
{
    private readonly IReadOnlyList<Change> _changes;
    private readonly int _start;

    private ChangeGroup(IReadOnlyList<Change> changes, int start, int count)
    {
        _changes = changes;
        _start = start;
        Count = count;
    }

    /// <summary>How many; at least one.</summary>
    internal int Count { get; }

    /// <summary>The first of them.</summary>
    internal Change First => _changes[_start];

    /// <summary>One of them.</summary>
    internal Change this[int index] => _changes[_start + index];

    /// <summary>The longest group that begins at a change.</summary>
    internal static ChangeGroup At(IReadOnlyList<Change> changes, int start)
    {
        int end = start + 1;
        while (end < changes.Count && GoTogether(changes[start], changes[end]))
        {
            end++;
        }

        return new ChangeGroup(changes, start, end - start);
    }

    /// <summary>All of them, as what they are.</summary>
    internal T[] Of<T>()
        where T : Change
    {
        T[] group = new T[Count];
        for (int i = 0; i < group.Length; i++)
        {
            group[i] = (T)this[i];
        }

        return group;
    }

    private static bool GoTogether(Change first, Change next) =>
        first is NamespaceChange a && next is NamespaceChange b && a.Namespace.Id == b.Namespace.Id && Kind(first) == Kind(next) && Kind(first) != 0;

    private static int Kind(Change change) => change switch
    {
        LinkDelete => 6,
        RouteChange => 1,
        SysctlWrite => 2,
        NftChange => 3,
        IptablesChange => 4,
        ConntrackDelete => 5,
        _ => 0,
    };
}
