using System;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Observation;

namespace CniPS;

/// <summary>Something that came, changed or went.</summary>
public sealed class CniEvent : IComparable<CniEvent>, IComparable
{
    internal CniEvent(ObservedEvent told)
    {
        Time = told.Time.LocalDateTime;
        Kind = told.Kind.ToString();
        Action = told.Action.ToString();
        Network = told.Network;
        ContainerId = told.ContainerId;
        Interface = told.Interface;
        NetNS = told.NetNS;
        Subject = told.Subject;
        Old = told.Old;
        New = told.New;
    }

    /// <summary>When it was heard of.</summary>
    public DateTime Time { get; }

    /// <summary>What it is about.</summary>
    public string Kind { get; }

    /// <summary>What has happened.</summary>
    public string Action { get; }

    /// <summary>The network that it is of; null where that is not known.</summary>
    public string? Network { get; }

    /// <summary>The container that it is of; null where that is not known.</summary>
    public string? ContainerId { get; }

    /// <summary>The interface that it is, or is on; null for none.</summary>
    public string? Interface { get; }

    /// <summary>The name of the namespace that it happened in, else its path; null for the host's.</summary>
    public string? Namespace => NetNS is null ? null : NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of that namespace; null for the host's.</summary>
    public string? NetNS { get; }

    /// <summary>The thing: an interface's name, an address, a rule's place.</summary>
    public string Subject { get; }

    /// <summary>What it was; null where it has come.</summary>
    public string? Old { get; }

    /// <summary>What it is; null where it is gone.</summary>
    public string? New { get; }

    /// <summary>What it is, or was: for a line.</summary>
    public string Detail => New ?? Old ?? Subject;

    /// <summary>By time.</summary>
    public int CompareTo(CniEvent? other) => other is null ? 1 : Time.CompareTo(other.Time);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>What has happened.</summary>
    public override string ToString() => $"{Kind} {Action}: {Detail}{(Old is not null && New is not null ? $" (was: {Old})" : "")}";
}
