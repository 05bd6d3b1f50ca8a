using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>What a rule that another program made asks and does, as far as it says for whom. What a rule does not say is null.</summary>
public sealed record NftRuleMeaning
{
    private const int InterfaceNameLength = 16; // IFNAMSIZ

    /// <summary>The one address that a packet must come from: <c>ip saddr 10.88.0.2</c>.</summary>
    public IPAddress? Source { get; private set; }

    /// <summary>The one address that a packet must be sent to: <c>ip daddr 10.88.0.2</c>.</summary>
    public IPAddress? Destination { get; private set; }

    /// <summary>The protocol of the transport layer that a packet must be of: 6 for <c>tcp dport 80</c>.</summary>
    public byte? AskedProtocol { get; private set; }

    /// <summary>The one port that a packet must be sent to: <c>tcp dport 80</c>.</summary>
    public ushort? AskedPort { get; private set; }

    /// <summary>The one address that a packet is sent on to: <c>dnat to 10.88.0.2:80</c>.</summary>
    public IPAddress? SentTo { get; private set; }

    /// <summary>The one port that it is sent on to.</summary>
    public ushort? SentToPort { get; private set; }

    /// <summary>The one interface that a packet must come in by: <c>iifname "veth0"</c>.</summary>
    public string? InputInterface { get; private set; }

    /// <summary>The chain that a packet goes to: <c>jump some</c>.</summary>
    public string? JumpsTo { get; private set; }

    /// <summary>Reads a rule's expressions (NFTA_RULE_EXPRESSIONS), those for one of the IP versions by the table's family.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="family">Its table's family; addresses are only looked for in IPv4 and IPv6.</param>
    public static NftRuleMeaning Of(NftRule rule, NftFamily family)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Reader reader = new(family);
        NetlinkAttributes expressions = new(rule.Expressions.Span);
        while (expressions.Next())
        {
            string name = "";
            NetlinkAttributes data = default;
            NetlinkAttributes expression = expressions.Nested;
            while (expression.Next())
            {
                switch (expression.Type)
                {
                    case Nf.NFTA_EXPR_NAME: name = expression.Text; break;
                    case Nf.NFTA_EXPR_DATA: data = expression.Nested; break;
                }
            }

            reader.Read(name, Numbers(data, out byte[]? value, out NftVerdict? verdict), value, verdict);
        }

        return reader.Meaning;
    }

    // The expressions that matter have numbers of 32 bits but for one attribute, which is a value or a verdict.
    private static uint?[] Numbers(NetlinkAttributes data, out byte[]? value, out NftVerdict? verdict)
    {
        uint?[] numbers = new uint?[8];
        value = null;
        verdict = null;
        while (data.Next())
        {
            if (data.Type < numbers.Length && data.Value.Length == 4)
            {
                numbers[data.Type] = data.BigEndian32;
            }
            else
            {
                NetlinkAttributes nested = data.Nested;
                while (nested.Next())
                {
                    switch (nested.Type)
                    {
                        case Nf.NFTA_DATA_VALUE: value = nested.Value.ToArray(); break;
                        case Nf.NFTA_DATA_VERDICT: verdict = NftVerdict.Read(nested.Nested); break;
                    }
                }
            }
        }

        return numbers;
    }

    /// <summary>Follows what is in the registers.</summary>
    private sealed class Reader(NftFamily family)
    {
        private readonly Dictionary<uint, byte[]> _given = [];
        private readonly int _length = family == NftFamily.IPv4 ? 4 : 16;
        private readonly int _offset = family == NftFamily.IPv4 ? 16 : 24; // of the destination, in the header (RFC 791, RFC 8200)
        private readonly int _sourceOffset = family == NftFamily.IPv4 ? 12 : 8;
        private uint? _register;
        private Loaded _what;
        private int? _loaded; // where in the header what was loaded begins

        internal NftRuleMeaning Meaning { get; } = new();

        internal void Read(string name, uint?[] numbers, byte[]? value, NftVerdict? verdict)
        {
            switch (name)
            {
                case "payload" when numbers[Nf.NFTA_PAYLOAD_BASE] == Nf.NFT_PAYLOAD_NETWORK_HEADER:
                    _register = family is NftFamily.IPv4 or NftFamily.IPv6 ? numbers[Nf.NFTA_PAYLOAD_DREG] : null;
                    (_what, _loaded) = (Loaded.Header, (int?)numbers[Nf.NFTA_PAYLOAD_OFFSET]);
                    break;
                case "payload" when numbers[Nf.NFTA_PAYLOAD_BASE] == Nf.NFT_PAYLOAD_TRANSPORT_HEADER && numbers[Nf.NFTA_PAYLOAD_OFFSET] == 2:
                    (_what, _register) = (Loaded.Port, numbers[Nf.NFTA_PAYLOAD_DREG]); // the destination's, in TCP, UDP and SCTP alike
                    break;
                case "meta" when numbers[Nf.NFTA_META_KEY] == Nf.NFT_META_L4PROTO:
                    (_what, _register) = (Loaded.Protocol, numbers[Nf.NFTA_META_DREG]);
                    break;
                case "meta" when numbers[Nf.NFTA_META_KEY] == Nf.NFT_META_IIFNAME:
                    (_what, _register) = (Loaded.Interface, numbers[Nf.NFTA_META_DREG]);
                    break;
                case "cmp" when value is not null && _register is { } register && numbers[Nf.NFTA_CMP_SREG] == register:
                    if (numbers[Nf.NFTA_CMP_OP] == Nf.NFT_CMP_EQ)
                    {
                        Compared(value);
                    }

                    break;
                case "cmp":
                    break;
                case "immediate" when verdict is not null:
                    Meaning.JumpsTo = verdict.Chain;
                    break;
                case "immediate" when value is not null && numbers[Nf.NFTA_IMMEDIATE_DREG] is { } given:
                    _given[given] = value;
                    break;
                case "nat" when numbers[Nf.NFTA_NAT_TYPE] == Nf.NFT_NAT_DNAT
                    && numbers[Nf.NFTA_NAT_REG_ADDR_MIN] is { } at && _given.TryGetValue(at, out byte[]? address) && address.Length is 4 or 16:
                    Meaning.SentTo = new IPAddress(address);
                    Meaning.SentToPort = numbers[Nf.NFTA_NAT_REG_PROTO_MIN] is { } port && _given.TryGetValue(port, out byte[]? bytes) && bytes.Length >= 2
                        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
                        : null;
                    break;
                default:
                    _register = null; // whatever it is, it may change what was loaded: a mask does
                    break;
            }
        }

        private void Compared(byte[] value)
        {
            if (_what == Loaded.Protocol && value.Length == 1)
            {
                Meaning.AskedProtocol = value[0];
            }
            else if (_what == Loaded.Port && value.Length == 2)
            {
                Meaning.AskedPort = BinaryPrimitives.ReadUInt16BigEndian(value);
            }
            else if (_what == Loaded.Header && _loaded is { } begin)
            {
                // nft asks for source and destination at once where both are given.
                if (begin <= _offset && begin + value.Length >= _offset + _length)
                {
                    Meaning.Destination = new IPAddress(value.AsSpan(_offset - begin, _length));
                }

                if (begin <= _sourceOffset && begin + value.Length >= _sourceOffset + _length)
                {
                    Meaning.Source = new IPAddress(value.AsSpan(_sourceOffset - begin, _length));
                }
            }
            else if (_what == Loaded.Interface && value.Length == InterfaceNameLength)
            {
                Meaning.InputInterface = Encoding.UTF8.GetString(value.AsSpan().TrimEnd((byte)0));
            }
        }

        private enum Loaded
        {
            Header,
            Port,
            Protocol,
            Interface,
        }
    }
}
