using CniPS.Runtime;

namespace CniPS.Completers;

/// <summary>Completes interfaces that the cache knows: of the network and container given, if they are.</summary>
public sealed class InterfaceCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (CachedAttachment cached in Cached(given))
        {
            if (given.Allows("Network", cached.Network) && given.Allows("ContainerId", cached.ContainerId))
            {
                candidates.Add(cached.InterfaceName, $"{Describe(cached)}: {cached.ContainerId}");
            }
        }
    }
}
