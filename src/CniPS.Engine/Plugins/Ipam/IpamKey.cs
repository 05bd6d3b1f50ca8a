using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The key <c>ipam</c>, which has all that a plugin for addresses reads.</summary>
internal static class IpamKey
{
    private const string Message = "IPAM config missing 'ipam' key", // the Go plugins' words
        Advice = "A plugin that gives addresses is called by another one: name it in the key ipam of bridge, ptp or macvlan, {\"type\": …}.";

    /// <summary>The key's object.</summary>
    /// <param name="root">The configuration.</param>
    /// <exception cref="CniException">It is missing.</exception>
    internal static PluginConfigReader Require(PluginConfigReader root) => root.GetObject("ipam") ?? throw root.Error("ipam", Message, Advice);

    /// <summary>The key's object; where it is missing that is reported, and null.</summary>
    /// <param name="root">The configuration.</param>
    internal static PluginConfigReader? Find(PluginConfigReader root)
    {
        PluginConfigReader? ipam = root.GetObject("ipam");
        if (ipam is null)
        {
            root.Report("ipam", Message, Advice);
        }

        return ipam;
    }
}
