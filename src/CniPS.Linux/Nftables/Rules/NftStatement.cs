using System;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>A part of a rule: something it asks of a packet, or does with it. Its text is nft's.</summary>
public abstract record NftStatement
{
    internal abstract void Write(ref NftExpressionWriter writer);

    /// <summary>Whether only nft itself can put it into a message.</summary>
    internal virtual bool NeedsProgram => false;

    private protected static string Operator(bool not) => not ? "!= " : "";
}

/// <summary>Goes on only if a field has (or hasn't) a value: <c>tcp dport 8080</c>.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The value.</param>
/// <param name="Not">Whether it must have another one.</param>
public sealed record NftMatch(NftField Field, NftValue Value, bool Not = false) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => $"{NftFieldInfo.Of(Field).Text} {Operator(Not)}{Value}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        if (Field == NftField.L4Proto && !Not)
        {
            writer.RequireTransport(Value.Bytes[0]); // which needn't be asked again before a port
            return;
        }

        writer.Load(Field, (uint)Value.Bytes.Length);
        writer.Compare(Value.Bytes, Not);
    }
}

/// <summary>Goes on only if an address lies in (or outside) a subnet: <c>ip daddr != 10.15.20.0/24</c>.</summary>
/// <param name="Field">The address.</param>
/// <param name="Subnet">The subnet, of the same family.</param>
/// <param name="Not">Whether it must lie outside.</param>
public sealed record NftSubnetMatch(NftField Field, IpPrefix Subnet, bool Not = false) : NftStatement
{
    private bool IsHost => Subnet.Length == IpText.Bits(Subnet.Family);

    /// <summary>Looks at a packet's destination.</summary>
    public static NftSubnetMatch Destination(IpPrefix subnet, bool not = false) =>
        new(subnet.IsV6 ? NftField.Ip6Daddr : NftField.IpDaddr, subnet, not);

    /// <summary>Looks at a packet's source.</summary>
    public static NftSubnetMatch Source(IpPrefix subnet, bool not = false) =>
        new(subnet.IsV6 ? NftField.Ip6Saddr : NftField.IpSaddr, subnet, not);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{NftFieldInfo.Of(Field).Text} {Operator(Not)}{(IsHost ? Subnet.Address.ToString() : Subnet.Network.ToString())}";

    // As nft does: a prefix of whole bytes is compared as such, another one under a mask.
    internal override void Write(ref NftExpressionWriter writer)
    {
        Span<byte> bytes = stackalloc byte[16];
        Subnet.Network.Address.TryWriteBytes(bytes, out int length);
        if (Subnet.Length > 0 && Subnet.Length % 8 == 0)
        {
            length = Subnet.Length / 8;
            writer.Load(Field, (uint)length);
        }
        else
        {
            writer.Load(Field, (uint)length);
            Span<byte> mask = stackalloc byte[length];
            NftPart.PutMask(mask, Subnet.Length);
            writer.Mask(mask, Nf.NFT_REG_1);
        }

        writer.Compare(bytes[..length], Not);
    }
}

/// <summary>Goes on only if a field's value lies in (or outside) a range: <c>tcp dport 80-90</c>.</summary>
/// <param name="Field">An address or a port.</param>
/// <param name="Range">The range.</param>
/// <param name="Not">Whether it must lie outside.</param>
public sealed record NftRangeMatch(NftField Field, NftInterval Range, bool Not = false) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => $"{NftFieldInfo.Of(Field).Text} {Operator(Not)}{Range.First}-{Range.Last}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(Field, (uint)Range.First.Bytes.Length);
        if (Not)
        {
            writer.IsOutside(Range.First.Bytes, Range.Last.Bytes);
        }
        else
        {
            writer.Compare(Range.First.Bytes, Nf.NFT_CMP_GTE);
            writer.Compare(Range.Last.Bytes, Nf.NFT_CMP_LTE);
        }
    }
}

/// <summary>Goes on only if a packet is (or isn't) in a set: <c>ip saddr . meta l4proto @some</c>.</summary>
/// <param name="Key">What is looked up.</param>
/// <param name="Set">The set.</param>
/// <param name="Not">Whether it must not be there.</param>
public sealed record NftSetMatch(NftSelector Key, NftSet Set, bool Not = false) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} {Operator(Not)}@{Set.Name}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(Key);
        writer.IsIn(Set.Name, Not);
    }
}

/// <summary>Does with a packet what a map says: <c>ip saddr vmap @masquerade4</c>. What is not in the map goes on.</summary>
/// <param name="Key">What is looked up.</param>
/// <param name="Map">The map, whose data are verdicts.</param>
public sealed record NftVerdictMap(NftSelector Key, NftSet Map) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} vmap @{Map.Name}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(Key);
        writer.Find(Map.Name, Nf.NFT_REG_VERDICT);
    }
}

/// <summary>Goes on only with packets of one version of IP: <c>meta nfproto ipv4</c>.</summary>
/// <param name="Family">IPv4 or IPv6.</param>
public sealed record NftIsFamily(NftFamily Family) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => Family == NftFamily.IPv6 ? "meta nfproto ipv6" : "meta nfproto ipv4";

    internal override void Write(ref NftExpressionWriter writer) => writer.RequireNetwork((byte)Family);
}

/// <summary>Something in nft's own words, which nft itself must put into a message.</summary>
/// <param name="Words">The words: <c>tcp flags syn limit rate 10/second</c>.</param>
public sealed record NftWords(string Words) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => Words;

    internal override bool NeedsProgram => true;

    internal override void Write(ref NftExpressionWriter writer) => throw new NotSupportedException($"\"{Words}\" is for nft to read.");
}

/// <summary>Decides about a packet: <c>accept</c>, <c>goto CHAIN</c>.</summary>
/// <param name="Verdict">The decision.</param>
public sealed record NftDecide(NftVerdict Verdict) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => Verdict.ToString();

    internal override void Write(ref NftExpressionWriter writer) => writer.Load(Verdict, Nf.NFT_REG_VERDICT);
}

/// <summary>Gives a packet the address of the interface it leaves by: <c>masquerade</c>.</summary>
public sealed record NftMasquerade : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => "masquerade";

    internal override void Write(ref NftExpressionWriter writer) => writer.Masquerade();
}

/// <summary>Sends a packet to where a map says: <c>dnat ip to meta l4proto . th dport map @ports</c>. What is not in the map goes on.</summary>
/// <param name="Family">IPv4 or IPv6: that of the addresses in the map.</param>
/// <param name="Key">What is looked up.</param>
/// <param name="Map">The map, whose data are addresses, or addresses and ports.</param>
public sealed record NftDnatMap(NftFamily Family, NftSelector Key, NftSet Map) : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => $"dnat {NftTable.Word(Family)} to {Key} map @{Map.Name}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(Key);
        writer.Find(Map.Name, Nf.NFT_REG_1);
        bool hasPort = Map.Data is { IsConcatenation: true };
        writer.Dnat(Family, hasPort ? NftExpressionWriter.RegisterAt(Family == NftFamily.IPv6 ? 16u : 4u) : 0, portGiven: false);
    }
}

/// <summary>Sends a packet to an address, and to a port if one is given: <c>dnat ip to 10.15.20.2:80</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; null for the one it has.</param>
public sealed record NftDnat(IPAddress Address, ushort? Port = null) : NftStatement
{
    private NftFamily Family => Address.AddressFamily == AddressFamily.InterNetwork ? NftFamily.IPv4 : NftFamily.IPv6;

    /// <inheritdoc/>
    public override string ToString()
    {
        string to = Port is { } port ? new IPEndPoint(Address, port).ToString() : Address.ToString();
        return $"dnat {NftTable.Word(Family)} to {to}";
    }

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(NftValue.Of(Address), Nf.NFT_REG_1);
        if (Port is { } port)
        {
            writer.Load(NftValue.Port(port), Nf.NFT_REG_2);
        }

        writer.Dnat(Family, Port is null ? 0 : Nf.NFT_REG_2, portGiven: Port is not null);
    }
}
