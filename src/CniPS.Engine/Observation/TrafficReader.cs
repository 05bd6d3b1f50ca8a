using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Observation;

/// <summary>
/// Reads what attachments receive and send: one dump of links for each namespace, and one of the host's connections, each time. Nothing stays open
/// between two readings, which would keep namespaces that end meanwhile.
/// </summary>
public sealed class TrafficReader
{
    private readonly IHost _host;
    private readonly Dictionary<NamespaceId, Container> _containers = [];

    /// <summary>Looks where the interfaces of attachments are; an attachment whose interface is not where its result says is left out.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public TrafficReader(IHost host, IEnumerable<CachedAttachment> attachments)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(attachments);
        _host = host;
        foreach (CachedAttachment attachment in attachments)
        {
            Find(attachment, AttachmentEvidence.Of(attachment));
        }
    }

    /// <summary>Reads. An attachment that has ended meanwhile is left out.</summary>
    /// <returns>Those of a container together, in the order of the attachments.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<TrafficReading> Read()
    {
        Dictionary<IPAddress, (int Count, ulong? Bytes)> connections = CountConnections();
        List<TrafficReading> all = [];
        foreach ((NamespaceId id, Container container) in _containers)
        {
            Dictionary<int, LinkCounters> counters = Dump(id, container.Path);
            foreach ((CachedAttachment attachment, int link, IReadOnlyCollection<IPAddress> addresses) in container.Interfaces)
            {
                if (counters.TryGetValue(link, out LinkCounters? counted))
                {
                    (int count, ulong? bytes) = Sum(connections, addresses);
                    all.Add(new TrafficReading(attachment.Network, attachment, counted.Received, counted.Sent, DateTimeOffset.UtcNow)
                    {
                        Connections = count,
                        ConnectionBytes = bytes,
                    });
                }
            }
        }

        return all;
    }

    private void Find(CachedAttachment attachment, AttachmentEvidence evidence)
    {
        foreach (string path in evidence.Paths)
        {
            if (NamespaceGlance.At(_host, path, evidence) is { Kind: GlanceKind.Ours, Link: { } link, Namespace: { } id })
            {
                if (!_containers.TryGetValue(id, out Container? container))
                {
                    _containers.Add(id, container = new Container(path, []));
                }

                container.Interfaces.Add((attachment, link.Index, evidence.Addresses));
                return;
            }
        }
    }

    private static Dictionary<int, LinkCounters> Dump(NamespaceId id, string path)
    {
        using NetworkNamespace? ns = NetworkNamespace.TryOpen(path);
        return ns?.Id == id ? ns.GetCounters().ToDictionary(static counters => counters.Link.Index) : [];
    }

    private Dictionary<IPAddress, (int Count, ulong? Bytes)> CountConnections()
    {
        Dictionary<IPAddress, (int Count, ulong? Bytes)> all = [];
        foreach (TrackedConnection connection in TrackedConnection.Read(_host.Namespace))
        {
            Add(all, connection.Source, connection.Bytes);
            if (!connection.Answerer.Equals(connection.Source))
            {
                Add(all, connection.Answerer, connection.Bytes);
            }
        }

        return all;
    }

    private static void Add(Dictionary<IPAddress, (int Count, ulong? Bytes)> all, IPAddress address, ulong? bytes)
    {
        (int count, ulong? before) = all.GetValueOrDefault(address);
        all[address] = (count + 1, bytes is null ? before : (before ?? 0) + bytes);
    }

    private static (int Count, ulong? Bytes) Sum(Dictionary<IPAddress, (int Count, ulong? Bytes)> connections, IEnumerable<IPAddress> addresses)
    {
        (int Count, ulong? Bytes) sum = default;
        foreach (IPAddress address in addresses)
        {
            (int count, ulong? bytes) = connections.GetValueOrDefault(address);
            sum = (sum.Count + count, bytes is null ? sum.Bytes : (sum.Bytes ?? 0) + bytes);
        }

        return sum;
    }

    private sealed record Container(string Path, List<(CachedAttachment Attachment, int Link, IReadOnlyCollection<IPAddress> Addresses)> Interfaces);
}
