using System;
using CniPS.Diagnosis;
using CniPS.Facts;
using CniPS.Spec;

namespace CniPS;

/// <summary>One place on a packet's way, with what was decided there.</summary>
public sealed class CniHop : IComparable<CniHop>, IComparable
{
    internal CniHop(PathReport report, Hop hop, int step)
    {
        From = report.From;
        To = report.To;
        Step = step;
        Way = hop.Way;
        Namespace = hop.Namespace;
        Interface = hop.Interface.Length > 0 ? hop.Interface : null;
        Stage = hop.Stage;
        Decision = hop.Decision;
        Evidence = hop.Evidence;
        Packet = hop.Packet;
        Verdict = hop.Verdict.ToString();
        Cause = hop.Cause?.Id;
        Repair = hop.Cause?.Advice;
    }

    /// <summary>Who sends.</summary>
    public string From { get; }

    /// <summary>To whom.</summary>
    public string To { get; }

    /// <summary>Its place on the way, from 1.</summary>
    public int Step { get; }

    /// <summary><c>there</c>, or <c>back</c> for the answer.</summary>
    public string Way { get; }

    /// <summary>The container, or the namespace; <c>host</c> for the host's.</summary>
    public string Namespace { get; }

    /// <summary>The interface; null where none is concerned.</summary>
    public string? Interface { get; }

    /// <summary>What was decided on: route, neighbour, wire, bridge, forward, filter, nat, deliver …</summary>
    public string Stage { get; }

    /// <summary>What was decided.</summary>
    public string Decision { get; }

    /// <summary>By what: the kernel's answer, the rule and its counter.</summary>
    public string Evidence { get; }

    /// <summary>The packet: from whom to whom.</summary>
    public string Packet { get; }

    /// <summary>What becomes of it: Passed, Warned, Unknown or Dropped.</summary>
    public string Verdict { get; }

    /// <summary>Why it dies here, in a word; null where it doesn't.</summary>
    public string? Cause { get; }

    /// <summary>What mends it; likewise.</summary>
    public string? Repair { get; }

    /// <summary>By the ends of the way, then along it.</summary>
    public int CompareTo(CniHop? other) => other is null ? 1
        : Order.Of((From, other.From), (To, other.To)) is var ends and not 0 ? ends
        : Step.CompareTo(other.Step);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Where, and what.</summary>
    public override string ToString() => $"{Namespace}{(Interface is null ? "" : "/" + Interface)} {Stage}: {Decision}";

    /// <summary>The error that says it.</summary>
    internal static CniException ToException(CniHop hop, Cause cause) => new(cause.ErrorId, CniErrorCode.Internal, cause.Message)
    {
        Target = hop,
        RecommendedAction = cause.Advice,
    };
}
