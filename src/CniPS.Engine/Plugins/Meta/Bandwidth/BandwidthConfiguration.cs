using System;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>bandwidth's configuration, complete and checked.</summary>
/// <param name="Ingress">What may reach the container; null for all.</param>
/// <param name="Egress">What the container may send; null for all.</param>
internal sealed record BandwidthConfiguration(TokenBucket? Ingress, TokenBucket? Egress)
{
    private static readonly string[] s_keys = ["ingressRate", "ingressBurst", "egressRate", "egressBurst"];

    /// <summary>What the configuration says counts as a whole; only if it says nothing, what the runtime says.</summary>
    internal static BandwidthConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PluginConfigReader? runtime = root.GetObject("runtimeConfig")?.GetObject("bandwidth");
        foreach (string key in s_keys)
        {
            runtime?.GetLong(key); // a number, though it may not count
        }

        PluginConfigReader chosen = runtime is null || Array.Exists(s_keys, root.Has) ? root : runtime;
        return new BandwidthConfiguration(Read(chosen, "ingress"), Read(chosen, "egress"));
    }

    private static TokenBucket? Read(PluginConfigReader from, string direction)
    {
        string rateKey = direction + "Rate", burstKey = direction + "Burst";
        long rate = from.GetLong(rateKey) ?? 0, burst = from.GetLong(burstKey) ?? 0;
        foreach ((string key, long value) in ((string, long)[])[(rateKey, rate), (burstKey, burst)])
        {
            if (value is < 0 or > 0 and < 8)
            {
                throw from.Error(key, $"{key} is {value}: less than a byte", "Give it in bits.");
            }
        }

        string? problem = burst == 0 && rate != 0 ? "if rate is set, burst must also be set"
            : rate == 0 && burst != 0 ? "if burst is set, rate must also be set"
            : burst / 8 >= uint.MaxValue ? "burst cannot be more than 4GB"
            : null;
        if (problem is not null)
        {
            throw from.Error(rate == 0 ? rateKey : burstKey, problem, "Rates are bits a second, bursts bits.");
        }

        return rate == 0 ? null : TokenBucket.Of((ulong)rate / 8, (uint)(burst / 8));
    }
}
