using System;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>An address on an interface (RTM_NEWADDR, rtnetlink(7)).</summary>
/// <param name="Address">The address with the length of its subnet.</param>
/// <param name="LinkIndex">The interface's index.</param>
/// <param name="Scope">0 global, 253 link, 254 host (rt_scope_t).</param>
/// <param name="IsTentative">IPv6: duplicate address detection is not over.</param>
/// <param name="IsDuplicate">IPv6: duplicate address detection found another holder.</param>
public sealed record InterfaceAddress(IpPrefix Address, int LinkIndex, byte Scope = 0, bool IsTentative = false, bool IsDuplicate = false)
{
    /// <summary>Whether it is of global scope.</summary>
    public bool IsGlobal => Scope == Rt.RT_SCOPE_UNIVERSE;

    internal static InterfaceAddress Read(ReadOnlySpan<byte> body)
    {
        ifaddrmsg header = NetlinkMessage.Split<ifaddrmsg>(body, out NetlinkAttributes attributes);
        IPAddress? address = null, local = null;
        uint flags = header.ifa_flags;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case If.IFA_ADDRESS: address = attributes.Address; break;
                case If.IFA_LOCAL: local = attributes.Address; break;
                case If.IFA_FLAGS: flags = attributes.U32; break;
            }
        }

        return new InterfaceAddress(
            IpPrefix.OfKernel(local ?? address ?? IPAddress.None, header.ifa_prefixlen),
            (int)header.ifa_index,
            header.ifa_scope,
            (flags & If.IFA_F_TENTATIVE) != 0,
            (flags & If.IFA_F_DADFAILED) != 0);
    }
}
