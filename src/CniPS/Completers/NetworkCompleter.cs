using CniPS.Facts;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>Completes networks: those of the configuration folder, and those that the cache knows.</summary>
public sealed class NetworkCompleter : Completion
{
    /// <inheritdoc/>
    private protected override bool AcceptsPaths => true;

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        NetworkConfigurationFolder folder = new(given["Path"] ?? Defaults.ConfigurationFolder);
        foreach (NetworkConfigurationList list in folder.LoadAll(static _ => { }))
        {
            NetworkFacts facts = new(list);
            candidates.Add(list.Name, $"{string.Join(", ", facts.Plugins)} {string.Join(", ", facts.Subnets)} ({list.Source})");
        }

        foreach (CachedAttachment cached in Cached(given))
        {
            candidates.Add(cached.Network, "not in the folder; known from the cache of attachments");
        }
    }
}
