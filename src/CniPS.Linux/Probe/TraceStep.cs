using System.Net;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Probe;

/// <summary>Which packet a step is about.</summary>
public enum ProbeDirection
{
    /// <summary>The one that was sent.</summary>
    Request,

    /// <summary>What the other end sent back.</summary>
    Answer,

    /// <summary>An error of ICMP about either.</summary>
    Error,
}

/// <summary>Where on its way through a namespace a packet is; <see cref="Ingress"/> is an interface's own.</summary>
public enum ProbeHook
{
    /// <summary>Come in by an interface, before anything else (netdev).</summary>
    Ingress,

    /// <summary>Come in, not yet routed.</summary>
    Prerouting,

    /// <summary>For this namespace.</summary>
    Input,

    /// <summary>For others.</summary>
    Forward,

    /// <summary>From this namespace.</summary>
    Output,

    /// <summary>Going out.</summary>
    Postrouting,
}

/// <summary>What decided (enum nft_trace_types).</summary>
public enum TraceKind
{
    /// <summary>A base chain's policy, at its end.</summary>
    Policy = 1,

    /// <summary>The end of a chain that was jumped to.</summary>
    Return = 2,

    /// <summary>A rule.</summary>
    Rule = 3,
}

/// <summary>What was decided (enum nft_verdicts, and netfilter's own).</summary>
public enum TraceVerdict
{
    /// <summary>The packet ends here; a rule that rejects has answered it.</summary>
    Drop = 0,

    /// <summary>It goes on behind this base chain.</summary>
    Accept = 1,

    /// <summary>Somebody else has it from here on.</summary>
    Stolen = 2,

    /// <summary>A program is asked.</summary>
    Queue = 3,

    /// <summary>It goes on with the next rule.</summary>
    Continue = -1,

    /// <summary>The rule doesn't match.</summary>
    Break = -2,

    /// <summary>To another chain, and back.</summary>
    Jump = -3,

    /// <summary>To another chain, and not back.</summary>
    Goto = -4,

    /// <summary>Back to the chain that jumped here.</summary>
    Return = -5,
}

/// <summary>Something that nf_tables decided about a packet (NFT_MSG_TRACE), in the order in which it did.</summary>
/// <param name="Family">The table's family.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Kind">What decided.</param>
/// <param name="Verdict">What it decided.</param>
public sealed record TraceStep(NftFamily Family, string Table, string Chain, TraceKind Kind, TraceVerdict Verdict)
{
    /// <summary>Of a rule: its handle, by which <c>nft -a list ruleset</c> knows it; else 0.</summary>
    public ulong Rule { get; init; }

    /// <summary>Of a jump: the chain it goes to.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// Where the packet was, if a chain of the probe's own says so: each hook has one before all others and one behind them
    /// (<see cref="IsEndOfHook"/>). What is seen at the first and not at the last was dropped between the two: by the rule of this trace that says so, or,
    /// where none does, by what nf_tables knows nothing of, such as iptables-legacy. Null for what others' chains decided.
    /// </summary>
    public ProbeHook? Hook { get; init; }

    /// <summary>Whether it is the chain behind all others of the hook.</summary>
    public bool IsEndOfHook { get; init; }

    /// <summary>Which packet.</summary>
    public ProbeDirection Direction { get; init; }

    /// <summary>The interface it came in by; null where it comes from this namespace.</summary>
    public string? InterfaceIn { get; init; }

    /// <summary>The interface it leaves by; null where that isn't decided yet.</summary>
    public string? InterfaceOut { get; init; }

    /// <summary>Its source as it was then, after what NAT had done so far; null where the kernel didn't tell.</summary>
    public IPEndPoint? Source { get; init; }

    /// <summary>Its destination as it was then.</summary>
    public IPEndPoint? Destination { get; init; }

    /// <summary>Its mark.</summary>
    public uint Mark { get; init; }

    /// <summary>The step in words: <c>ip filter FORWARD rule 7: drop</c>.</summary>
    public override string ToString() => Hook is { } hook
        ? $"{(IsEndOfHook ? "end of" : "at")} {NftTable.Word(Family)} {hook.ToString().ToLowerInvariant()}"
        : $"{NftTable.Word(Family)} {Table} {Chain}{(Kind == TraceKind.Rule ? $" rule {Rule}" : Kind == TraceKind.Policy ? " policy" : "")}: "
            + Verdict.ToString().ToLowerInvariant() + (Target is null ? "" : $" {Target}");
}
