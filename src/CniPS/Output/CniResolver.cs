using System.Collections.Generic;
using System.Linq;
using CniPS.Spec;

namespace CniPS;

/// <summary>The resolver's settings of a result.</summary>
public sealed class CniResolver
{
    internal CniResolver(CniDns dns)
    {
        Nameservers = dns.Nameservers.ToCniList();
        Domain = dns.Domain;
        Search = dns.Search.ToCniList();
        Options = dns.Options.ToCniList();
    }

    /// <summary>The name servers' addresses, in the order in which they are asked.</summary>
    public CniList<string> Nameservers { get; }

    /// <summary>The domain; empty for none.</summary>
    public string Domain { get; }

    /// <summary>Domains in which short names are looked for.</summary>
    public CniList<string> Search { get; }

    /// <summary>Options, as in resolv.conf(5).</summary>
    public CniList<string> Options { get; }

    /// <summary>As text; null where nothing is set.</summary>
    internal static string? TextOf(CniDns? dns) => dns is not null && new CniResolver(dns).ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The lines of resolv.conf(5) that it stands for.</summary>
    public override string ToString()
    {
        List<string> lines = [.. Nameservers.Select(server => $"nameserver {server}")];
        if (Domain.Length > 0)
        {
            lines.Add($"domain {Domain}");
        }

        if (Search.Count > 0)
        {
            lines.Add($"search {Search}");
        }

        if (Options.Count > 0)
        {
            lines.Add($"options {Options}");
        }

        return string.Join('\n', lines);
    }
}
