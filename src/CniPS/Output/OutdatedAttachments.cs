using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>Which attachments were made with a network that says something else by now.</summary>
internal static class OutdatedAttachments
{
    /// <summary>Whether the network of that name in the configuration folder is another one; not where there is none that can be read.</summary>
    internal static bool Has(CachedAttachment cached)
    {
        try
        {
            return !cached.IsMadeWith(new NetworkConfigurationFolder(Defaults.ConfigurationFolder).Load(cached.Network, strict: false));
        }
        catch (CniException)
        {
            return false; // it is in no file, or in one that Get-CniNetwork complains about
        }
    }
}
