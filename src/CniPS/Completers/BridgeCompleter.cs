using System.IO;
using CniPS.Facts;
using CniPS.Spec;

namespace CniPS.Completers;

/// <summary>Completes bridges: those of the host, and those that networks of the configuration folder name.</summary>
public sealed class BridgeCompleter : Completion
{
    private const string Links = "/sys/class/net";

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (NetworkConfigurationList list in new NetworkConfigurationFolder(Defaults.ConfigurationFolder).LoadAll(static _ => { }))
        {
            candidates.Add(new NetworkFacts(list).Bridge ?? "", $"the bridge of network {list.Name}");
        }

        foreach (string link in Directory.Exists(Links) ? Directory.EnumerateDirectories(Links) : [])
        {
            if (Directory.Exists(Path.Join(link, "bridge")))
            {
                candidates.Add(Path.GetFileName(link), "a bridge of the host");
            }
        }
    }
}
