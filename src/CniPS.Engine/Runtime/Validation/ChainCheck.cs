using System;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether the first plugin of a network is one that only changes what a plugin before it has made: its ADD has no <c>prevResult</c> then, and is refused.</summary>
internal static class ChainCheck
{
    /// <summary>The types that can't be the first.</summary>
    internal static string[] Chained { get; } = ["bandwidth", "firewall", "portmap", "sbr", "tuning", "vrf"];

    internal static void Check(NetworkConfigurationList list, Func<string, bool> isNative, ProblemCollector problems)
    {
        if (list.Plugins is [{ } first, ..] && Array.IndexOf(Chained, first.Type) >= 0 && isNative(first.Type))
        {
            problems.Add(
                CniErrorIds.InvalidNetworkConfig,
                ProblemSeverity.Error,
                first,
                JsonPath.Root.Property("type"),
                $"{first.Type} is the first plugin, and can only change what another one has made",
                "Put a plugin before it that makes an interface, such as bridge or ptp.");
        }
    }
}
