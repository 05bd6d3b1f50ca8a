using System;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>What may be forwarded to a network's containers.</summary>
internal enum IngressPolicy
{
    /// <summary>Whatever the host lets through.</summary>
    Open,

    /// <summary>Nothing from the bridges of other networks that are cut off.</summary>
    SameBridge,

    /// <summary>Nothing from those, nor from the containers of its own.</summary>
    Isolated,
}

/// <summary>firewall's configuration, complete and checked.</summary>
internal sealed record FirewallConfiguration
{
    internal const string DefaultAdminChain = "CNI-ADMIN", DefaultZone = "trusted";

    private const int MaxChain = 28;

    /// <summary>What is asked for; empty: whatever fits the machine.</summary>
    internal string Backend { get; init; } = "";

    internal string AdminChain { get; init; } = DefaultAdminChain;

    internal string Zone { get; init; } = DefaultZone;

    internal IngressPolicy Policy { get; init; }

    /// <summary>The policy in the configuration's word.</summary>
    internal string PolicyWord => Policy switch
    {
        IngressPolicy.SameBridge => "same-bridge",
        IngressPolicy.Isolated => "isolated",
        _ => "open",
    };

    internal static FirewallConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        FirewallConfiguration configuration = new()
        {
            Backend = root.GetString("backend") ?? "",
            AdminChain = root.GetString("iptablesAdminChainName") is { Length: > 0 } name ? name : DefaultAdminChain,
            Zone = root.GetString("firewalldZone") is { Length: > 0 } zone ? zone : DefaultZone,
            Policy = ReadPolicy(root),
        };
        string chain = configuration.AdminChain;
        if (chain.Length > MaxChain || chain.AsSpan().IndexOfAny(" \t\n\r\0\"'\\!") >= 0 || chain[0] == '-')
        {
            throw root.Error("iptablesAdminChainName", $"\"{chain}\" is no name for a chain", $"Use at most {MaxChain} letters, digits, '-' and '_'.");
        }

        return configuration;
    }

    private static IngressPolicy ReadPolicy(PluginConfigReader root)
    {
        string word = root.GetString("ingressPolicy") ?? "";
        return word switch
        {
            "" or "open" => IngressPolicy.Open,
            "same-bridge" => IngressPolicy.SameBridge,
            "isolated" => IngressPolicy.Isolated,
            _ => throw root.Error("ingressPolicy", $"unknown ingress policy: \"{word}\"", "Use \"open\", \"same-bridge\" or \"isolated\"."),
        };
    }
}
