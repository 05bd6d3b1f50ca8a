using System.IO;
using System.Globalization;
using CniPS.Linux.Namespaces;

namespace CniPS.Completers;

/// <summary>Completes interfaces of the host; where a namespace is given, those that the cache knows in it.</summary>
public sealed class LinkCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        if (given["Namespace"] is not null)
        {
            foreach (Runtime.CachedAttachment cached in Cached(given))
            {
                if (given.Allows("Namespace", cached.NetNS, NamedNamespaces.NameOf(cached.NetNS)))
                {
                    candidates.Add(cached.InterfaceName, Describe(cached));
                }
            }

            return;
        }

        // /proc/net/dev is that of the reader's namespace, whatever is mounted at /sys; its first two lines are a heading.
        string[] lines = File.ReadAllLines("/proc/thread-self/net/dev");
        for (int i = 2; i < lines.Length; i++)
        {
            int colon = lines[i].LastIndexOf(':');
            if (colon > 0)
            {
                string name = lines[i][..colon].Trim();
                string received = lines[i][(colon + 1)..].TrimStart().Split(' ', 2)[0];
                candidates.Add(name, string.Create(CultureInfo.InvariantCulture, $"an interface of the host, {received} bytes received"));
            }
        }
    }
}
