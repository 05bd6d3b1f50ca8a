using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Ports;

namespace CniPS.Diagnosis;

/// <summary>Follows a packet to a published port of the host: from a namespace, or from somebody outside, who comes in by the uplink.</summary>
internal static class PublishedPath
{
    internal static PathReport Follow(MachineView machine, PathQuestion question, ushort port)
    {
        PathQuestion asked = question with { Protocol = question.Protocol == ProtocolType.Udp ? ProtocolType.Udp : ProtocolType.Tcp, Port = port };
        HostPort? wanted = HostPorts.List(machine.Machine, machine.Attachments, static _ => { })
            .FirstOrDefault(published => published.Port == port && published.Protocol == asked.Protocol);
        NamespaceView host = machine.Host;
        string name = $"{host.Name} port {port}";
        PathEnd? from = question.From is null ? null : new PathEnds(machine).Find(question.From);
        IPAddress? address = wanted?.HostAddress ?? AddressFor(machine, from);
        Journey journey = new() { IsFromAnybody = from is null };
        if (address is null || host.HolderOf(address) is null)
        {
            Cause gone = new("HostAddressMissing", host.Name, $"{host.Name} lacks {address}, on which port {port} is published", $"ip addr add {address} dev <interface>");
            journey.Drop(host, "", "address", gone, gone.Message, ConnectionDiagnosis.Packet(asked, IPAddress.Any, address ?? IPAddress.Any, port));
            return new PathReport(from?.Name ?? "outside", name, journey.Hops) { Destination = address };
        }

        PathWalker walker = new(machine, journey);
        NamespaceView start;
        FilteredPacket packet;
        if (from is { View: { } view })
        {
            start = view;
            packet = ConnectionDiagnosis.Packet(asked, view.Namespace.Decide(new RouteQuery(address)).Source ?? IPAddress.Any, address, port);
            walker.Send(view, packet);
        }
        else
        {
            start = host;
            Link uplink = host.HolderOf(address)!;
            packet = ConnectionDiagnosis.Packet(asked, Strangers.Of(host, host.Addresses.First(held => held.Address.Address.Equals(address))), address, port);
            walker.Receive(host, uplink, packet);
        }

        Judge(machine, journey, walker, wanted, port, packet);
        ReturnPath.Follow(machine, journey, walker, start, packet, from is null ? host.HolderOf(address) : null);
        PathReport report = new(from?.Name ?? "outside", name, journey.Hops) { Source = packet.Source, Destination = address };
        return question.Probes && from is not null ? ConnectionProbe.Check(machine, report, start, packet) : report;
    }

    // It has come to the host itself, where nothing listens: the rule that sends it on is missing.
    private static void Judge(MachineView machine, Journey journey, PathWalker walker, HostPort? wanted, ushort port, FilteredPacket packet)
    {
        if (walker.Arrival is not var (view, _) || !view.IsHost || journey.Hops[^1] is not { Verdict: HopVerdict.Dropped, Cause.Id: "NotListening" })
        {
            return;
        }

        journey.Hops.RemoveAt(journey.Hops.Count - 1);
        Cause cause = wanted is null
            ? new Cause("PortNotPublished", view.Name, $"port {port} of {view.Name} leads to no container", $"Add-CniAttachment … -PortMapping {port}:<container's port>")
            : Mended(machine, new Cause("PortMappingMissing", view.Name, $"port {port} of {view.Name} should lead to {wanted.Target}, but no rule sends it there", $"Repair-CniAttachment -ContainerId {wanted.ContainerId} -Network {wanted.Network}"), wanted);
        journey.Drop(view, "", "nat", cause, "no rule of the hook prerouting translates it", packet);
    }

    private static Cause Mended(MachineView machine, Cause cause, HostPort wanted) =>
        wanted.Attachment is { } attachment ? cause with { Repair = AttachmentDrift.Repairs(machine, attachment) } : cause;

    private static IPAddress? AddressFor(MachineView machine, PathEnd? from)
    {
        NamespaceView host = machine.Host;
        IEnumerable<InterfaceAddress> candidates = host.Addresses.Where(address => address.IsGlobal && !address.Address.IsV6 && host.Find(address.LinkIndex) is { IsLoopback: false });
        return (from is null ? null : candidates.FirstOrDefault(address => from.Subnets.Any(subnet => !subnet.Address.Equals(IPAddress.Any) && subnet.Contains(address.Address.Address))))?.Address.Address
            ?? candidates.OrderBy(address => host.Find(address.LinkIndex)!.Kind == "bridge").FirstOrDefault()?.Address.Address;
    }
}
