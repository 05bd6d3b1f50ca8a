using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Observation;

/// <summary>What an event is about.</summary>
public enum EventKind
{
    /// <summary>An interface.</summary>
    Link,

    /// <summary>An address on an interface.</summary>
    Address,

    /// <summary>A unicast route.</summary>
    Route,

    /// <summary>A neighbour: whose address has which MAC address.</summary>
    Neighbour,

    /// <summary>A table, chain, rule, set or element of nf_tables. The kernel says nothing of those of iptables-legacy.</summary>
    Rule,

    /// <summary>An address that host-local has given out.</summary>
    Lease,

    /// <summary>An attachment in the cache.</summary>
    Attachment,

    /// <summary>The kernel had more to tell than there was room for (ENOBUFS): what came of it is read again, and follows. It is told whatever is asked for.</summary>
    Overrun,
}

/// <summary>What has happened to it.</summary>
public enum EventAction
{
    /// <summary>It has come.</summary>
    Added,

    /// <summary>It is another than before.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Something was not heard.</summary>
    Lost,
}

/// <summary>Something that came, changed or went on this machine.</summary>
/// <param name="Time">When it was heard of.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Action">What has happened.</param>
/// <param name="Subject">The thing: an interface's name, an address, a rule's place.</param>
public sealed record ObservedEvent(DateTimeOffset Time, EventKind Kind, EventAction Action, string Subject)
{
    /// <summary>The path of the namespace that it happened in, or of the attachment's; null for the host's.</summary>
    public string? NetNS { get; init; }

    /// <summary>The interface that it is, or is on; null for none.</summary>
    public string? Interface { get; init; }

    /// <summary>What it was; null where it has come.</summary>
    public string? Old { get; init; }

    /// <summary>What it is; null where it is gone.</summary>
    public string? New { get; init; }

    /// <summary>The container that it is of; null where that is not known.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The network that it is of; null where that is not known.</summary>
    public string? Network { get; init; }
}

/// <summary>What is to be told.</summary>
public sealed record EventSelection
{
    /// <summary>Of which kinds; empty for all.</summary>
    public IReadOnlyCollection<EventKind> Kinds { get; init; } = [];

    /// <summary>
    /// Whether a namespace is meant, by its path. Null: the host's and those of the attachments; else the host's is not.
    /// </summary>
    public Func<string, bool>? Namespace { get; init; }

    /// <summary>Whether a container is meant; null for all, and what is of none.</summary>
    public Func<string, bool>? Container { get; init; }

    /// <summary>Whether a network is meant; null for all, and what is of none.</summary>
    public Func<string, bool>? Network { get; init; }

    internal bool Has(EventKind kind) => Kinds.Count == 0 || kind == EventKind.Overrun || Kinds.Contains(kind);

    /// <summary>Whether the namespace of an attachment is to be watched.</summary>
    internal bool Means(RosterEntry attachment) =>
        Namespace?.Invoke(attachment.NetNS) ?? (Container?.Invoke(attachment.ContainerId) != false && Network?.Invoke(attachment.Network) != false);

    internal bool Fits(ObservedEvent told) => told.Kind == EventKind.Overrun
        || (Has(told.Kind)
            && (Namespace is null || (told.NetNS is { } path && Namespace(path)))
            && (Container is null || (told.ContainerId is { } container && Container(container)))
            && (Network is null || (told.Network is { } network && Network(network))));
}
