using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>What masquerades (<c>ipMasqBackend</c>).</summary>
internal enum MasqueradeBackend
{
    /// <summary>nf_tables, spoken natively: an element in a set for each address.</summary>
    Nftables,

    /// <summary>The iptables program, with the Go plugins' chains.</summary>
    Iptables,
}

/// <summary>The key <c>ipMasqBackend</c>.</summary>
internal static class MasqueradeBackendKey
{
    internal const string Name = "ipMasqBackend";

    /// <summary>Reads it; absent, null and empty are nf_tables.</summary>
    /// <exception cref="CniException">It is something else.</exception>
    internal static MasqueradeBackend Read(PluginConfigReader root) => root.GetString(Name) switch
    {
        null or "" or "nftables" => MasqueradeBackend.Nftables,
        "iptables" => MasqueradeBackend.Iptables,
        { } other => throw root.Error(Name, $"unknown ipmasq backend \"{other}\"", "Write \"nftables\" or \"iptables\", or leave it out."),
    };
}
