using System.Net;

namespace CniPS.Linux.Nftables;

/// <summary>A base chain on the way of packets, of nf_tables or of another filter that stands beside it.</summary>
public abstract class PacketChain
{
    /// <summary>As it is named on its command line: <c>inet filter forward</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its place among the others of its hook, the lowest first.</summary>
    public abstract int Priority { get; }

    /// <summary>Whether it translates addresses: then only the first packet of a connection sees it.</summary>
    public abstract bool IsNat { get; }

    /// <summary>Of nf_tables, where rules can be added: table and chain; null for another filter.</summary>
    public virtual (NftTable Table, string Chain)? BaseChain => null;

    /// <summary>Of another filter: the command that has it accept a packet which no rule decides on; null where rules can be added to <see cref="BaseChain"/>.</summary>
    public virtual string? Acceptance(FilteredPacket packet) => null;

    /// <summary>Follows a packet through it.</summary>
    public abstract ChainPassage Pass(FilteredPacket packet);
}

/// <summary>What becomes of a packet in a base chain.</summary>
/// <param name="IsDropped">Whether it goes no further.</param>
/// <param name="IsCertain">Whether nothing speaks for the contrary that could not be decided: a rule that asks for what is not known.</param>
public sealed record ChainPassage(bool IsDropped, bool IsCertain)
{
    /// <summary>Whether whoever sent it is told.</summary>
    public bool IsRejected { get; init; }

    /// <summary>The rule that decided; null where none did, and the chain's policy decides.</summary>
    public DecidingRule? Rule { get; init; }

    /// <summary>What could not be decided: rules, in words.</summary>
    public System.Collections.Generic.IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>The translation it makes; null for none.</summary>
    public Translation? Translation { get; init; }

    /// <summary>The packet's mark afterwards.</summary>
    public uint Mark { get; init; }

    /// <summary>Whether the packet has been taken out of connection tracking.</summary>
    public bool IsUntracked { get; init; }
}

/// <summary>A rule that has decided on a packet.</summary>
/// <param name="Chain">The chain it is in: <c>inet filter forward</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record DecidingRule(string Chain, string Text)
{
    /// <summary>The command that deletes it.</summary>
    public required string Deletion { get; init; }

    /// <summary>Of nf_tables: its table.</summary>
    public NftTable? Table { get; init; }

    /// <summary>Of nf_tables: its chain's name there.</summary>
    public string ChainName { get; init; } = "";

    /// <summary>Of nf_tables: its number in the table.</summary>
    public ulong Handle { get; init; }

    /// <summary>Of iptables: the words behind <c>-A CHAIN</c>.</summary>
    public System.Collections.Generic.IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>How many packets it has counted; null where it doesn't count.</summary>
    public ulong? Packets { get; init; }
}

/// <summary>A translation of addresses (NAT).</summary>
/// <param name="OfSource">Whether the source is translated, else the destination.</param>
/// <param name="Address">The new address; null for the one of the link it leaves by (masquerade) or has come in by (redirect), or where only the port is new.</param>
/// <param name="Port">The new port; 0 for the same.</param>
public sealed record Translation(bool OfSource, IPAddress? Address, ushort Port)
{
    /// <summary>Whether it is the address of the link (masquerade, redirect).</summary>
    public bool ToLinkAddress { get; init; }
}
