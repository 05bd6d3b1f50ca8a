using System;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>In which of the kernel's two forms rules are made.</summary>
public enum RuleBackend
{
    /// <summary>nf_tables, spoken natively: elements in sets of CniPS's own tables. No program is run.</summary>
    Nftables,

    /// <summary>The program iptables, with the chains of the Go plugins, which remove them, too.</summary>
    Iptables,
}

/// <summary>The words for them.</summary>
public static class RuleBackends
{
    /// <summary>The environment variable that chooses one for all networks that name none.</summary>
    public const string Variable = "CNIPS_BACKEND";

    /// <summary>What configurations call it: <c>nftables</c>, <c>iptables</c>.</summary>
    public static string Word(this RuleBackend backend) => backend == RuleBackend.Iptables ? "iptables" : "nftables";

    /// <summary>Reads a word; null where it is none.</summary>
    public static RuleBackend? TryParse(string? word) => word switch
    {
        "nftables" => RuleBackend.Nftables,
        "iptables" => RuleBackend.Iptables,
        _ => null,
    };

    /// <summary>What the environment chooses; null where it chooses nothing.</summary>
    /// <exception cref="CniException">It is no backend (<see cref="CniErrorIds.InvalidArgs"/>).</exception>
    public static RuleBackend? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } word
        ? null
        : TryParse(word) ?? throw new CniException(
            CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables, $"{Variable} is \"{word}\", which is no backend")
        {
            Target = Variable,
            RecommendedAction = "Set it to \"nftables\" or \"iptables\", or not at all.",
        };
}
