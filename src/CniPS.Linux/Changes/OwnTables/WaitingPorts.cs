using System;
using System.Collections.Generic;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// A container's ports on its second network and any further one, while the port leads to it by the first (<see cref="PortForwarding"/>): a
/// port is one element, and leads to one address. Whoever closes a port that is waited for gives it to one who waits, in the same transaction.
/// <code>
/// set waiting4 { type inet_proto . inet_service . ipv4_addr . inet_service; elements = { tcp . 8080 . 10.15.21.2 . 80 comment "…" } }
/// set waiting4-at { type ipv4_addr . inet_proto . inet_service . ipv4_addr . inet_service }
/// </code>
/// No rule looks into them. They are made when somebody has to wait, and named after the map whose ports are waited for.
/// </summary>
public static class WaitingPorts
{
    private const string Prefix = "waiting";

    /// <summary>The set of those who wait for a map's ports.</summary>
    public static NftSet SetOf(NftSet map)
    {
        ArgumentNullException.ThrowIfNull(map);
        List<NftType> parts = [];
        foreach (NftType type in (NftType[])[map.Key, map.Data!.Value])
        {
            for (int i = 0; i < type.PartCount; i++)
            {
                parts.Add(type.Part(i));
            }
        }

        return new NftSet(map.Table, Prefix + map.Name[PortForwarding.Prefix.Length..], NftType.Concat([.. parts]));
    }

    /// <summary>Waits for a port.</summary>
    /// <param name="port">What would open it.</param>
    public static NftElementAdd Add(NftElementAdd port)
    {
        ArgumentNullException.ThrowIfNull(port);
        List<NftValue> parts = [];
        foreach (NftValue value in (NftValue[])[port.Key, (NftValue)port.Data!])
        {
            for (int i = 0; i < value.Type.PartCount; i++)
            {
                parts.Add(value.Part(i));
            }
        }

        return new NftElementAdd(port.Namespace, SetOf(port.Set), NftValue.Concat([.. parts]), null, port.Comment);
    }

    /// <summary>The sets that some waiting needs and that are not there yet.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="changes">The changes that are to be made, those of others among them.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, IEnumerable<NftChange> changes)
    {
        ArgumentNullException.ThrowIfNull(view);
        HashSet<string>? names = null;
        List<NftChange> missing = [];
        foreach (NftChange change in changes)
        {
            if (change is NftElementAdd add && add.Set.Name.StartsWith(Prefix, StringComparison.Ordinal)
                && (names ??= [.. view.GetSets(add.Set.Table)]).Add(add.Set.Name))
            {
                missing.Add(new NftSetAdd(add.Namespace, add.Set, "ports that lead to the same container on another network first"));
            }
        }

        return missing;
    }

    /// <summary>Who waits for the ports of a map, in an order that is always the same.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="map">The map.</param>
    public static IReadOnlyList<WaitingPort> Of(INftablesView view, NetworkNamespace ns, NftSet map)
    {
        ArgumentNullException.ThrowIfNull(view);
        NftSet set = SetOf(map);
        List<WaitingPort> waiting = [];
        int keyParts = map.Key.PartCount;
        foreach (NftElement element in view.GetElements(set))
        {
            NftValue[] parts = new NftValue[set.Key.PartCount];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = element.Key.Part(i);
            }

            waiting.Add(new WaitingPort(
                new NftElementAdd(ns, map, NftValue.Concat(parts[..keyParts]), NftValue.Concat(parts[keyParts..]), element.Comment),
                new NftElementDelete(ns, set, element.Key)));
        }

        waiting.Sort((a, b) => string.CompareOrdinal(a.Leave.Key.ToString(), b.Leave.Key.ToString()));
        return waiting;
    }

    /// <summary>The map that a set's elements wait for the ports of, by its name; null if it is another's.</summary>
    internal static string? MapOf(string set) =>
        set.StartsWith(Prefix, StringComparison.Ordinal) ? PortForwarding.Prefix + set[Prefix.Length..] : null;
}

/// <summary>Somebody who waits for a port.</summary>
/// <param name="Open">What opens it to them.</param>
/// <param name="Leave">What ends the waiting.</param>
public sealed record WaitingPort(NftElementAdd Open, NftElementDelete Leave)
{
    /// <summary>Whom the port would serve; null if it doesn't say.</summary>
    public string? Comment => Open.Comment;
}
