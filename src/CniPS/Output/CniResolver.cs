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

    /// <summary>The name servers.</summary>
    public override string ToString() => Nameservers.ToString();
}
