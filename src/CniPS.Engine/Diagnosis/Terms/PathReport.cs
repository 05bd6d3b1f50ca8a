using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace CniPS.Diagnosis;

/// <summary>The way of a packet and of its answer.</summary>
/// <param name="From">Whom it was from, as it is called.</param>
/// <param name="To">To whom it went.</param>
/// <param name="Hops">Its way, in order; the way back behind.</param>
public sealed record PathReport(string From, string To, IReadOnlyList<Hop> Hops)
{
    /// <summary>The address it was from; null where none was found.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The address it was sent to; null where none was found.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>Whether packet and answer arrive, as far as can be told: nothing was found that drops them.</summary>
    public bool IsReachable => !Hops.Any(static hop => hop.Verdict == HopVerdict.Dropped);

    /// <summary>Everything that is wrong, each once.</summary>
    public IReadOnlyList<Cause> Causes => [.. Hops.Where(static hop => hop is { Cause: not null, Verdict: HopVerdict.Dropped }).Select(static hop => hop.Cause!).Distinct()];
}
