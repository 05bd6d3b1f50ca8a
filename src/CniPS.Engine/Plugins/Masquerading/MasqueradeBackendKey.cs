using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>The key <c>ipMasqBackend</c>: what masquerades.</summary>
internal static class MasqueradeBackendKey
{
    internal const string Name = "ipMasqBackend";

    /// <summary>Reads it; absent, null and empty are what is set for all networks, else nf_tables.</summary>
    /// <exception cref="CniException">It is something else.</exception>
    internal static RuleBackend? Read(PluginConfigReader root) => root.GetString(Name) switch
    {
        null or "" => null,
        { } word => RuleBackends.TryParse(word)
            ?? throw root.Error(Name, $"unknown ipmasq backend \"{word}\"", "Write \"nftables\" or \"iptables\", or leave it out."),
    };
}
