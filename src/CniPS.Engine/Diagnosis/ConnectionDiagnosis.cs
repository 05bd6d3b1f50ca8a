using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Diagnosis;

/// <summary>
/// Tells whether one can reach another, and if not, where the packet dies and what mends it: a packet is followed from namespace to namespace, and its answer back, by
/// what the kernel answers (routes, neighbours, forwarding databases) and by the rules that it holds. Where that is wanted, a real packet is sent as well, and what became
/// of it is held against what was read. Nothing is changed.
/// </summary>
public static class ConnectionDiagnosis
{
    private const ushort AnyClientPort = 54321;

    private static readonly AddressFamily[] s_families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    /// <summary>Follows a packet there and back, for each version of IP that both ends have.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    /// <param name="question">Who is to reach whom.</param>
    /// <returns>One report for each version of IP.</returns>
    /// <exception cref="CniException">An end is nothing, or this process may not look.</exception>
    public static IReadOnlyList<PathReport> Follow(IHost host, IReadOnlyList<CachedAttachment> attachments, PathQuestion question)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        ArgumentNullException.ThrowIfNull(question);
        try
        {
            using MachineView machine = new(host, attachments) { Asks = question.Probes };
            return question.Published is { } port ? [PublishedPath.Follow(machine, question, port)] : Follow(machine, question);
        }
        catch (Linux.LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    private static List<PathReport> Follow(MachineView machine, PathQuestion question)
    {
        PathEnds ends = new(machine);
        PathEnd from = ends.Find(question.From ?? PathEnds.HostWord);
        string meant = question.To ?? PathEnds.HostWord;
        if (ends.TryFind(meant) is not { } to)
        {
            return DnsMessage.IsName(meant) && from.Fault is null ? Named(machine, question, from, meant) : throw PathEnds.NotFound(meant);
        }

        if ((from.Fault ?? to.Fault) is { } fault)
        {
            return [Dead(from, to, fault)];
        }

        List<PathReport> reports = [];
        foreach (AddressFamily family in s_families)
        {
            IReadOnlyList<IPAddress> there = to.Addresses(family);
            bool isMeant = there.Count > 0 && (to.Address is not null || from.Addresses(family).Count > 0);
            if (isMeant)
            {
                reports.Add(Follow(machine, question, from, to, Best(from, there)));
            }
        }

        return reports.Count > 0 ? reports
            : RouteCauses.OwnFault(machine, to.View ?? machine.Host) is { } own ? [Dead(from, to, own)]
            : throw new CniException(RuntimeErrorIds.NoCommonFamily, CniErrorCode.Unknown, $"{from.Name} and {to.Name} have no addresses of the same family")
            {
                RecommendedAction = "Give an address to -To.",
                Target = to.Name,
            };
    }

    // A name is looked for first; then it is an address like any other.
    private static List<PathReport> Named(MachineView machine, PathQuestion question, PathEnd from, string name)
    {
        PathEnds ends = new(machine);
        NamedPath search = new(machine, question, from, name);
        search.Find(server => Follow(machine, question with { Protocol = ProtocolType.Udp, Port = 53, Probes = false }, from, ends.At(server.ToString(), server), server));
        List<IPAddress> meant = [.. s_families.Select(family => search.Addresses.Where(address => address.AddressFamily == family).ToList())
            .Where(static addresses => addresses.Count > 0).Select(addresses => Best(from, addresses))];
        bool hasOwn = meant.Exists(address => from.Addresses(address.AddressFamily).Count > 0);
        return meant.Count == 0 ? [new PathReport(from.Name, name, search.Hops)]
            : [.. meant.Where(address => !hasOwn || from.Addresses(address.AddressFamily).Count > 0)
                .Select(address => Follow(machine, question, from, ends.At(name, address), address))
                .Select(report => report with { Hops = [.. search.Hops, .. report.Hops] })];
    }

    private static PathReport Follow(MachineView machine, PathQuestion question, PathEnd from, PathEnd to, IPAddress destination)
    {
        NamespaceView start = from.View ?? machine.Host;
        IPAddress none = destination.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        IPAddress? source = from.Address ?? start.Namespace.Decide(new RouteQuery(destination)).Source;
        FilteredPacket packet = Packet(question, source ?? none, destination, question.Port);
        Journey journey = new();
        PathWalker walker = new(machine, journey);
        walker.Send(start, packet);
        ReturnPath.Follow(machine, journey, walker, start, packet);
        PathReport report = new(from.Name, to.Name, journey.Hops) { Source = source, Destination = destination };
        return question.Probes ? ConnectionProbe.Check(machine, report, start, packet) : report;
    }

    internal static FilteredPacket Packet(PathQuestion question, IPAddress source, IPAddress destination, ushort port)
    {
        bool hasPorts = question.Protocol is ProtocolType.Tcp or ProtocolType.Udp;
        byte icmp = destination.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)58;
        return new FilteredPacket
        {
            Source = source,
            Destination = destination,
            Protocol = question.Protocol switch { ProtocolType.Tcp => 6, ProtocolType.Udp => 17, _ => icmp },
            SourcePort = hasPorts ? AnyClientPort : (ushort)0,
            DestinationPort = hasPorts ? port : (ushort)0,
        };
    }

    // One in a subnet of the sender's, before any other.
    private static IPAddress Best(PathEnd from, IReadOnlyList<IPAddress> addresses) =>
        addresses.FirstOrDefault(address => from.Subnets.Any(subnet => subnet.Length > 0 && subnet.Family == address.AddressFamily && subnet.Contains(address))) ?? addresses[0];

    private static PathReport Dead(PathEnd from, PathEnd to, Cause cause) =>
        new(from.Name, to.Name, [new Hop(cause.Namespace, "", "namespace", cause.Message, "", HopVerdict.Dropped) { Cause = cause }]);
}
