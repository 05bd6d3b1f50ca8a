using System.Collections.Generic;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;

namespace CniPS.Diagnosis;

/// <summary>A packet on its way: what was seen, and what namespaces remember of its connection, by which the answer finds back.</summary>
internal sealed class Journey
{
    private readonly List<Remembered> _remembered = [];

    internal List<Hop> Hops { get; } = [];

    internal bool IsBack { get; set; }

    /// <summary>Whether the sender is made up, and stands for all who could send.</summary>
    internal bool IsFromAnybody { get; init; }

    /// <summary>How many namespaces the packet has passed: none goes on for ever.</summary>
    internal int Legs { get; set; }

    /// <summary>Writes down a place.</summary>
    internal void Note(NamespaceView view, string link, string stage, string decision, string evidence, FilteredPacket packet, HopVerdict verdict = HopVerdict.Passed, Cause? cause = null) =>
        Hops.Add(new Hop(view.Name, link, stage, decision, evidence, verdict) { Path = view.Namespace.Path, IsBack = IsBack, Cause = cause, Packet = Text(packet) });

    /// <summary>The packet dies.</summary>
    internal void Drop(NamespaceView view, string link, string stage, Cause cause, string evidence, FilteredPacket packet) =>
        Note(view, link, stage, cause.Message, evidence, packet, HopVerdict.Dropped, cause);

    /// <summary>A namespace takes note of a connection that begins; its translation is written down as it is made.</summary>
    internal Remembered Remember(NamespaceView view, FilteredPacket original)
    {
        Remembered connection = new(view.Namespace.Id, original);
        _remembered.Add(connection);
        return connection;
    }

    /// <summary>The connection that an answer belongs to; null where the namespace knows of none.</summary>
    internal Remembered? ConnectionOf(NamespaceView view, FilteredPacket reply) => _remembered.FindLast(connection =>
        connection.Namespace == view.Namespace.Id && connection.Translated.Destination.Equals(reply.Source) && connection.Translated.Source.Equals(reply.Destination));

    /// <summary>Whether the packet went through a namespace, as something for others, without being given another source.</summary>
    internal IReadOnlyList<Remembered> Connections => _remembered;

    private static string Text(FilteredPacket packet) =>
        packet.DestinationPort == 0 ? $"{packet.Source} → {packet.Destination}" : $"{packet.Source} → {packet.Destination} port {packet.DestinationPort}";
}

/// <summary>A connection that a namespace keeps track of.</summary>
internal sealed class Remembered(NamespaceId ns, FilteredPacket original)
{
    internal NamespaceId Namespace => ns;

    /// <summary>The first packet, as it came.</summary>
    internal FilteredPacket Original { get; } = original;

    /// <summary>The first packet, as it left.</summary>
    internal FilteredPacket Translated { get; set; } = original;

    /// <summary>Whether it was for others.</summary>
    internal bool IsForwarded { get; set; }
}
