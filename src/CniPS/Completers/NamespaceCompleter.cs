using System;
using System.Collections.Generic;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS.Completers;

/// <summary>
/// Completes network namespaces that have names. Where a command works on what a network has attached, those that are attached to the network
/// given, if any are.
/// </summary>
public sealed class NamespaceCompleter : Completion
{
    /// <inheritdoc/>
    private protected override bool AcceptsPaths => true;

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        if (given["Network"] is { } network && !given.Command.StartsWith("Add-", StringComparison.OrdinalIgnoreCase) && Attached(network, given) is { Count: > 0 } attached)
        {
            foreach (CachedAttachment cached in attached)
            {
                candidates.Add(NamedNamespaces.NameOf(cached.NetNS) ?? cached.NetNS, Describe(cached));
            }

            return;
        }

        foreach (string name in NamedNamespaces.List())
        {
            candidates.Add(name, NamedNamespaces.PathOf(name));
        }
    }

    private static List<CachedAttachment> Attached(string network, BoundParameters given)
    {
        List<CachedAttachment> attached = [];
        foreach (CachedAttachment cached in Cached(given))
        {
            if (cached.Network == network)
            {
                attached.Add(cached);
            }
        }

        return attached;
    }
}
