using System;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Gives a link an address (RTM_NEWADDR). An IPv4 subnet of more than two addresses gets its broadcast address.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The link.</param>
/// <param name="Address">The address with its subnet's length.</param>
/// <param name="NoDuplicateDetection">IPv6: usable at once, without duplicate address detection (IFA_F_NODAD).</param>
public sealed record AddressAdd(NetworkNamespace Namespace, LinkId Link, IpPrefix Address, bool NoDuplicateDetection = false)
    : RouteChange(Namespace)
{
    /// <summary>Without the route to the address's subnet that the kernel makes by itself (IFA_F_NOPREFIXROUTE).</summary>
    public bool NoPrefixRoute { get; init; }

    private uint Flags => (NoDuplicateDetection ? If.IFA_F_NODAD : 0) | (NoPrefixRoute ? If.IFA_F_NOPREFIXROUTE : 0);

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(
        Namespace,
        $"addr add {Address}{(AddressMessage.HasBroadcast(Address) ? " brd +" : "")} dev {ShellText.Quote(Link.Name)}"
        + $"{(NoDuplicateDetection ? " nodad" : "")}{(NoPrefixRoute ? " noprefixroute" : "")}");

    /// <inheritdoc/>
    public override string Operation => $"add address {Address} to {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        AddressMessage.Begin(batch, Rt.RTM_NEWADDR, Nl.NLM_F_CREATE | Nl.NLM_F_EXCL, Link, Address, Flags);
        if (AddressMessage.HasBroadcast(Address))
        {
            Span<byte> bytes = stackalloc byte[4];
            Address.Address.TryWriteBytes(bytes, out _);
            for (int i = 0; i < 4; i++)
            {
                bytes[i] |= (byte)(0xff >> Math.Clamp(Address.Length - (i * 8), 0, 8));
            }

            batch.Attribute(If.IFA_BROADCAST, bytes);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, new AddressDelete(Namespace, Link, Address));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasAddress(Link.Name, Address);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).AddAddress(Operation, Link.Name, Address);
        return new Applied(this, new AddressDelete(Namespace, Link, Address));
    }
}

/// <summary>Takes an address from a link (RTM_DELADDR). One that is gone already counts as taken.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The link.</param>
/// <param name="Address">The address with its subnet's length.</param>
public sealed record AddressDelete(NetworkNamespace Namespace, LinkId Link, IpPrefix Address) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"addr del {Address} dev {ShellText.Quote(Link.Name)}");

    /// <inheritdoc/>
    public override string Operation => $"delete address {Address} from {Link.Name}";

    internal override void Write(NetlinkBatch batch) => AddressMessage.Begin(batch, Rt.RTM_DELADDR, 0, Link, Address);

    internal override Applied Made(in NetlinkReply reply) => new(this, new AddressAdd(Namespace, Link, Address));

    internal override bool Tolerates(int errno) => errno is Errno.EADDRNOTAVAIL or Errno.ENODEV;

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).HasAddress(Link.Name, Address);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveAddress(Link.Name, Address);
        return new Applied(this, new AddressAdd(Namespace, Link, Address));
    }
}

/// <summary>What both messages share.</summary>
internal static class AddressMessage
{
    internal static bool HasBroadcast(IpPrefix address) => !address.IsV6 && address.Length < 31;

    internal static void Begin(NetlinkBatch batch, ushort type, ushort flags, LinkId link, IpPrefix address, uint addressFlags = 0)
    {
        batch.Begin(type, (ushort)(flags | Nl.NLM_F_ACK), new ifaddrmsg
        {
            ifa_family = (byte)(address.IsV6 ? LibC.AF_INET6 : LibC.AF_INET),
            ifa_prefixlen = (byte)address.Length,
            ifa_flags = addressFlags <= byte.MaxValue ? (byte)addressFlags : (byte)0,
            ifa_index = (uint)link.Index,
        });
        batch.Attribute(If.IFA_LOCAL, address.Address);
        batch.Attribute(If.IFA_ADDRESS, address.Address);
        if (addressFlags > byte.MaxValue)
        {
            batch.Attribute(If.IFA_FLAGS, addressFlags);
        }
    }
}
