using System;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>
/// What a set's keys or a map's data are. The kernel stores the number (NFTA_SET_KEY_TYPE) without looking at it; it is nft's own: six
/// bits for each part of a concatenation (nftables, datatype.h).
/// </summary>
/// <param name="Id">nft's number.</param>
public readonly record struct NftType(uint Id)
{
    private const int PartBits = 6;

    /// <summary>What is to become of a packet: a map's data only.</summary>
    public static NftType Verdict => new(Nf.NFT_DATA_VERDICT);

    /// <summary><c>ipv4_addr</c></summary>
    public static NftType IPv4Address => new(7);

    /// <summary><c>ipv6_addr</c></summary>
    public static NftType IPv6Address => new(8);

    /// <summary><c>ether_addr</c>: a link-layer address.</summary>
    public static NftType EtherAddress => new(9);

    /// <summary><c>inet_proto</c>: a protocol above IP.</summary>
    public static NftType Protocol => new(12);

    /// <summary><c>inet_service</c>: a port.</summary>
    public static NftType Service => new(13);

    /// <summary><c>mark</c>: a packet's mark.</summary>
    public static NftType Mark => new(19);

    /// <summary><c>fib_addrtype</c>: what an address is to this host.</summary>
    public static NftType FibAddressType => new(38);

    /// <summary><c>ifname</c>: an interface's name.</summary>
    public static NftType InterfaceName => new(41);

    /// <summary>Several things as one: <c>inet_proto . inet_service</c>.</summary>
    public static NftType Concat(params ReadOnlySpan<NftType> parts)
    {
        uint id = 0;
        foreach (NftType part in parts)
        {
            id = (id << PartBits) | part.Id;
        }

        return new NftType(id);
    }

    /// <summary>Whether it has several parts.</summary>
    public bool IsConcatenation => this != Verdict && Id >> PartBits != 0;

    /// <summary>How many bytes it takes in the kernel's registers, where each part of a concatenation begins at a multiple of four.</summary>
    public int Length
    {
        get
        {
            if (!IsConcatenation)
            {
                return PartLength;
            }

            int length = 0;
            for (uint rest = Id; rest != 0; rest >>= PartBits)
            {
                length += (new NftType(rest & ((1 << PartBits) - 1)).PartLength + 3) & ~3;
            }

            return length;
        }
    }

    /// <summary>The number of parts.</summary>
    internal int PartCount
    {
        get
        {
            int count = 1;
            for (uint rest = Id >> PartBits; IsConcatenation && rest != 0; rest >>= PartBits)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>One part, counted from the first written.</summary>
    internal NftType Part(int index) =>
        IsConcatenation ? new((Id >> (PartBits * (PartCount - 1 - index))) & ((1 << PartBits) - 1)) : this;

    private int PartLength => Id switch
    {
        8 or 41 => 16,
        9 => 6,
        12 => 1,
        13 => 2,
        Nf.NFT_DATA_VERDICT => 0,
        _ => 4,
    };

    /// <summary>What nft keeps in a set's user data so that it can print the values.</summary>
    internal int ByteOrder => IsConcatenation || this == Verdict
        ? Udata.BYTEORDER_INVALID
        : Id is 19 or 38 or 41 ? Udata.BYTEORDER_HOST_ENDIAN : Udata.BYTEORDER_BIG_ENDIAN;

    /// <summary>The type as nft writes it: <c>inet_proto . inet_service</c>.</summary>
    public override string ToString()
    {
        if (!IsConcatenation)
        {
            return PartName;
        }

        StringBuilder text = new();
        for (int i = 0, n = PartCount; i < n; i++)
        {
            text.Append(i > 0 ? " . " : "").Append(Part(i).PartName);
        }

        return text.ToString();
    }

    private string PartName => Id switch
    {
        7 => "ipv4_addr",
        8 => "ipv6_addr",
        9 => "ether_addr",
        12 => "inet_proto",
        13 => "inet_service",
        19 => "mark",
        38 => "fib_addrtype",
        41 => "ifname",
        Nf.NFT_DATA_VERDICT => "verdict",
        _ => "integer",
    };
}
