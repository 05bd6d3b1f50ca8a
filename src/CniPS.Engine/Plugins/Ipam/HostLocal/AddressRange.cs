using System;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>Addresses to give out: from <see cref="Start"/> to <see cref="End"/>, both included, without the gateway.</summary>
internal sealed record AddressRange
{
    private AddressRange(IpPrefix subnet, IPAddress gateway, UInt128 start, UInt128 end)
    {
        Subnet = subnet;
        Gateway = gateway;
        Start = start;
        End = end;
    }

    internal IpPrefix Subnet { get; }

    internal IPAddress Gateway { get; }

    internal UInt128 Start { get; }

    internal UInt128 End { get; }

    /// <summary>Completes and checks a range; the messages are host-local's own.</summary>
    /// <exception cref="FormatException">It is not right.</exception>
    internal static AddressRange Create(IpPrefix subnet, IPAddress? rangeStart, IPAddress? rangeEnd, IPAddress? gateway)
    {
        if (IpText.Bits(subnet.Family) - subnet.Length < 2)
        {
            throw new FormatException($"Network {subnet} too small to allocate from");
        }

        if (subnet.Network != subnet)
        {
            throw new FormatException(
                $"Network has host bits set. For a subnet mask of length {subnet.Length} the network address is {subnet.Network.Address}");
        }

        UInt128 first = IpNumber.Of(subnet.Address) + 1;
        UInt128 last = IpNumber.Last(subnet) - (subnet.IsV6 ? UInt128.Zero : UInt128.One);
        UInt128 start = Bound(subnet, rangeStart, "RangeStart") ?? first;
        UInt128 end = Bound(subnet, rangeEnd, "RangeEnd") ?? last;
        if (start > end)
        {
            throw new FormatException($"RangeStart {rangeStart} is behind RangeEnd {IpNumber.ToAddress(end, subnet.Family)}");
        }

        return new AddressRange(subnet, gateway ?? IpNumber.ToAddress(first, subnet.Family), start, end);
    }

    internal bool Contains(IPAddress address)
    {
        UInt128 number = IpNumber.Of(address);
        return address.AddressFamily == Subnet.Family && number >= Start && number <= End;
    }

    internal bool Overlaps(AddressRange other) => Subnet.Family == other.Subnet.Family && Start <= other.End && other.Start <= End;

    public override string ToString() => $"{IpNumber.ToAddress(Start, Subnet.Family)}-{IpNumber.ToAddress(End, Subnet.Family)}";

    private static UInt128? Bound(IpPrefix subnet, IPAddress? address, string name) =>
        address is null ? null
        : subnet.Contains(address) ? IpNumber.Of(address)
        : throw new FormatException($"{name} {address} not in network {subnet}");
}
