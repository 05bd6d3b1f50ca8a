using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A plugin that a configuration runs: its own, or the one it delegates addresses to.</summary>
/// <param name="Type">The type.</param>
/// <param name="Configuration">The configuration that it gets.</param>
/// <param name="Place">Where that configuration names it.</param>
internal readonly record struct PluginUse(string Type, PluginConfiguration Configuration, JsonPath Place)
{
    private static readonly JsonPath s_type = JsonPath.Root.Property("type");
    private static readonly JsonPath s_ipamType = JsonPath.Root.Property("ipam").Property("type");

    /// <summary>Whether it is a delegate.</summary>
    internal bool IsIpam => Place == s_ipamType;

    /// <summary>The plugins of a list in the order of ADD; those whose types are missing are left out.</summary>
    internal static IEnumerable<PluginUse> Of(NetworkConfigurationList list)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (plugin.Type.Length > 0)
            {
                yield return new PluginUse(plugin.Type, plugin, s_type);
            }

            if (plugin.IpamType.Length > 0)
            {
                yield return new PluginUse(plugin.IpamType, plugin, s_ipamType);
            }
        }
    }
}
