using System;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>Asks one rule about a packet: each expression in turn, with what it loads, until one says no.</summary>
internal sealed class RuleReading(NftRuleset rules, NftTable table, FilteredPacket packet, PacketFacts facts)
{
    private readonly RuleRegisters _registers = new();
    private readonly PacketBytes _bytes = new(packet);
    private readonly StringBuilder _text = new();

    /// <summary>What it decides; null for nothing.</summary>
    internal NftVerdict? Verdict { get; private set; }

    internal bool IsRejected { get; private set; }

    internal Translation? Translation { get; private set; }

    /// <summary>Whether what it would do isn't known either.</summary>
    internal bool IsVague { get; private set; }

    internal string Text => _text.ToString();

    internal RuleMatch Ask(DumpedRule rule)
    {
        RuleMatch match = RuleMatch.Yes;
        foreach (NftExpression expression in rule.Expressions)
        {
            RuleMatch one = Ask(expression, match == RuleMatch.Yes);
            if (one == RuleMatch.No)
            {
                return one;
            }

            match = one == RuleMatch.Maybe ? one : match;
        }

        return match;
    }

    /// <summary>Goes through all of it, whether it fits or not, for the words.</summary>
    internal void Tell(DumpedRule rule)
    {
        foreach (NftExpression expression in rule.Expressions)
        {
            Ask(expression, isCertain: false);
        }
    }

    private RuleMatch Ask(NftExpression e, bool isCertain)
    {
        switch (e.Name)
        {
            case "payload" when e.Has(Nf.NFTA_PAYLOAD_DREG): return Payload(e);
            case "meta" when e.Has(Nf.NFTA_META_DREG): facts.LoadMeta(_registers, e.Number(Nf.NFTA_META_DREG), e.Number(Nf.NFTA_META_KEY)); return RuleMatch.Yes;
            case "meta": return SetMeta(e, isCertain);
            case "ct" when e.Has(Nf.NFTA_CT_DREG):
                facts.LoadConnection(_registers, e.Number(Nf.NFTA_CT_DREG), e.Number(Nf.NFTA_CT_KEY), e.Has(NfExpr.NFTA_CT_DIRECTION) ? e.Byte(NfExpr.NFTA_CT_DIRECTION) : null);
                return RuleMatch.Yes;
            case "fib": facts.LoadFib(_registers, e.Number(Nf.NFTA_FIB_DREG), e.Number(Nf.NFTA_FIB_RESULT), e.Number(Nf.NFTA_FIB_FLAGS)); return RuleMatch.Yes;
            case "cmp": return Compare(e);
            case "range": return Range(e);
            case "bitwise": return Bitwise(e);
            case "byteorder": return SwapBytes(e);
            case "lookup": return Lookup(e);
            case "immediate": return Immediate(e);
            case "limit": return Inverted(e.Number(NfExpr.NFTA_LIMIT_FLAGS), "limit");
            case "quota": return Inverted(e.Number(NfExpr.NFTA_QUOTA_FLAGS), "quota");
            case "connlimit": return Inverted(e.Number(NfExpr.NFTA_CONNLIMIT_FLAGS), "ct count");
            case "counter" or "log" or "last" or "ct" or "dynset" or "objref" or "flow_offload": return RuleMatch.Yes;
            case "payload": return RuleMatch.Yes; // it writes
            case "notrack": facts.IsUntracked |= isCertain; return Say(RuleMatch.Yes, "notrack");
            case "reject": (Verdict, IsRejected) = (NftVerdict.Drop, true); return Say(RuleMatch.Yes, "reject");
            case "masq": Translation = new Translation(OfSource: true, null, 0) { ToLinkAddress = true }; return Say(RuleMatch.Yes, "masquerade");
            case "redir": Translation = new Translation(OfSource: false, null, PortIn(e, NfExpr.NFTA_REDIR_REG_PROTO_MIN)) { ToLinkAddress = true }; return Say(RuleMatch.Yes, "redirect");
            case "nat": return Nat(e);
            case "match": return Say(
                XtMatches.Ask(e.Text(NfExpr.NFTA_MATCH_NAME), e.Number(NfExpr.NFTA_MATCH_REV), e.Bytes(NfExpr.NFTA_MATCH_INFO), packet),
                e.Text(NfExpr.NFTA_MATCH_NAME) == "comment" ? "" : $"-m {e.Text(NfExpr.NFTA_MATCH_NAME)} …");
            case "target": return Target(e, isCertain);
            default: return Unknown(e);
        }
    }

    private RuleMatch Unknown(NftExpression e)
    {
        // What loads something unknown asks for nothing yet; what decides in an unknown way makes the whole rule so.
        if (e.Name is "rt" or "exthdr" or "numgen" or "hash" or "socket" or "osf" or "xfrm" or "tunnel" && e.Has(NfExpr.NFTA_EXTHDR_DREG))
        {
            _registers.PutUnknown(e.Number(NfExpr.NFTA_EXTHDR_DREG), e.Name);
            return RuleMatch.Maybe;
        }

        IsVague = true;
        return Say(RuleMatch.Maybe, e.Name);
    }

    private RuleMatch Payload(NftExpression e)
    {
        uint header = e.Number(Nf.NFTA_PAYLOAD_BASE);
        int offset = (int)e.Number(Nf.NFTA_PAYLOAD_OFFSET), length = (int)e.Number(Nf.NFTA_PAYLOAD_LEN);
        ReadOnlySpan<byte> bytes = _bytes.Read(header, offset, length, out bool isKnown);
        _registers.Put(e.Number(Nf.NFTA_PAYLOAD_DREG), isKnown ? bytes : new byte[Math.Clamp(length, 0, 64)], isKnown, RuleWords.OfPayload(header, offset, length, packet));
        return RuleMatch.Yes;
    }

    private RuleMatch SetMeta(NftExpression e, bool isCertain)
    {
        if (e.Number(Nf.NFTA_META_KEY) == Nf.NFT_META_MARK && isCertain)
        {
            ReadOnlySpan<byte> mark = _registers.Get(e.Number(NfExpr.NFTA_META_SREG), 4, out bool isKnown);
            facts.Mark = isKnown ? System.Runtime.InteropServices.MemoryMarshal.Read<uint>(mark) : facts.Mark;
        }

        return RuleMatch.Yes;
    }

    private RuleMatch Compare(NftExpression e)
    {
        ReadOnlySpan<byte> value = e.Value(Nf.NFTA_CMP_DATA);
        uint register = e.Number(Nf.NFTA_CMP_SREG), operation = e.Number(Nf.NFTA_CMP_OP);
        ReadOnlySpan<byte> loaded = _registers.Get(register, value.Length, out bool isKnown);
        string what = _registers.WordsOf(register, value.Length);
        int order = loaded.SequenceCompareTo(value);
        bool holds = operation switch
        {
            Nf.NFT_CMP_EQ => order == 0,
            Nf.NFT_CMP_NEQ => order != 0,
            NfExpr.NFT_CMP_LT => order < 0,
            Nf.NFT_CMP_LTE => order <= 0,
            NfExpr.NFT_CMP_GT => order > 0,
            _ => order >= 0,
        };
        return Say(!isKnown ? RuleMatch.Maybe : holds ? RuleMatch.Yes : RuleMatch.No, $"{what} {RuleWords.Operator(operation)}{RuleWords.OfValue(what, value)}");
    }

    private RuleMatch Range(NftExpression e)
    {
        ReadOnlySpan<byte> first = e.Value(Nf.NFTA_RANGE_FROM_DATA), last = e.Value(Nf.NFTA_RANGE_TO_DATA);
        uint register = e.Number(Nf.NFTA_RANGE_SREG);
        bool not = e.Number(Nf.NFTA_RANGE_OP) == Nf.NFT_RANGE_NEQ;
        ReadOnlySpan<byte> loaded = _registers.Get(register, first.Length, out bool isKnown);
        bool inside = loaded.SequenceCompareTo(first) >= 0 && loaded.SequenceCompareTo(last) <= 0;
        string what = _registers.WordsOf(register, first.Length);
        return Say(
            !isKnown ? RuleMatch.Maybe : inside != not ? RuleMatch.Yes : RuleMatch.No,
            $"{what} {(not ? "!= " : "")}{RuleWords.OfValue(what, first)}-{RuleWords.OfValue(what, last)}");
    }

    private RuleMatch Bitwise(NftExpression e)
    {
        int length = (int)Math.Min(e.Number(Nf.NFTA_BITWISE_LEN), 64);
        uint source = e.Number(Nf.NFTA_BITWISE_SREG), target = e.Number(Nf.NFTA_BITWISE_DREG);
        byte[] value = _registers.Get(source, length, out bool isKnown).ToArray();
        ReadOnlySpan<byte> mask = e.Value(Nf.NFTA_BITWISE_MASK), flip = e.Value(Nf.NFTA_BITWISE_XOR);
        isKnown &= e.Number(Nf.NFTA_BITWISE_OP) == Nf.NFT_BITWISE_MASK_XOR;
        for (int i = 0; i < value.Length && i < mask.Length && i < flip.Length; i++)
        {
            value[i] = (byte)((value[i] & mask[i]) ^ flip[i]);
        }

        _registers.Put(target, value, isKnown, _registers.WordsOf(source, length));
        return RuleMatch.Yes;
    }

    private RuleMatch SwapBytes(NftExpression e)
    {
        int length = (int)Math.Min(e.Number(NfExpr.NFTA_BYTEORDER_LEN), 64), size = Math.Max((int)e.Number(NfExpr.NFTA_BYTEORDER_SIZE), 1);
        uint source = e.Number(NfExpr.NFTA_BYTEORDER_SREG);
        byte[] value = _registers.Get(source, length, out bool isKnown).ToArray();
        for (int at = 0; at + size <= value.Length; at += size)
        {
            value.AsSpan(at, size).Reverse();
        }

        _registers.Put(e.Number(NfExpr.NFTA_BYTEORDER_DREG), value, isKnown, _registers.WordsOf(source, length));
        return RuleMatch.Yes;
    }

    private RuleMatch Lookup(NftExpression e)
    {
        string name = e.Text(Nf.NFTA_LOOKUP_SET);
        uint register = e.Number(Nf.NFTA_LOOKUP_SREG);
        if (rules.FindSet(table, name) is not { } set)
        {
            IsVague = true;
            return Say(RuleMatch.Maybe, "@" + name);
        }

        ReadOnlySpan<byte> key = _registers.Get(register, set.KeyLength, out bool isKnown);
        bool not = (e.Number(Nf.NFTA_LOOKUP_FLAGS) & Nf.NFT_LOOKUP_F_INV) != 0;
        string words = $"{_registers.WordsOf(register, set.KeyLength)} {(not ? "!= " : "")}{(name.StartsWith("__", StringComparison.Ordinal) ? "{ … }" : "@" + name)}";
        DumpedSet.Element? found = isKnown ? set.Find(key) : null;
        if (e.Has(Nf.NFTA_LOOKUP_DREG))
        {
            words = words.Replace(" {", " map {", StringComparison.Ordinal);
            uint target = e.Number(Nf.NFTA_LOOKUP_DREG);
            if (target == Nf.NFT_REG_VERDICT)
            {
                Verdict = found?.Verdict;
                IsVague |= !isKnown;
                words = "vmap " + words;
            }
            else if (found is not null)
            {
                _registers.Put(target, found.Value, true, words);
            }
        }

        return Say(!isKnown ? RuleMatch.Maybe : found is not null != not ? RuleMatch.Yes : RuleMatch.No, words);
    }

    private RuleMatch Immediate(NftExpression e)
    {
        uint register = e.Number(Nf.NFTA_IMMEDIATE_DREG);
        if (register == Nf.NFT_REG_VERDICT)
        {
            Verdict = e.Verdict(Nf.NFTA_IMMEDIATE_DATA);
            return Say(RuleMatch.Yes, Verdict?.ToString() ?? "");
        }

        _registers.Put(register, e.Value(Nf.NFTA_IMMEDIATE_DATA), true, "");
        return RuleMatch.Yes;
    }

    private RuleMatch Nat(NftExpression e)
    {
        uint family = e.Number(Nf.NFTA_NAT_FAMILY);
        if (family is Nf.NFPROTO_IPV4 or Nf.NFPROTO_IPV6 && family != (packet.IsV6 ? Nf.NFPROTO_IPV6 : Nf.NFPROTO_IPV4))
        {
            return RuleMatch.Yes; // in a table of both versions of IP it passes over the other's packets (nft_nat_inet_eval)
        }

        int length = family == Nf.NFPROTO_IPV6 ? 16 : 4;
        IPAddress? address = null;
        if (e.Has(Nf.NFTA_NAT_REG_ADDR_MIN))
        {
            ReadOnlySpan<byte> bytes = _registers.Get(e.Number(Nf.NFTA_NAT_REG_ADDR_MIN), length, out bool isKnown);
            address = isKnown ? new IPAddress(bytes) : null;
            IsVague |= !isKnown;
        }

        bool ofSource = e.Number(Nf.NFTA_NAT_TYPE) == NfExpr.NFT_NAT_SNAT;
        ushort port = PortIn(e, Nf.NFTA_NAT_REG_PROTO_MIN);
        Translation = new Translation(ofSource, address, port);
        return Say(RuleMatch.Yes, $"{(ofSource ? "snat" : "dnat")} to {address}{(port == 0 ? "" : ":" + port)}");
    }

    private RuleMatch Target(NftExpression e, bool isCertain)
    {
        string name = e.Text(NfExpr.NFTA_MATCH_NAME);
        switch (name)
        {
            case "REJECT": (Verdict, IsRejected) = (NftVerdict.Drop, true); break;
            case "DROP": Verdict = NftVerdict.Drop; break;
            case "MASQUERADE" or "DNAT" or "SNAT" or "REDIRECT":
                Translation = XtMatches.Translate(name, e.Number(NfExpr.NFTA_MATCH_REV), e.Bytes(NfExpr.NFTA_MATCH_INFO), packet.IsV6);
                IsVague |= Translation is null;
                break;
            case "MARK" when isCertain && XtMatches.Mark(e.Number(NfExpr.NFTA_MATCH_REV), e.Bytes(NfExpr.NFTA_MATCH_INFO), facts.Mark) is { } mark: facts.Mark = mark; break;
            case "LOG" or "NFLOG" or "MARK" or "CONNMARK" or "CT" or "TCPMSS" or "CHECKSUM" or "TRACE" or "CLASSIFY" or "DSCP" or "TOS": break;
            default: IsVague = true; break;
        }

        return Say(RuleMatch.Yes, $"-j {name}");
    }

    private ushort PortIn(NftExpression e, ushort attribute)
    {
        if (!e.Has(attribute))
        {
            return 0;
        }

        ReadOnlySpan<byte> bytes = _registers.Get(e.Number(attribute), 2, out bool isKnown);
        return isKnown ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
    }

    private RuleMatch Inverted(uint flags, string words) =>
        Say((flags & NfExpr.NFT_INVERT) == 0 ? RuleMatch.Yes : RuleMatch.No, words + ((flags & NfExpr.NFT_INVERT) == 0 ? " …" : " over …"));

    private RuleMatch Say(RuleMatch match, string words)
    {
        _text.Append(_text.Length > 0 && words.Length > 0 ? " " : "").Append(words);
        return match;
    }
}
