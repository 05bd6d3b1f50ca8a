using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>Whether one reaches another, by what is read.</summary>
/// <param name="IsOpen">Whether; null where it can't be told.</param>
/// <param name="Reason">By what, or why not.</param>
public sealed record Reach(bool? IsOpen, string Reason)
{
    /// <summary>The address under which the host sends it on, where that is not the sender's own; null for none.</summary>
    public IPAddress? TranslatedTo { get; init; }
}

/// <summary>
/// Tells of many who reaches whom: each namespace is looked at once, and nothing is sent. What is followed is an echo of ICMP, there and back.
/// </summary>
internal sealed class ReachSurvey : IDisposable
{
    private static readonly PathQuestion s_echo = new(null, null);

    private readonly MachineView _machine;
    private readonly Lazy<IReadOnlyList<(Link Link, InterfaceAddress Held)>> _uplinks;

    internal ReachSurvey(IHost host, IReadOnlyList<CachedAttachment> attachments)
    {
        _machine = new MachineView(host, attachments);
        _uplinks = new(FindUplinks);
    }

    /// <summary>The host's addresses that are not of a container's network, with their links: by these others come.</summary>
    internal IReadOnlyList<(Link Link, InterfaceAddress Held)> Uplinks => _uplinks.Value;

    /// <summary>Whether an attachment's container is there.</summary>
    internal bool IsAlive(CachedAttachment attachment) => _machine.At(attachment.NetNS) is not null && Addresses(attachment).Any();

    /// <summary>Whether one container reaches another.</summary>
    internal Reach Between(CachedAttachment from, CachedAttachment to)
    {
        foreach (IPAddress source in Addresses(from))
        {
            if (Addresses(to).FirstOrDefault(address => address.AddressFamily == source.AddressFamily) is { } destination && _machine.At(from.NetNS) is { } view)
            {
                return Send(view, source, destination);
            }
        }

        return new Reach(null, "they have no addresses of the same family");
    }

    /// <summary>Whether the host reaches a container.</summary>
    internal Reach FromHost(CachedAttachment to)
    {
        IPAddress destination = Addresses(to).First();
        return Send(_machine.Host, _machine.Host.Namespace.Decide(new RouteQuery(destination)).Source ?? None(destination), destination);
    }

    /// <summary>Whether a container reaches the host, by the first address that it is given for a gateway, or one of the host's own.</summary>
    internal Reach ToHost(CachedAttachment from)
    {
        IPAddress source = Addresses(from).First();
        IPAddress? destination = from.Result?.Ips.Select(static ip => ip.Gateway).FirstOrDefault(gateway => gateway?.AddressFamily == source.AddressFamily && _machine.Host.HolderOf(gateway) is not null)
            ?? Uplinks.Select(static uplink => uplink.Held.Address.Address).FirstOrDefault(address => address.AddressFamily == source.AddressFamily);
        return destination is null || _machine.At(from.NetNS) is not { } view ? new Reach(null, "the host has no address of that family") : Send(view, source, destination);
    }

    /// <summary>Whether somebody outside, who sends to a container's own address by way of the host, reaches it.</summary>
    internal Reach FromOutside(CachedAttachment to)
    {
        if (Of(to) is not var (uplink, held, address))
        {
            return new Reach(false, "nobody comes in by the host");
        }

        IPAddress stranger = Strangers.Of(_machine.Host, held);
        FilteredPacket packet = ConnectionDiagnosis.Packet(s_echo, stranger, address, 0);
        Journey journey = new();
        PathWalker walker = new(_machine, journey);
        walker.Receive(_machine.Host, uplink, packet);
        ReturnPath.Follow(_machine, journey, walker, _machine.Host, packet, uplink);
        return Judge(journey, $"by {uplink.Name}, for whoever on {held.Address.Network} sends to {address} by {held.Address.Address}");
    }

    /// <summary>Whether a container reaches somebody outside.</summary>
    internal Reach ToOutside(CachedAttachment from)
    {
        if (Of(from) is not var (uplink, held, address) || _machine.At(from.NetNS) is not { } view)
        {
            return new Reach(false, "the host leads nowhere");
        }

        FilteredPacket packet = ConnectionDiagnosis.Packet(s_echo, address, Strangers.Of(_machine.Host, held), 0);
        Journey journey = new();
        PathWalker walker = new(_machine, journey) { MadeUpBehind = (_machine.Host, uplink) };
        walker.Send(view, packet);
        Remembered? sentOn = journey.Connections.FirstOrDefault(connection => connection.Namespace == _machine.Host.Namespace.Id && connection.IsForwarded);
        IPAddress? translated = sentOn is null || sentOn.Translated.Source.Equals(address) ? null : sentOn.Translated.Source;
        return Judge(journey, $"by {uplink.Name}, {(translated is null ? $"under its own address, {address}" : $"as {translated}")}") with { TranslatedTo = translated };
    }

    private (Link Uplink, InterfaceAddress Held, IPAddress Address)? Of(CachedAttachment attachment)
    {
        foreach (IPAddress address in Addresses(attachment))
        {
            foreach ((Link link, InterfaceAddress held) in Uplinks)
            {
                if (held.Address.Address.AddressFamily == address.AddressFamily)
                {
                    return (link, held, address);
                }
            }
        }

        return null;
    }

    private Reach Send(NamespaceView view, IPAddress source, IPAddress destination)
    {
        FilteredPacket packet = ConnectionDiagnosis.Packet(s_echo, source, destination, 0);
        Journey journey = new();
        PathWalker walker = new(_machine, journey);
        walker.Send(view, packet);
        ReturnPath.Follow(_machine, journey, walker, view, packet);
        bool isForwarded = journey.Hops.Exists(hop => !hop.IsBack && hop.Stage == "route" && hop.Namespace == _machine.Host.Name) && view != _machine.Host;
        return Judge(journey, isForwarded ? "the host sends it on" : "directly");
    }

    // A container that is there and answers no echoes is reached all the same.
    private static Reach Judge(Journey journey, string how)
    {
        Hop? end = journey.Hops.Find(static hop => hop.Verdict == HopVerdict.Dropped);
        return end is { Cause.Id: "EchoIgnored" } ? new Reach(true, how)
            : end is not null ? new Reach(false, end.Cause?.Message ?? end.Decision)
            : journey.Hops.Find(static hop => hop.Verdict == HopVerdict.Unknown) is { } doubt ? new Reach(null, $"{doubt.Decision}: {doubt.Evidence}")
            : new Reach(true, how);
    }

    private static IEnumerable<IPAddress> Addresses(CachedAttachment attachment) =>
        (attachment.Result?.Ips ?? []).Where(static ip => ip.Address is not null).Select(static ip => ip.Address!.Value.Address).OrderBy(static address => address.AddressFamily != AddressFamily.InterNetwork);

    private static IPAddress None(IPAddress destination) => destination.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    // Those of bridges and pairs that containers are on are their networks'.
    private List<(Link, InterfaceAddress)> FindUplinks()
    {
        HashSet<IPAddress> gateways = [.. _machine.Attachments.SelectMany(static attachment => attachment.Result?.Ips ?? []).Select(static ip => ip.Gateway).OfType<IPAddress>()];
        List<IPAddress> containers = [.. _machine.Attachments.SelectMany(Addresses)];
        List<(Link, InterfaceAddress)> found = [];
        foreach (InterfaceAddress held in _machine.Host.Addresses)
        {
            bool isContainers = gateways.Contains(held.Address.Address) || containers.Exists(address => held.Address.Length < IpText.Bits(held.Address.Family) && held.Address.Network.Contains(address));
            if (held.IsGlobal && !isContainers && _machine.Host.Find(held.LinkIndex) is { IsLoopback: false, IsUp: true } link)
            {
                found.Add((link, held));
            }
        }

        return found;
    }

    public void Dispose() => _machine.Dispose();
}
