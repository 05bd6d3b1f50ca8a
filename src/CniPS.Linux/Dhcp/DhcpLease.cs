using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Numerics;
using CniPS.Linux.Route;

namespace CniPS.Linux.Dhcp;

/// <summary>A route that a server gives.</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="Router">The next hop; 0.0.0.0 where the destination is on the link.</param>
public sealed record DhcpRoute(IpPrefix Destination, IPAddress Router);

/// <summary>What a server has given (a DHCPACK).</summary>
public sealed record DhcpLease
{
    private static readonly TimeSpan s_defaultTime = TimeSpan.FromHours(1);

    private DhcpLease(DhcpMessage ack)
    {
        Address = ack.YourAddress;
        Options = ack.Options;
        Time = Span(DhcpOptionCode.LeaseTime) ?? s_defaultTime;
        bool forEver = Time == TimeSpan.MaxValue;
        Rebinding = Least(Span(DhcpOptionCode.RebindingTime) ?? (forEver ? Time : Time * 0.85), Time);
        Renewal = Least(Span(DhcpOptionCode.RenewalTime) ?? (forEver ? Time : Time / 2), Rebinding);
    }

    /// <summary>The address.</summary>
    public IPAddress Address { get; }

    /// <summary>All options.</summary>
    public DhcpOptions Options { get; }

    /// <summary>How long it lasts; an hour where the server doesn't say (as the Go plugin takes it).</summary>
    public TimeSpan Time { get; }

    /// <summary>After which time it is to be renewed (T1).</summary>
    public TimeSpan Renewal { get; }

    /// <summary>After which time any server is to be asked (T2).</summary>
    public TimeSpan Rebinding { get; }

    /// <summary>The server; null where it doesn't say.</summary>
    public IPAddress? Server => Options.GetAddress(DhcpOptionCode.ServerIdentifier);

    /// <summary>The address with its subnet's length; null where the server gives no mask, or one with gaps.</summary>
    public IpPrefix? Prefix
    {
        get
        {
            if (Options[DhcpOptionCode.SubnetMask] is not { Length: 4 } bytes)
            {
                return null;
            }

            uint mask = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            int length = BitOperations.LeadingZeroCount(~mask);
            return length == BitOperations.PopCount(mask) ? new IpPrefix(Address, length) : null;
        }
    }

    /// <summary>The first router, or null.</summary>
    public IPAddress? Gateway => Options.GetAddress(DhcpOptionCode.Router);

    /// <summary>The routes: those with prefix lengths alone (RFC 3442), else classful ones and the default route by the first router.</summary>
    public IReadOnlyList<DhcpRoute> Routes
    {
        get
        {
            List<DhcpRoute> routes = Classless(Options[DhcpOptionCode.ClasslessRoutes]);
            if (routes.Count == 0)
            {
                routes = Classful(Options[DhcpOptionCode.StaticRoutes]);
                if (Gateway is { } gateway)
                {
                    routes.Add(new DhcpRoute(IpPrefix.Default(System.Net.Sockets.AddressFamily.InterNetwork), gateway));
                }
            }

            return routes;
        }
    }

    /// <summary>The lease that a DHCPACK gives.</summary>
    internal static DhcpLease From(DhcpMessage ack) => new(ack);

    // Destination descriptors: length, as many bytes as that needs, router. One that is cut off ends the list.
    private static List<DhcpRoute> Classless(ReadOnlySpan<byte> value)
    {
        List<DhcpRoute> routes = [];
        while (!value.IsEmpty && value[0] <= 32)
        {
            int bytes = (value[0] + 7) / 8;
            if (value.Length < 1 + bytes + 4)
            {
                break;
            }

            byte[] destination = new byte[4];
            value.Slice(1, bytes).CopyTo(destination);
            routes.Add(new DhcpRoute(new IpPrefix(new IPAddress(destination), value[0]).Network, new IPAddress(value.Slice(1 + bytes, 4))));
            value = value[(5 + bytes)..];
        }

        return routes;
    }

    private static List<DhcpRoute> Classful(ReadOnlySpan<byte> value)
    {
        List<DhcpRoute> routes = [];
        for (; value.Length >= 8; value = value[8..])
        {
            int length = value[0] switch { < 128 => 8, < 192 => 16, _ => 24 };
            routes.Add(new DhcpRoute(new IpPrefix(new IPAddress(value[..4]), length), new IPAddress(value.Slice(4, 4))));
        }

        return routes;
    }

    private TimeSpan? Span(byte code) => Options.GetSeconds(code) switch
    {
        null => null,
        uint.MaxValue => TimeSpan.MaxValue, // for ever (RFC 2131, 3.3)
        uint seconds => TimeSpan.FromSeconds(seconds),
    };

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
