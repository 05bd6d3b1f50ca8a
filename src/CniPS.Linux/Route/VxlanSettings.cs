using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>
/// A link whose frames travel in UDP packets to other machines (VXLAN, RFC 7348): which machine, its forwarding database says
/// (<see cref="ForwardingEntry"/>).
/// </summary>
/// <param name="Id">The network (VNI), 1 to 16,777,215.</param>
/// <param name="Local">The address that the packets come from; null for whichever suits.</param>
/// <param name="Device">The link that they leave by; null for whichever suits. The kernel tells it without its name.</param>
/// <param name="Port">The UDP port, here and there; the kernel's default, 8472, is another than IANA's, 4789.</param>
/// <param name="Learning">Whether it notes from which machine a frame came.</param>
public sealed record VxlanSettings(int Id, IPAddress? Local, LinkId? Device, ushort Port = VxlanSettings.DefaultPort, bool Learning = false) : LinkSettings(KindName)
{
    /// <summary>The kernel's default port.</summary>
    public const ushort DefaultPort = 8472;

    /// <summary>What a packet's way costs of the MTU below: the outer headers, and the frame's own.</summary>
    /// <param name="family">Of the outer header.</param>
    public static int Overhead(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? 70 : 50;

    internal const string KindName = "vxlan";

    /// <inheritdoc/>
    public override string Text => TextFor(static name => name);

    /// <inheritdoc/>
    public bool Equals(VxlanSettings? other) => other is not null && Id == other.Id && Equals(Local, other.Local)
        && Device?.Index == other.Device?.Index && Port == other.Port && Learning == other.Learning;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Local, Device?.Index, Port, Learning);

    internal override string TextFor(Func<string, string> quote) =>
        $"vxlan id {Id}{(Local is null ? "" : $" local {Local}")}{(Device is { } device ? $" dev {quote(device.Name)}" : "")} dstport {Port} {(Learning ? "learning" : "nolearning")}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Attribute(If.IFLA_VXLAN_ID, Id);
        if (Device is { } device)
        {
            batch.Attribute(If.IFLA_VXLAN_LINK, device.Index);
        }

        if (Local is not null)
        {
            batch.Attribute(Local.AddressFamily == AddressFamily.InterNetworkV6 ? If.IFLA_VXLAN_LOCAL6 : If.IFLA_VXLAN_LOCAL, Local);
        }

        batch.Attribute(If.IFLA_VXLAN_LEARNING, (byte)(Learning ? 1 : 0));
        batch.Attribute(If.IFLA_VXLAN_PORT, BinaryPrimitives.ReverseEndianness(Port));
    }

    internal static VxlanSettings Read(NetlinkAttributes data)
    {
        int id = 0, device = 0;
        ushort port = 0;
        bool learning = false;
        IPAddress? local = null;
        while (data.Next())
        {
            switch (data.Type)
            {
                case If.IFLA_VXLAN_ID: id = data.S32; break;
                case If.IFLA_VXLAN_LINK: device = data.S32; break;
                case If.IFLA_VXLAN_LOCAL or If.IFLA_VXLAN_LOCAL6: local = data.Address; break;
                case If.IFLA_VXLAN_LEARNING: learning = data.U8 != 0; break;
                case If.IFLA_VXLAN_PORT: port = data.BigEndian16; break;
            }
        }

        return new VxlanSettings(id, local, device == 0 ? null : new LinkId("", device), port, learning);
    }
}
