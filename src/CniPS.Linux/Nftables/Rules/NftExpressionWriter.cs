using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>
/// Writes a rule's expressions, attribute for attribute as nft does. It remembers which protocols the rule has asked for, so that in a
/// table of both IP versions <c>ip saddr …</c> is preceded by the question whether it is IPv4, once.
/// </summary>
internal ref struct NftExpressionWriter
{
    private readonly NetlinkBatch _batch;
    private readonly NftFamily _family;
    private byte _network;
    private byte _transport;
    private uint _ownSet;

    /// <summary>Begins a rule.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="family">That of the rule's table.</param>
    /// <param name="ownSet">The first of the numbers by which the rule's own sets are called in the transaction.</param>
    internal NftExpressionWriter(NetlinkBatch batch, NftFamily family, uint ownSet)
    {
        _ownSet = ownSet;
        _batch = batch;
        _family = family;
        _network = family is NftFamily.IPv4 or NftFamily.IPv6 ? (byte)family : (byte)0;
    }

    /// <summary>Loads what a packet is looked up by into the registers from the first on.</summary>
    internal void Load(NftSelector selector)
    {
        foreach (NftPart part in selector.Parts)
        {
            Require(NftFieldInfo.Of(part.Field));
        }

        uint offset = 0;
        Span<byte> mask = stackalloc byte[16];
        foreach (NftPart part in selector.Parts)
        {
            NftFieldInfo info = NftFieldInfo.Of(part.Field);
            uint register = RegisterAt(offset);
            Load(part.Field, info, register, info.Length);
            if (part.PrefixLength is { } length)
            {
                NftPart.PutMask(mask[..(int)info.Length], length);
                Mask(mask[..(int)info.Length], register, Nf.NFT_BITWISE_MASK_XOR);
            }

            offset += (info.Length + 3) & ~3u;
        }
    }

    /// <summary>Loads the beginning of a field into the first register.</summary>
    internal void Load(NftField field, uint length)
    {
        NftFieldInfo info = NftFieldInfo.Of(field);
        Require(info);
        Load(field, info, Nf.NFT_REG_1, length);
    }

    /// <summary>Goes on only with packets of a version of IP, unless that has been asked already.</summary>
    internal void RequireNetwork(byte protocol)
    {
        if (protocol == _network)
        {
            return;
        }

        if (_family != NftFamily.Inet)
        {
            throw new NotSupportedException($"IP of version {protocol} in a table of family {NftTable.Word(_family)}");
        }

        _network = protocol;
        Meta(Nf.NFT_META_NFPROTO, Nf.NFT_REG_1);
        Compare([_network], not: false);
    }

    /// <summary>Goes on only with packets of a protocol above IP, unless that has been asked already.</summary>
    internal void RequireTransport(byte protocol)
    {
        if (protocol != _transport)
        {
            _transport = protocol;
            Meta(Nf.NFT_META_L4PROTO, Nf.NFT_REG_1);
            Compare([_transport], not: false);
        }
    }

    /// <summary>Loads what is known of a packet's connection into the first register.</summary>
    internal readonly void LoadConntrack(uint key)
    {
        using Expression _ = Begin("ct");
        _batch.AttributeBigEndian(Nf.NFTA_CT_KEY, key);
        _batch.AttributeBigEndian(Nf.NFTA_CT_DREG, Nf.NFT_REG_1);
    }

    /// <summary>Loads bytes of the header above IP, or of what it carries, into the first register.</summary>
    internal readonly void LoadTransport(uint offset, uint length)
    {
        using Expression _ = Begin("payload");
        _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_DREG, Nf.NFT_REG_1);
        _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_BASE, Nf.NFT_PAYLOAD_TRANSPORT_HEADER);
        _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_OFFSET, offset);
        _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_LEN, length);
    }

    /// <summary>Has the kernel tell whoever listens what becomes of the packet from here on.</summary>
    internal readonly void SetTrace()
    {
        using (Expression one = Begin("immediate"))
        {
            _batch.AttributeBigEndian(Nf.NFTA_IMMEDIATE_DREG, Nf.NFT_REG_1);
            Value(Nf.NFTA_IMMEDIATE_DATA, [1]);
        }

        using Expression _ = Begin("meta");
        _batch.AttributeBigEndian(Nf.NFTA_META_KEY, Nf.NFT_META_NFTRACE);
        _batch.AttributeBigEndian(Nf.NFTA_META_SREG, Nf.NFT_REG_1);
    }

    /// <summary>Goes on only if the first register holds (or doesn't hold) a value.</summary>
    internal readonly void Compare(scoped ReadOnlySpan<byte> value, bool not) => Compare(value, not ? Nf.NFT_CMP_NEQ : Nf.NFT_CMP_EQ);

    /// <summary>Goes on only if the first register compares so with a value.</summary>
    internal readonly void Compare(scoped ReadOnlySpan<byte> value, uint operation)
    {
        using Expression _ = Begin("cmp");
        _batch.AttributeBigEndian(Nf.NFTA_CMP_SREG, Nf.NFT_REG_1);
        _batch.AttributeBigEndian(Nf.NFTA_CMP_OP, operation);
        Value(Nf.NFTA_CMP_DATA, value);
    }

    /// <summary>Goes on only if the first register is before or behind a range.</summary>
    internal readonly void IsOutside(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last)
    {
        using Expression _ = Begin("range");
        _batch.AttributeBigEndian(Nf.NFTA_RANGE_SREG, Nf.NFT_REG_1);
        _batch.AttributeBigEndian(Nf.NFTA_RANGE_OP, Nf.NFT_RANGE_NEQ);
        Value(Nf.NFTA_RANGE_FROM_DATA, first);
        Value(Nf.NFTA_RANGE_TO_DATA, last);
    }

    /// <summary>Clears bits of a register.</summary>
    /// <param name="mask">The bits to keep.</param>
    /// <param name="register">The register.</param>
    /// <param name="operation">The operation; null leaves it to the kernel, which does the same (nft names it in one place and not in the other).</param>
    internal readonly void Mask(scoped ReadOnlySpan<byte> mask, uint register, uint? operation = null)
    {
        using Expression _ = Begin("bitwise");
        _batch.AttributeBigEndian(Nf.NFTA_BITWISE_SREG, register);
        _batch.AttributeBigEndian(Nf.NFTA_BITWISE_DREG, register);
        if (operation is { } given)
        {
            _batch.AttributeBigEndian(Nf.NFTA_BITWISE_OP, given);
        }

        _batch.AttributeBigEndian(Nf.NFTA_BITWISE_LEN, (uint)mask.Length);
        Value(Nf.NFTA_BITWISE_MASK, mask);
        Span<byte> none = stackalloc byte[mask.Length];
        none.Clear();
        Value(Nf.NFTA_BITWISE_XOR, none);
    }

    /// <summary>Goes on only if what was loaded is (or isn't) in a set.</summary>
    internal readonly void IsIn(string set, bool not) => IsIn(set, null, not);

    /// <summary>Goes on only if what was loaded is (or isn't) in the rule's next own set.</summary>
    internal void IsInOwn(string set, bool not) => IsIn(set, _ownSet++, not);

    private readonly void IsIn(string set, uint? id, bool not)
    {
        using Expression _ = Begin("lookup");
        _batch.AttributeBigEndian(Nf.NFTA_LOOKUP_SREG, Nf.NFT_REG_1);
        _batch.Attribute(Nf.NFTA_LOOKUP_SET, set);
        if (id is { } number)
        {
            _batch.AttributeBigEndian(Nf.NFTA_LOOKUP_SET_ID, number);
        }

        if (not)
        {
            _batch.AttributeBigEndian(Nf.NFTA_LOOKUP_FLAGS, Nf.NFT_LOOKUP_F_INV);
        }
    }

    /// <summary>Finds in a map what was loaded, and loads what it carries.</summary>
    internal readonly void Find(string map, uint register)
    {
        using Expression _ = Begin("lookup");
        _batch.AttributeBigEndian(Nf.NFTA_LOOKUP_SREG, Nf.NFT_REG_1);
        _batch.AttributeBigEndian(Nf.NFTA_LOOKUP_DREG, register);
        _batch.Attribute(Nf.NFTA_LOOKUP_SET, map);
    }

    /// <summary>Loads something given.</summary>
    internal readonly void Load(NftData data, uint register)
    {
        using Expression _ = Begin("immediate");
        _batch.AttributeBigEndian(Nf.NFTA_IMMEDIATE_DREG, register);
        data.Write(_batch, Nf.NFTA_IMMEDIATE_DATA);
    }

    /// <summary>Gives a packet the address of the interface it leaves by.</summary>
    internal readonly void Masquerade() => Begin("masq").Dispose();

    /// <summary>Sends a packet to the address in the first register, and to a port in another one if there is one.</summary>
    internal readonly void Dnat(NftFamily family, uint portRegister, bool portGiven)
    {
        using Expression _ = Begin("nat");
        _batch.AttributeBigEndian(Nf.NFTA_NAT_TYPE, Nf.NFT_NAT_DNAT);
        _batch.AttributeBigEndian(Nf.NFTA_NAT_FAMILY, (uint)family);
        _batch.AttributeBigEndian(Nf.NFTA_NAT_REG_ADDR_MIN, Nf.NFT_REG_1);
        if (portRegister != 0)
        {
            _batch.AttributeBigEndian(Nf.NFTA_NAT_REG_PROTO_MIN, portRegister);
        }

        if (portGiven)
        {
            _batch.AttributeBigEndian(Nf.NFTA_NAT_FLAGS, Nf.NF_NAT_RANGE_PROTO_SPECIFIED);
        }
    }

    /// <summary>
    /// The register at an offset behind the first one: four of 16 bytes have numbers, and their quarters others; as nft does, the first where
    /// there is one.
    /// </summary>
    internal static uint RegisterAt(uint offset) => offset % 16 == 0 ? Nf.NFT_REG_1 + (offset / 16) : Nf.NFT_REG32_00 + (offset / 4);

    private void Require(in NftFieldInfo field)
    {
        if (field.Network != 0)
        {
            RequireNetwork(field.Network);
        }

        if (field.Transport != 0)
        {
            RequireTransport(field.Transport);
        }
    }

    private readonly void Load(NftField field, in NftFieldInfo info, uint register, uint length)
    {
        if (info.Base is { } header)
        {
            using Expression _ = Begin("payload");
            _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_DREG, register);
            _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_BASE, header);
            _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_OFFSET, info.Where);
            _batch.AttributeBigEndian(Nf.NFTA_PAYLOAD_LEN, length);
        }
        else if (field == NftField.FibDaddrType)
        {
            using Expression _ = Begin("fib");
            _batch.AttributeBigEndian(Nf.NFTA_FIB_FLAGS, Nf.NFTA_FIB_F_DADDR);
            _batch.AttributeBigEndian(Nf.NFTA_FIB_RESULT, Nf.NFT_FIB_RESULT_ADDRTYPE);
            _batch.AttributeBigEndian(Nf.NFTA_FIB_DREG, register);
        }
        else
        {
            Meta(info.Where, register);
        }
    }

    private readonly void Meta(uint key, uint register)
    {
        using Expression _ = Begin("meta");
        _batch.AttributeBigEndian(Nf.NFTA_META_KEY, key);
        _batch.AttributeBigEndian(Nf.NFTA_META_DREG, register);
    }

    private readonly void Value(ushort type, scoped ReadOnlySpan<byte> value)
    {
        using NetlinkBatch.Nest _ = _batch.Nested(type, flag: true);
        _batch.Attribute(Nf.NFTA_DATA_VALUE, value);
    }

    private readonly Expression Begin(string name)
    {
        NetlinkBatch.Nest element = _batch.Nested(Nf.NFTA_LIST_ELEM, flag: true);
        _batch.Attribute(Nf.NFTA_EXPR_NAME, name);
        return new Expression(element, _batch.Nested(Nf.NFTA_EXPR_DATA, flag: true));
    }

    private readonly ref struct Expression(NetlinkBatch.Nest element, NetlinkBatch.Nest data)
    {
        private readonly NetlinkBatch.Nest _element = element;
        private readonly NetlinkBatch.Nest _data = data;

        public void Dispose()
        {
            _data.Dispose();
            _element.Dispose();
        }
    }
}
