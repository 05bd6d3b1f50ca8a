using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary><c>dns</c>, a plugin's own or that of its <c>ipam</c> (CONVENTIONS, "dictionary of well-known keys").</summary>
internal static class ConfiguredDns
{
    internal static CniDns Read(PluginConfigReader parent) => parent.GetObject("dns") is not { } dns ? CniDns.Empty : new CniDns
    {
        Nameservers = dns.GetStrings("nameservers"),
        Domain = dns.GetString("domain") ?? "",
        Search = dns.GetStrings("search"),
        Options = dns.GetStrings("options"),
    };
}
