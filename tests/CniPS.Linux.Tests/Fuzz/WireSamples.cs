using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using CniPS.Linux.Dhcp;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Linux.Tests.Nftables;

namespace CniPS.Linux.Tests.Fuzz;

/// <summary>Sound messages, from which the fuzz targets make unsound ones: captured ones where there are any, else as their specifications have them.</summary>
internal static class WireSamples
{
    internal const int QdiscLink = 4;

    internal static MacAddress Mac { get; } = new([2, 0, 0, 0, 0, 1]);

    internal static IReadOnlyList<byte[]> DhcpMessages { get; } = [Dhcp(DhcpMessageType.Offer), Dhcp(DhcpMessageType.Ack), Dhcp(DhcpMessageType.Nak)];

    internal static IReadOnlyList<byte[]> DhcpPackets { get; } = [.. DhcpMessages.Select(FromServer)];

    /// <summary>As RFC 1035 has it: an alias before the address, names by pointers.</summary>
    internal static IReadOnlyList<byte[]> DnsMessages { get; } =
    [
        Convert.FromHexString("12348180000100020000000003777777076578616D706C650000010001C00C00050001000000090005026462C010C029000100010000000900040A000002"),
    ];

    internal static IReadOnlyList<byte[]> ResolverFiles { get; } =
    [
        [.. "nameserver 10.0.0.1\nsearch a.example b.example\noptions ndots:5 timeout:1\n"u8], [.. "127.0.0.1 localhost # me\n::1\tlocalhost ip6-localhost\n"u8],
    ];

    internal static IReadOnlyList<byte[]> DBusMessages { get; } =
    [
        DBusMessage.WriteCall(1, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", "org.fedoraproject.FirewallD1"),
        Answer(DBusMessage.Return, 'b', [1, 0, 0, 0]),
        Answer(DBusMessage.Error, 's', [6, 0, 0, 0, .. "refuse"u8, 0]),
    ];

    /// <summary>Rules that the kernel's are compared with.</summary>
    internal static IReadOnlyList<NftRuleBody> Rules { get; } =
    [
        new([NftSubnetMatch.Destination(IpPrefix.Parse("10.15.20.0/23")), new NftDecide(NftVerdict.Return)]),
        new([new NftMatch(NftField.TcpDport, NftValue.Port(8080)), new NftDnat(IPAddress.Parse("10.15.20.2"), 80)]),
        new([.. NftConditions.Read("tcp dport { 80, 443 }", v6: false), new NftMasquerade()]),
        new([new NftWords("tcp flags syn"), new NftMasquerade()]),
    ];

    /// <summary>A datagram of acknowledgements: one that is good, one with an explanation, the end of a list.</summary>
    internal static IReadOnlyList<byte[]> Datagrams { get; } =
    [
        [
            .. Message(Nl.NLMSG_ERROR, 0, new byte[20]),
            .. Message(Nl.NLMSG_ERROR, Nl.NLM_F_ACK_TLVS | Nl.NLM_F_CAPPED, [.. Int(-17), .. new byte[16], .. Attribute(Nl.NLMSGERR_ATTR_MSG, "exists\0"u8)]),
            .. Message(Nl.NLMSG_DONE, Nl.NLM_F_ACK_TLVS, [.. Int(0), .. Attribute(Nl.NLMSGERR_ATTR_MSG, "done\0"u8)]),
        ],
        [.. Message(Nl.NLMSG_ERROR, Nl.NLM_F_ACK_TLVS, [.. Int(-22), .. Message(Rt.RTM_NEWLINK, 0, new byte[16]), .. Attribute(Nl.NLMSGERR_ATTR_MSG, "no\0"u8)])],
    ];

    internal static byte[] RoutingRule { get; } = Body(batch =>
    {
        batch.Begin(Fra.RTM_GETRULE, 0, new fib_rule_hdr { family = (byte)(int)LibC.AF_INET, src_len = 24, action = Fra.FR_ACT_TO_TBL });
        batch.Attribute(Fra.FRA_SRC, IPAddress.Parse("10.1.0.0"));
        batch.Attribute(Fra.FRA_TABLE, 1000);
        batch.Attribute(Fra.FRA_PRIORITY, 7);
    });

    internal static byte[] Qdisc { get; } = Body(batch =>
    {
        batch.Begin(Tc.RTM_GETQDISC, 0, new tcmsg { tcm_ifindex = QdiscLink, tcm_parent = Tc.TC_H_ROOT });
        batch.Attribute(Tc.TCA_KIND, "tbf");
        using NetlinkBatch.Nest options = batch.Nested(Tc.TCA_OPTIONS);
        batch.Attribute(Tc.TCA_TBF_PARMS, new tc_tbf_qopt { limit = 9000, buffer = 100 });
        batch.Attribute(Tc.TCA_TBF_RATE64, 1UL << 33);
    });

    internal static byte[] Connection { get; } = Body(batch =>
    {
        batch.Begin(Ct.IPCTNL_MSG_CT_NEW, 0, new nfgenmsg { nfgen_family = (byte)(int)LibC.AF_INET });
        using (batch.Nested(Ct.CTA_TUPLE_ORIG))
        {
            using (batch.Nested(Ct.CTA_TUPLE_IP))
            {
                batch.Attribute(Ct.CTA_IP_V4_DST, IPAddress.Parse("10.1.0.1"));
            }

            using NetlinkBatch.Nest protocol = batch.Nested(Ct.CTA_TUPLE_PROTO);
            batch.Attribute(Ct.CTA_PROTO_NUM, (byte)17);
            batch.Attribute(Ct.CTA_PROTO_DST_PORT, (ushort)0x3500);
        }

        batch.AttributeBigEndian(Ct.CTA_ID, 77u);
    });

    /// <summary>What stands behind nlmsghdr in messages that iproute2 sends (iproute2.txt): they look as the kernel's do.</summary>
    internal static IReadOnlyList<byte[]> Route(params ushort[] types)
    {
        using StreamReader reader = new(typeof(WireSamples).Assembly.GetManifestResourceStream("iproute2.txt")!);
        IEnumerable<byte[]> messages = reader.ReadToEnd().Split('\n').Where(line => line.Contains(' ') && !line.StartsWith('#'))
            .Select(line => Convert.FromHexString(line[(line.IndexOf(' ') + 1)..].Trim()));
        List<byte[]> bodies = [.. messages.Where(message => types.Contains(BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(4)))).Select(message => message[16..])];
        if (types.Contains(Rt.RTM_NEWROUTE))
        {
            bodies.Add(SeveralHops);
        }

        return bodies;
    }

    /// <summary>What stands behind nlmsghdr in messages that nft sends (NftCaptured).</summary>
    internal static IReadOnlyList<byte[]> Nftables(ushort type) =>
    [
        .. NftCaptured.Messages.Values.SelectMany(messages => messages).Select(message => message.Split(' '))
            .Where(parts => ushort.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == (type & 0xff)).Select(parts => Convert.FromHexString(parts[2])),
    ];

    private static byte[] SeveralHops => Body(batch =>
    {
        batch.Begin(Rt.RTM_NEWROUTE, 0, new rtmsg { rtm_family = (byte)(int)LibC.AF_INET, rtm_type = Rt.RTN_UNICAST, rtm_dst_len = 16 });
        batch.Attribute(Rt.RTA_DST, IPAddress.Parse("10.9.0.0"));
        byte[] hop = [16, 0, 0, 0, .. Int(4), .. Attribute(Rt.RTA_GATEWAY, [10, 7, 0, 9])];
        batch.Attribute(Rt.RTA_MULTIPATH, (ReadOnlySpan<byte>)[.. hop, .. hop]);
    });

    private static byte[] Dhcp(DhcpMessageType type) => new DhcpMessage
    {
        IsReply = true,
        TransactionId = 0,
        YourAddress = IPAddress.Parse("10.1.0.9"),
        Mac = Mac,
        Options = new DhcpOptions().Set(DhcpOptionCode.MessageType, [(byte)type]).Set(DhcpOptionCode.ServerIdentifier, IPAddress.Parse("10.1.0.1"))
            .Set(DhcpOptionCode.LeaseTime, [0, 0, 0, 60]).Set(DhcpOptionCode.RenewalTime, [0, 0, 0, 20]).Set(DhcpOptionCode.RebindingTime, [0, 0, 0, 40])
            .Set(DhcpOptionCode.SubnetMask, [255, 255, 255, 0]).Set(DhcpOptionCode.Router, [10, 1, 0, 1, 10, 1, 0, 2])
            .Set(DhcpOptionCode.StaticRoutes, [10, 2, 0, 0, 10, 1, 0, 1]).Set(DhcpOptionCode.ClasslessRoutes, [24, 10, 3, 0, 10, 1, 0, 1, 0, 10, 1, 0, 1]),
    }.ToBytes();

    private static byte[] FromServer(byte[] message)
    {
        byte[] packet = DhcpPacket.Wrap(IPAddress.Parse("10.1.0.1"), IPAddress.Broadcast, message);
        (packet[21], packet[23]) = (DhcpPacket.ServerPort, DhcpPacket.ClientPort);
        return packet;
    }

    // Header fields: the serial that it answers (5), and its signature (8).
    private static byte[] Answer(byte type, char signature, byte[] body) =>
        [(byte)'l', type, 0, 1, .. Int(body.Length), .. Int(9), .. Int(15), 5, 1, (byte)'u', 0, .. Int(1), 8, 1, (byte)'g', 0, 1, (byte)signature, 0, 0, .. body];

    private static byte[] Message(ushort type, int flags, byte[] body) =>
        [.. Int(16 + body.Length), (byte)type, (byte)(type >> 8), (byte)flags, (byte)(flags >> 8), .. new byte[8], .. body];

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        byte[] bytes = new byte[4 + ((value.Length + 3) & ~3)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), type);
        value.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    private static byte[] Int(int number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24)];

    private static byte[] Body(Action<NetlinkBatch> write)
    {
        NetlinkBatch batch = new();
        write(batch);
        return batch.Bytes[16..].ToArray();
    }
}
