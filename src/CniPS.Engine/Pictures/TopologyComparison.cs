using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>Lays two pictures over each other: what is only in the second one is added, what is only in the first one removed.</summary>
internal static class TopologyComparison
{
    internal static NetworkTopology Merge(NetworkTopology before, NetworkTopology after) => Lay(before, WithoutHalves(before, after));

    // A plan removes one end of a pair; the kernel takes the other one with it.
    private static NetworkTopology WithoutHalves(NetworkTopology before, NetworkTopology after)
    {
        HashSet<string> left = [.. after.AllLinks.Select(link => link.Id)];
        foreach (TopologyConnection pair in before.Connections.Where(line => line.Kind == TopologyConnectionKind.Pair))
        {
            if (!left.Contains(pair.From) || !left.Contains(pair.To))
            {
                left.Remove(pair.From);
                left.Remove(pair.To);
            }
        }

        return after with
        {
            Links = [.. after.Links.Where(link => left.Contains(link.Id))],
            Namespaces = [.. after.Namespaces.Select(ns => ns with { Links = [.. ns.Links.Where(link => left.Contains(link.Id))] })],
            Connections = [.. after.Connections.Where(line => IsLeft(line.From) && IsLeft(line.To))],
        };

        bool IsLeft(string id) => id == NetworkTopology.Outside || left.Contains(id);
    }

    private static NetworkTopology Lay(NetworkTopology before, NetworkTopology after) => after with
    {
        Links = Merge(before.Links, after.Links),
        Namespaces = Merge(
            before.Namespaces, after.Namespaces, ns => ns.Id, (ns, standing) => ns with { Links = Mark(ns.Links, standing) },
            (old, now) => now with { Links = Merge(old.Links, now.Links) }, ns => ns.Name),
        Connections = Merge(
            before.Connections, after.Connections, line => (line.From, line.To, line.Kind), (line, standing) => line with { Standing = standing },
            (_, now) => now, line => $"{line.From} {line.To} {line.Kind}"),
    };

    private static List<TopologyLink> Merge(IReadOnlyList<TopologyLink> before, IReadOnlyList<TopologyLink> after) =>
        Merge(before, after, link => link.Id, Mark, (old, now) => now with { Facts = Merge(old.Facts, now.Facts) }, link => link.Name);

    // Facts keep the order of their kinds: the merged list is sorted by kind, then text.
    private static List<TopologyFact> Merge(IReadOnlyList<TopologyFact> before, IReadOnlyList<TopologyFact> after) =>
        Merge(before, after, fact => (fact.Kind, fact.Text), (fact, standing) => fact with { Standing = standing }, (_, now) => now, fact => $"{(int)fact.Kind} {fact.Text}");

    private static List<TopologyLink> Mark(IReadOnlyList<TopologyLink> links, PictureStanding standing) => [.. links.Select(link => Mark(link, standing))];

    private static TopologyLink Mark(TopologyLink link, PictureStanding standing) => link with
    {
        Standing = standing,
        Facts = [.. link.Facts.Select(fact => fact with { Standing = standing })],
    };

    private static List<T> Merge<T, TKey>(
        IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, TKey> keyOf, Func<T, PictureStanding, T> mark, Func<T, T, T> both, Func<T, string> sortBy)
        where TKey : notnull
    {
        Dictionary<TKey, T> old = [];
        foreach (T item in before)
        {
            old[keyOf(item)] = item;
        }

        List<T> merged = [];
        foreach (T item in after)
        {
            merged.Add(old.Remove(keyOf(item), out T? was) ? both(was, item) : mark(item, PictureStanding.Added));
        }

        foreach (T item in before)
        {
            if (old.ContainsKey(keyOf(item)))
            {
                merged.Add(mark(item, PictureStanding.Removed));
            }
        }

        merged.Sort((a, b) => NaturalOrder.Instance.Compare(sortBy(a), sortBy(b)));
        return merged;
    }
}
