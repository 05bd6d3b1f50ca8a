using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Capture;

/// <summary>
/// Makes a program of classic BPF (linux/filter.h, socket(7)) of a filter's terms. It asks from IP's header on (SKF_NET_OFF), so that neither VLAN tags nor links
/// without an Ethernet header matter; of IPv6, what stands directly behind its header.
/// </summary>
internal sealed class FilterProgram
{
    private const ushort LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30, LoadHalfIndexed = 0x48, LoadHeaderLength = 0xb1, And = 0x54,
        Jump = 0x05, JumpEqual = 0x15, JumpGreater = 0x25, JumpGreaterOrEqual = 0x35, JumpSet = 0x45, Return = 0x06;

    private const uint Net = Packet.SKF_NET_OFF;

    private const int Next = -1;

    private readonly List<(ushort Code, uint Value, int Yes, int No)> _code = [];
    private readonly List<int> _labels = [];

    private FilterProgram()
    {
    }

    /// <summary>Makes the program: it takes what fits all terms of one of the alternatives.</summary>
    internal static sock_filter[] Compile(IReadOnlyList<IReadOnlyList<FilterTerm>> alternatives)
    {
        FilterProgram program = new();
        foreach (IReadOnlyList<FilterTerm> terms in alternatives)
        {
            int otherwise = program.Label();
            foreach (FilterTerm term in terms)
            {
                // Conditional jumps reach 255 instructions, this one any.
                int fits = program.Label(), fitsNot = program.Label();
                program.Ask(term, term.Not ? fitsNot : fits, term.Not ? fits : fitsNot);
                program.Mark(fitsNot);
                program.Add(Jump, 0, otherwise);
                program.Mark(fits);
            }

            program.Add(Return, uint.MaxValue);
            program.Mark(otherwise);
        }

        program.Add(Return, 0);
        return program.Resolve();
    }

    private void Ask(FilterTerm term, int fits, int fitsNot)
    {
        if (term.Subnet is { } subnet)
        {
            AskAddress(subnet.Network.Address, subnet.Length, term.Ends, fits, fitsNot);
        }
        else if (term.Ports is { } ports)
        {
            AskPorts(ports.First, ports.Last, term.Ends, fits, fitsNot);
        }
        else
        {
            AskProtocol(term, fits, fitsNot);
        }
    }

    private void AskProtocol(FilterTerm term, int fits, int fitsNot)
    {
        Add(LoadWord, Packet.SKF_AD_PROTOCOL);
        if (term.Above == 0)
        {
            If(JumpEqual, term.EtherType, fits, fitsNot);
            return;
        }

        int v4 = Label(), v6 = Label();
        If(JumpEqual, Packet.ETH_P_IP, term.EtherType == Packet.ETH_P_IPV6 ? fitsNot : v4, Next);
        If(JumpEqual, Packet.ETH_P_IPV6, term.EtherType == Packet.ETH_P_IP ? fitsNot : v6, fitsNot);
        Mark(v4);
        Add(LoadByte, Net + 9);
        If(JumpEqual, term.Above, fits, fitsNot);
        Mark(v6);
        Add(LoadByte, Net + 6);
        If(JumpEqual, term.Above, fits, fitsNot);
    }

    private void AskAddress(IPAddress address, int length, FilterEnds ends, int fits, int fitsNot)
    {
        byte[] bytes = address.GetAddressBytes();
        Add(LoadWord, Packet.SKF_AD_PROTOCOL);
        if (bytes.Length == 16)
        {
            If(JumpEqual, Packet.ETH_P_IPV6, Next, fitsNot);
            AskAddressAt(bytes, length, ends, Net + 8, Net + 24, fits, fitsNot);
            return;
        }

        int arp = Label(), notIp = Label();
        If(JumpEqual, Packet.ETH_P_IP, Next, notIp);
        AskAddressAt(bytes, length, ends, Net + 12, Net + 16, fits, fitsNot);
        Mark(notIp);
        If(JumpEqual, Packet.ETH_P_ARP, arp, fitsNot);
        Mark(arp);
        AskAddressAt(bytes, length, ends, Net + 14, Net + 24, fits, fitsNot); // Ethernet's ARP: who asks, and who is asked
    }

    private void AskAddressAt(byte[] bytes, int length, FilterEnds ends, uint source, uint destination, int fits, int fitsNot)
    {
        if (ends == FilterEnds.Either)
        {
            int other = Label();
            AskBits(bytes, length, source, fits, other);
            Mark(other);
        }

        AskBits(bytes, length, ends == FilterEnds.Source ? source : destination, fits, fitsNot);
    }

    private void AskBits(byte[] bytes, int length, uint at, int fits, int fitsNot)
    {
        for (int i = 0; i * 32 < length; i++)
        {
            int bits = Math.Min(length - (i * 32), 32);
            Add(LoadWord, at + (uint)(i * 4));
            if (bits < 32)
            {
                Add(And, uint.MaxValue << (32 - bits));
            }

            If(JumpEqual, BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(i * 4)), Next, fitsNot);
        }

        Add(Jump, 0, fits);
    }

    private void AskPorts(ushort first, ushort last, FilterEnds ends, int fits, int fitsNot)
    {
        int notIp = Label(), v4 = Label(), v6 = Label();
        Add(LoadWord, Packet.SKF_AD_PROTOCOL);
        If(JumpEqual, Packet.ETH_P_IP, Next, notIp);
        AskHasPorts(Net + 9, v4, fitsNot);
        Mark(v4);
        Add(LoadHalf, Net + 6);
        If(JumpSet, 0x1fff, fitsNot, Next); // a later fragment has none
        Add(LoadHeaderLength, Net);
        AskPortsAt(LoadHalfIndexed, Net, first, last, ends, fits, fitsNot);
        Mark(notIp);
        If(JumpEqual, Packet.ETH_P_IPV6, Next, fitsNot);
        AskHasPorts(Net + 6, v6, fitsNot);
        Mark(v6);
        AskPortsAt(LoadHalf, Net + 40, first, last, ends, fits, fitsNot);
    }

    private void AskHasPorts(uint at, int fits, int fitsNot)
    {
        Add(LoadByte, at);
        If(JumpEqual, Nf.IPPROTO_TCP, fits, Next);
        If(JumpEqual, Nf.IPPROTO_UDP, fits, Next);
        If(JumpEqual, Nf.IPPROTO_SCTP, fits, fitsNot);
    }

    private void AskPortsAt(ushort load, uint at, ushort first, ushort last, FilterEnds ends, int fits, int fitsNot)
    {
        int other = Label();
        if (ends != FilterEnds.Destination)
        {
            Add(load, at);
            If(JumpGreaterOrEqual, first, Next, other);
            If(JumpGreater, last, other, fits);
        }

        Mark(other);
        if (ends == FilterEnds.Source)
        {
            Add(Jump, 0, fitsNot);
            return;
        }

        Add(load, at + 2);
        If(JumpGreaterOrEqual, first, Next, fitsNot);
        If(JumpGreater, last, fitsNot, fits);
    }

    private int Label()
    {
        _labels.Add(0);
        return _labels.Count - 1;
    }

    private void Mark(int label) => _labels[label] = _code.Count;

    private void Add(ushort code, uint value, int to = Next) => _code.Add((code, value, to, Next));

    private void If(ushort code, uint value, int yes, int no) => _code.Add((code, value, yes, no));

    private sock_filter[] Resolve()
    {
        sock_filter[] all = new sock_filter[_code.Count];
        for (int i = 0; i < all.Length; i++)
        {
            (ushort code, uint value, int yes, int no) = _code[i];
            all[i] = code == Jump ? new sock_filter(code, 0, 0, (uint)Distance(i, yes)) : new sock_filter(code, checked((byte)Distance(i, yes)), checked((byte)Distance(i, no)), value);
        }

        return all;
    }

    private int Distance(int from, int label) => label == Next ? 0 : _labels[label] - from - 1;
}
