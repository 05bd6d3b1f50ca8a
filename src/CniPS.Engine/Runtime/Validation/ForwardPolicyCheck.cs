using System;
using CniPS.Linux.Host;
using CniPS.Plugins.Meta;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether firewall's nftables backend accepts in vain, since iptables drops what is forwarded.</summary>
internal static class ForwardPolicyCheck
{
    internal static void Check(NetworkConfigurationList list, Func<string, bool> isNative, IHost host, ProblemCollector problems)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (plugin.Type != "firewall" || !isNative(plugin.Type) || Backend(plugin) != "nftables" || ForwardPolicy.FindDropping(host) is not { } program)
            {
                continue;
            }

            CniException error = FirewallPlugin.Dropped(program);
            problems.Add(CniErrorIds.ForwardingDropped, ProblemSeverity.Warning, plugin, JsonPath.Root.Property("backend"), error.Message, error.RecommendedAction);
        }
    }

    private static string? Backend(PluginConfiguration plugin) =>
        new JsonFields(plugin.Json, ignoreCase: true).TryGet("backend", out _, out System.Text.Json.JsonElement value)
            && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;
}
