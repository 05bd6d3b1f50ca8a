using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>Loads what is known of a packet beyond its bytes: where it comes from and goes, and its connection (nft's meta, ct and fib).</summary>
internal sealed class PacketFacts(FilteredPacket packet)
{
    internal uint Mark { get; set; } = packet.Mark;

    internal bool IsUntracked { get; set; }

    internal void LoadMeta(RuleRegisters registers, uint register, uint key)
    {
        string words = RuleWords.OfMeta(key);
        switch (key)
        {
            case Nf.NFT_META_MARK: Number(registers, register, Mark, words); break;
            case NfExpr.NFT_META_LEN: Number(registers, register, (uint)packet.Length, words, isKnown: false); break;
            case NfExpr.NFT_META_IIF: Number(registers, register, (uint)(packet.Input?.Index ?? 0), words); break;
            case NfExpr.NFT_META_OIF: Number(registers, register, (uint)(packet.Output?.Index ?? 0), words); break;
            case Nf.NFT_META_IIFNAME: Name(registers, register, packet.Input, words); break;
            case Nf.NFT_META_OIFNAME: Name(registers, register, packet.Output, words); break;
            case Nf.NFT_META_NFPROTO: registers.Put(register, [packet.IsV6 ? Nf.NFPROTO_IPV6 : Nf.NFPROTO_IPV4], true, words); break;
            case Nf.NFT_META_L4PROTO: registers.Put(register, [packet.Protocol], true, words); break;
            case NfExpr.NFT_META_PKTTYPE: registers.Put(register, [0], true, words); break; // PACKET_HOST
            case NfExpr.NFT_META_PROTOCOL: Big(registers, register, packet.IsV6 ? NfExpr.ETH_P_IPV6 : NfExpr.ETH_P_IP, words); break;
            default: registers.PutUnknown(register, words); break;
        }
    }

    internal void LoadConnection(RuleRegisters registers, uint register, uint key, byte? direction)
    {
        NftConnectionStates state = IsUntracked ? NftConnectionStates.Untracked : packet.State;
        IPAddress source = packet.OriginalSource?.Address ?? packet.Source, destination = packet.OriginalDestination?.Address ?? packet.Destination;
        switch (key)
        {
            case Nf.NFT_CT_STATE: Number(registers, register, (uint)state, "ct state"); break;
            case Nf.NFT_CT_STATUS:
                uint status = (packet.IsDestinationTranslated ? Nf.IPS_DST_NAT : 0) | (packet.IsSourceTranslated ? NfExpr.IPS_SRC_NAT : 0);
                Number(registers, register, status, "ct status");
                break;
            case NfExpr.NFT_CT_DIRECTION: registers.Put(register, [packet.IsReply ? (byte)1 : (byte)0], true, "ct direction"); break;
            case NfExpr.NFT_CT_MARK: Number(registers, register, 0, "ct mark", isKnown: false); break;
            case NfExpr.NFT_CT_PROTOCOL: registers.Put(register, [packet.Protocol], true, "ct protocol"); break;
            case NfExpr.NFT_CT_L3PROTOCOL: registers.Put(register, [packet.IsV6 ? Nf.NFPROTO_IPV6 : Nf.NFPROTO_IPV4], true, "ct l3proto"); break;
            case NfExpr.NFT_CT_PROTO_DST when direction == 0 && packet.OriginalDestination is { } to: Big(registers, register, (ushort)to.Port, "ct original proto-dst"); break;
            case NfExpr.NFT_CT_SRC_IP or NfExpr.NFT_CT_SRC_IP6 or NfExpr.NFT_CT_SRC when direction == 0:
                registers.Put(register, source.GetAddressBytes(), true, "ct original ip saddr");
                break;
            case NfExpr.NFT_CT_DST_IP or NfExpr.NFT_CT_DST_IP6 or NfExpr.NFT_CT_DST when direction == 0:
                registers.Put(register, destination.GetAddressBytes(), true, "ct original ip daddr");
                break;
            default: registers.PutUnknown(register, $"ct {key}"); break;
        }
    }

    internal void LoadFib(RuleRegisters registers, uint register, uint result, uint flags)
    {
        bool ofSource = (flags & NfExpr.NFTA_FIB_F_SADDR) != 0;
        IPAddress address = ofSource ? packet.Source : packet.Destination;
        string words = $"fib {(ofSource ? "saddr" : "daddr")}{((flags & NfExpr.NFTA_FIB_F_IIF) != 0 ? " . iif" : "")}";
        if (result == Nf.NFT_FIB_RESULT_ADDRTYPE && (flags & NfExpr.NFTA_FIB_F_IIF) == 0 && packet.TypeOf(address) is var type and not RouteType.Unknown)
        {
            Number(registers, register, (uint)type, words + " type");
        }
        else if (result == NfExpr.NFT_FIB_RESULT_OIF && packet.LinkTo(address) is { } link)
        {
            bool isAsked = (flags & NfExpr.NFTA_FIB_F_IIF) == 0 || packet.Input?.Index == link;
            bool isPresence = (flags & NfExpr.NFTA_FIB_F_PRESENT) != 0;
            registers.Put(register, isPresence ? [isAsked && link != 0 ? (byte)1 : (byte)0] : BitConverter.GetBytes(isAsked ? link : 0), true, words + " oif");
        }
        else
        {
            registers.PutUnknown(register, words + (result == Nf.NFT_FIB_RESULT_ADDRTYPE ? " type" : " oif"));
        }
    }

    private static void Number(RuleRegisters registers, uint register, uint value, string words, bool isKnown = true)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        registers.Put(register, bytes, isKnown, words);
    }

    private static void Big(RuleRegisters registers, uint register, ushort value, string words)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        registers.Put(register, bytes, true, words);
    }

    private static void Name(RuleRegisters registers, uint register, Link? link, string words)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        Encoding.UTF8.GetBytes(link?.Name ?? "", bytes);
        registers.Put(register, bytes, true, words);
    }
}
