using System;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>Addresses to give out: from <see cref="Start"/> to <see cref="End"/>, both included, without the gateway.</summary>
internal sealed record AddressRange
{
    private AddressRange(IpPrefix subnet, IPAddress gateway, IpNumber start, IpNumber end)
    {
        Subnet = subnet;
        Gateway = gateway;
        Start = start;
        End = end;
    }

    internal IpPrefix Subnet { get; }

    internal IPAddress Gateway { get; }

    internal IpNumber Start { get; }

    internal IpNumber End { get; }

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

        IpNumber first = IpNumber.Of(subnet.Address).Next();
        IpNumber last = subnet.IsV6 ? IpNumber.LastOf(subnet) : IpNumber.LastOf(subnet).Previous();
        IpNumber start = Bound(subnet, rangeStart, "RangeStart") ?? first;
        IpNumber end = Bound(subnet, rangeEnd, "RangeEnd") ?? last;
        if (start > end)
        {
            throw new FormatException($"RangeStart {rangeStart} is behind RangeEnd {end.ToAddress(subnet.Family)}");
        }

        return new AddressRange(subnet, gateway ?? first.ToAddress(subnet.Family), start, end);
    }

    internal bool Contains(IPAddress address)
    {
        IpNumber number = IpNumber.Of(address);
        return address.AddressFamily == Subnet.Family && number >= Start && number <= End;
    }

    internal bool Overlaps(AddressRange other) => Subnet.Family == other.Subnet.Family && Start <= other.End && other.Start <= End;

    public override string ToString() => $"{Start.ToAddress(Subnet.Family)}-{End.ToAddress(Subnet.Family)}";

    private static IpNumber? Bound(IpPrefix subnet, IPAddress? address, string name) =>
        address is null ? null
        : subnet.Contains(address) ? IpNumber.Of(address)
        : throw new FormatException($"{name} {address} not in network {subnet}");
}
