using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>Completes addresses that attachments of the cache have: of the network and container given, if they are.</summary>
public sealed class HeldAddressCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (CachedAttachment cached in Cached(given))
        {
            if (given.Allows("Network", cached.Network) && given.Allows("ContainerId", cached.ContainerId))
            {
                foreach (CniIPConfig ip in cached.Result?.Ips ?? [])
                {
                    candidates.Add(ip.Address?.Address.ToString() ?? "", Describe(cached));
                }
            }
        }
    }
}
