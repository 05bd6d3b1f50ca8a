using System;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Conntrack;

/// <summary>Where a connection's sender wanted to go, and by what the kernel knows the connection.</summary>
internal sealed class ConntrackTuple
{
    internal byte Family { get; private init; }

    internal byte Protocol { get; private set; }

    internal IPAddress? Address { get; private set; }

    internal ushort Port { get; private set; }

    // CTA_TUPLE_ORIG, CTA_ID and CTA_ZONE as the kernel sent them.
    private byte[] _original = [];
    private byte[]? _id;
    private byte[]? _zone;

    /// <summary>Reads what stands behind nlmsghdr in an IPCTNL_MSG_CT_NEW message.</summary>
    internal static ConntrackTuple Read(ReadOnlySpan<byte> body)
    {
        ConntrackTuple tuple = new() { Family = NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes).nfgen_family };
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Ct.CTA_TUPLE_ORIG:
                    tuple._original = attributes.Value.ToArray();
                    tuple.ReadOriginal(attributes.Nested);
                    break;
                case Ct.CTA_ID: tuple._id = attributes.Value.ToArray(); break;
                case Ct.CTA_ZONE: tuple._zone = attributes.Value.ToArray(); break;
            }
        }

        return tuple;
    }

    /// <summary>Writes a message that deletes this connection, and no later one of the same kind.</summary>
    internal void WriteDelete(NetlinkBatch request)
    {
        request.Clear();
        request.Begin(Ct.IPCTNL_MSG_CT_DELETE, Nl.NLM_F_ACK, new nfgenmsg { nfgen_family = Family });
        request.Attribute(Ct.CTA_TUPLE_ORIG | Nl.NLA_F_NESTED, _original);
        if (_id is not null)
        {
            request.Attribute(Ct.CTA_ID, _id);
        }

        if (_zone is not null)
        {
            request.Attribute(Ct.CTA_ZONE, _zone);
        }
    }

    private void ReadOriginal(NetlinkAttributes tuple)
    {
        while (tuple.Next())
        {
            NetlinkAttributes part = tuple.Nested;
            bool isAddress = tuple.Type == Ct.CTA_TUPLE_IP;
            while (part.Next())
            {
                switch (isAddress, part.Type)
                {
                    case (true, Ct.CTA_IP_V4_DST or Ct.CTA_IP_V6_DST): Address = part.Address; break;
                    case (false, Ct.CTA_PROTO_NUM): Protocol = part.U8; break;
                    case (false, Ct.CTA_PROTO_DST_PORT): Port = part.BigEndian16; break;
                }
            }
        }
    }
}
