using System;
using System.Linq;
using CniPS.Facts;
using CniPS.Plugins;

namespace CniPS;

/// <summary>Something that Clear-CniNetwork removed.</summary>
public sealed class CniGarbage : IComparable<CniGarbage>, IComparable
{
    internal CniGarbage(CollectedThing thing)
    {
        Network = thing.Network;
        Kind = thing.Kind.ToString();
        Name = thing.Name;
        ContainerId = thing.ContainerId;
        Interface = thing.InterfaceName;
        Change = thing.Changes.Select(change => change.Text).ToLines();
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>What kind of thing it was.</summary>
    public string Kind { get; }

    /// <summary>The thing's name: an address, a link, container and interface.</summary>
    public string Name { get; }

    /// <summary>The container it belonged to; null where that is not known, or it was shared.</summary>
    public string? ContainerId { get; }

    /// <summary>The interface it belonged to; likewise.</summary>
    public string? Interface { get; }

    /// <summary>What was done, as the commands that a person would type.</summary>
    public CniList<string> Change { get; }

    /// <summary>By network and kind, then by name.</summary>
    public int CompareTo(CniGarbage? other) => other is null ? 1
        : Order.Of((Network, other.Network), (Kind, other.Kind), (Name, other.Name));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Kind and name.</summary>
    public override string ToString() => $"{Kind} {Name}";
}
