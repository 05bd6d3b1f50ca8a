using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Route;

namespace CniPS.Pictures;

/// <summary>Finds the lines between interfaces.</summary>
internal sealed class ConnectionFinder(
    SurveyedNamespace home, LinkPairs pairs, IReadOnlyList<TopologyLink> hostLinks, IReadOnlyList<TopologyNamespace> namespaces)
{
    private readonly HashSet<TopologyConnection> _found = [];

    internal IReadOnlyList<TopologyConnection> Find()
    {
        foreach (SurveyedNamespace ns in pairs.Namespaces)
        {
            foreach (Link link in ns.Links)
            {
                Look(ns, link);
            }
        }

        List<string> uplinks = [.. hostLinks.Where(link => link.Role == TopologyRole.Uplink).Select(link => link.Id)];
        uplinks.ForEach(uplink => Add(NetworkTopology.Outside, uplink, TopologyConnectionKind.Uplink));
        foreach (string source in MasqueradedSources())
        {
            (uplinks.Count > 0 ? uplinks : [NetworkTopology.Outside]).ForEach(to => Add(source, to, TopologyConnectionKind.Masquerade));
        }

        return [.. _found.OrderBy(line => line.Kind).ThenBy(line => line.From, NaturalOrder.Instance).ThenBy(line => line.To, NaturalOrder.Instance)];
    }

    private void Look(SurveyedNamespace ns, Link link)
    {
        if (link.Master > 0 && ns.Links.FirstOrDefault(other => other.Index == link.Master) is { } master)
        {
            Add(ns.IdOf(master), ns.IdOf(link), TopologyConnectionKind.Port);
        }

        if (pairs.PeerOf(ns, link) is not { } peer || peer.Link.IsLoopback)
        {
            return;
        }

        if (link.Kind != "veth")
        {
            Add(peer.Namespace.IdOf(peer.Link), ns.IdOf(link), TopologyConnectionKind.On);
        }
        else if (ns == home || (peer.Namespace != home && string.CompareOrdinal(ns.IdOf(link), peer.Namespace.IdOf(peer.Link)) < 0))
        {
            if (ns != peer.Namespace || IsFirst(link.Name, peer.Link.Name))
            {
                Add(ns.IdOf(link), peer.Namespace.IdOf(peer.Link), TopologyConnectionKind.Pair);
            }
        }
    }

    // Of a pair on the host: the uplink, else by name.
    private bool IsFirst(string name, string other) =>
        (IsUplink(name), IsUplink(other)) is var (first, second) && (first != second ? first : string.CompareOrdinal(name, other) < 0);

    private bool IsUplink(string name) => hostLinks.Any(link => link.Name == name && link.Role == TopologyRole.Uplink);

    // What a container sends comes into the host by a bridge, else by the host's end of its pair.
    private IEnumerable<string> MasqueradedSources()
    {
        HashSet<string> masqueraded = [.. namespaces.SelectMany(ns => ns.Links)
            .Where(link => link.Facts.Any(fact => fact.Kind == TopologyFactKind.Masquerade)).Select(link => link.Id)];
        Dictionary<string, string> masters = [];
        foreach (TopologyConnection line in _found)
        {
            if (line.Kind == TopologyConnectionKind.Port)
            {
                masters[line.To] = line.From;
            }
        }

        return _found.Where(line => line.Kind == TopologyConnectionKind.Pair && masqueraded.Contains(line.To))
            .Select(line => masters.GetValueOrDefault(line.From, line.From)).Distinct().ToList();
    }

    private void Add(string from, string to, TopologyConnectionKind kind) => _found.Add(new TopologyConnection(from, to, kind));
}
