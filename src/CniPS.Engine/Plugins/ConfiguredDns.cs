using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary><c>dns</c>, a plugin's own or that of its <c>ipam</c> (CONVENTIONS, "dictionary of well-known keys").</summary>
internal static class ConfiguredDns
{
    /// <summary>The keys, for a plugin's schema.</summary>
    /// <param name="prefix">What stands before <c>dns</c>.</param>
    /// <param name="since">The version of the reference plugins that first had them.</param>
    internal static IReadOnlyList<PluginKey> Keys(string prefix, string since) =>
    [
        new(prefix + "dns", "object", null, "DNS settings, passed on in the result.", since),
        new(prefix + "dns.nameservers", "array of strings", "[]", "Addresses of name servers, in order.", since),
        new(prefix + "dns.domain", "string", null, "The local domain.", since),
        new(prefix + "dns.search", "array of strings", "[]", "Domains to search, in order.", since),
        new(prefix + "dns.options", "array of strings", "[]", "The resolver's options.", since),
    ];

    /// <summary>What it says; null where it says nothing, and IPAM's holds. An empty list is an answer: there are none.</summary>
    internal static CniDns? Read(PluginConfigReader parent)
    {
        if (parent.GetObject("dns") is not { } dns)
        {
            return null;
        }

        CniDns read = new()
        {
            Nameservers = dns.GetStrings("nameservers"),
            Domain = dns.GetString("domain") ?? "",
            Search = dns.GetStrings("search"),
            Options = dns.GetStrings("options"),
        };
        return read.Domain.Length > 0 || dns.Has("nameservers") || dns.Has("search") || dns.Has("options") ? read : null;
    }
}
