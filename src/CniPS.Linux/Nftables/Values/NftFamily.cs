using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>The packets that a table sees (NFPROTO_*, linux/netfilter.h).</summary>
public enum NftFamily : byte
{
    /// <summary>IPv4 and IPv6.</summary>
    Inet = Nf.NFPROTO_INET,

    /// <summary>IPv4.</summary>
    IPv4 = Nf.NFPROTO_IPV4,

    /// <summary>ARP.</summary>
    Arp = Nf.NFPROTO_ARP,

    /// <summary>Whatever enters or leaves one interface.</summary>
    Netdev = Nf.NFPROTO_NETDEV,

    /// <summary>Frames through a bridge.</summary>
    Bridge = Nf.NFPROTO_BRIDGE,

    /// <summary>IPv6.</summary>
    IPv6 = Nf.NFPROTO_IPV6,
}

/// <summary>A table by family and name.</summary>
/// <param name="Family">The packets that it sees.</param>
/// <param name="Name">Its name, unique in its family.</param>
public readonly record struct NftTable(NftFamily Family, string Name)
{
    /// <summary>The table as nft writes it: <c>inet cnips</c>.</summary>
    public override string ToString() => $"{Word(Family)} {Name}";

    internal static string Word(NftFamily family) => family switch
    {
        NftFamily.Inet => "inet",
        NftFamily.IPv4 => "ip",
        NftFamily.Arp => "arp",
        NftFamily.Netdev => "netdev",
        NftFamily.Bridge => "bridge",
        _ => "ip6",
    };
}
