using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS.Completers;

/// <summary>Completes container ids that the cache knows: of the network and namespace given, if they are.</summary>
public sealed class ContainerCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (CachedAttachment cached in Cached(given))
        {
            if (given.Allows("Network", cached.Network) && given.Allows("Namespace", cached.NetNS, NamedNamespaces.NameOf(cached.NetNS)))
            {
                candidates.Add(cached.ContainerId, Describe(cached));
            }
        }
    }
}
