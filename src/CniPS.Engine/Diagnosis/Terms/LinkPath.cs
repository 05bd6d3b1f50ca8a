using System.Collections.Generic;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>A way over wires and through bridges, from a link to one at which a packet comes up to IP.</summary>
/// <param name="View">The namespace where that is.</param>
/// <param name="Link">The link at which it comes up.</param>
/// <param name="Steps">What is between.</param>
internal sealed record LinkPath(NamespaceView View, Link Link, IReadOnlyList<LinkStep> Steps)
{
    /// <summary>Whether it leads out of what is known: a device, or a kind of link that is not followed.</summary>
    internal bool IsExit { get; init; }

    internal Cause? Block
    {
        get
        {
            foreach (LinkStep step in Steps)
            {
                if (step.Block is not null)
                {
                    return step.Block;
                }
            }

            return null;
        }
    }
}

/// <summary>One place on a way over wires.</summary>
/// <param name="View">Where.</param>
/// <param name="Link">The link.</param>
/// <param name="Stage"><c>wire</c> or <c>bridge</c>.</param>
/// <param name="Text">What is there.</param>
/// <param name="Block">What stops frames there; null for nothing.</param>
internal sealed record LinkStep(NamespaceView View, Link Link, string Stage, string Text, Cause? Block)
{
    /// <summary>Of a bridge: the port a frame comes in by, and the one it leaves by; null for the bridge itself.</summary>
    internal (Link? In, Link? Out)? Crossing { get; init; }

    internal Link? Bridge { get; init; }
}
