using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Runtime;

/// <summary>
/// Everything on the machine that could be a container's interface: the links and addresses of every namespace that anything keeps, and where
/// the host's pairs lead. It is looked at once, and nothing stays open.
/// </summary>
internal sealed class Surroundings
{
    // Whoever looks at a namespace as this does has it open for less, unless the machine has much else to do. It is for all together that this waits so long.
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly HashSet<int> _numbers = [], _ownNumbers = [];
    private readonly IReadOnlyCollection<CountedNamespace> _counted;
    private readonly IReadOnlyList<InterfaceAddress> _hostAddresses;

    private readonly IHost _host;

    private Surroundings(IHost host)
    {
        _host = host;
        NamespaceCensus census = NamespaceCensus.Take();
        _counted = census.Namespaces;
        TimeSpan patience = s_look;
        foreach (CountedNamespace counted in _counted)
        {
            if (counted.Inode != host.Namespace.Id.Inode && !counted.EndsWithin(ref patience))
            {
                Look(host, counted);
            }
        }

        // Last, so that what it leads to has been seen unless it came only now.
        HostLinks = host.GetLinks(host.Namespace);
        _hostAddresses = host.GetAddresses(host.Namespace);
        Gap ??= census.Gap;
    }

    /// <summary>The namespaces that could be looked into, without the host's and those that only this process keeps.</summary>
    internal List<SeenNamespace> Namespaces { get; } = [];

    /// <summary>The host's links.</summary>
    internal IReadOnlyList<Link> HostLinks { get; }

    /// <summary>Why there may be interfaces that were not seen; null where there are none.</summary>
    internal string? Gap { get; private set; }

    /// <summary>Looks.</summary>
    /// <exception cref="LinuxException">The kernel doesn't let it.</exception>
    internal static Surroundings Look(IHost host) => new(host);

    /// <summary>Where one of the host's links leads.</summary>
    internal PairLead LeadOf(Link link) => link switch
    {
        { Kind: not "veth" } or { PeerNamespaceId: null or < 0 } => PairLead.Nowhere, // below 0: the kernel is ending the namespace
        { PeerNamespaceId: { } number } when _numbers.Contains(number) => PairLead.Seen,
        { PeerNamespaceId: { } number } when _ownNumbers.Contains(number) || !_host.Namespace.IsAlive(number) => PairLead.Nowhere,
        _ => PairLead.Unseen,
    };

    /// <summary>Whether the host itself is in the subnet of one of these addresses: then who has it elsewhere is on another machine's network.</summary>
    internal bool IsServedHere(IEnumerable<IPAddress> addresses)
    {
        foreach (IPAddress address in addresses)
        {
            foreach (InterfaceAddress own in _hostAddresses)
            {
                if (own.Address.Length > 0 && own.Address.Contains(address))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What is mounted at a path, in any mount namespace, without that it can be opened: something else may be in front of it.</summary>
    internal NamespaceHolder? FindCovered(string path)
    {
        foreach (CountedNamespace counted in _counted)
        {
            foreach (NamespaceHolder holder in counted.Holders)
            {
                if (holder.MountPoint is { } place && IsSamePlace(place, path) && !Namespaces.Exists(seen => seen.Id.Inode == counted.Inode))
                {
                    return holder;
                }
            }
        }

        return null;
    }

    /// <summary>The namespaces that are mounted at a path, in any mount namespace.</summary>
    internal IEnumerable<SeenNamespace> MountedAt(string path)
    {
        foreach (SeenNamespace seen in Namespaces)
        {
            foreach (NamespaceHolder holder in seen.Holders)
            {
                if (holder.MountPoint is { } place && IsSamePlace(place, path))
                {
                    yield return seen;
                    break;
                }
            }
        }
    }

    private void Look(IHost host, CountedNamespace counted)
    {
        using NetworkNamespace? ns = counted.TryOpen(out Exception? failure);
        if (ns is null)
        {
            Gap ??= failure is null ? null : $"a namespace can't be entered ({failure.Message})"; // else it has ended, or nobody can enter it
            return;
        }

        try
        {
            int? number = host.Namespace.NumberOf(ns);
            if (counted.IsOnlyOwn)
            {
                Add(_ownNumbers, number);
                return;
            }

            Namespaces.Add(new SeenNamespace(ns.Id, counted.Holders, ns.Path, host.GetLinks(ns), host.GetAddresses(ns), ns.NumberOf(host.Namespace)));
            Add(_numbers, number);
        }
        catch (LinuxException e) when (e.IsNotFound)
        {
            // It has ended just now.
        }
        catch (LinuxException e)
        {
            Gap ??= $"a namespace can't be entered ({e.Message})";
        }
    }

    private static void Add(HashSet<int> numbers, int? number)
    {
        if (number is { } known)
        {
            numbers.Add(known);
        }
    }

    // /var/run is a link to /run on every distribution of today.
    private static bool IsSamePlace(string a, string b) => Plain(a) == Plain(b);

    private static string Plain(string path) => path.StartsWith("/var/run/", StringComparison.Ordinal) ? path[4..] : path;
}

/// <summary>Where a pair of the host leads.</summary>
internal enum PairLead
{
    /// <summary>It is none, both ends are on the host, or nobody keeps the other end's namespace any more.</summary>
    Nowhere,

    /// <summary>Into a namespace that was looked into.</summary>
    Seen,

    /// <summary>Into one that nothing visible keeps.</summary>
    Unseen,
}

/// <summary>A namespace that was looked into.</summary>
/// <param name="Id">Which.</param>
/// <param name="Holders">What keeps it.</param>
/// <param name="Path">By which path it was opened.</param>
/// <param name="Links">Its links.</param>
/// <param name="Addresses">Their addresses.</param>
/// <param name="HostNumber">Its number for the host's namespace; null where it has none, so that none of its links leads there.</param>
internal sealed record SeenNamespace(
    NamespaceId Id, IReadOnlyList<NamespaceHolder> Holders, string Path, IReadOnlyList<Link> Links, IReadOnlyList<InterfaceAddress> Addresses, int? HostNumber)
{
    /// <summary>The links with an address.</summary>
    internal IEnumerable<Link> WithAddress(ICollection<IPAddress> addresses)
    {
        foreach (InterfaceAddress address in Addresses)
        {
            if (addresses.Contains(address.Address.Address))
            {
                foreach (Link link in Links)
                {
                    if (link.Index == address.LinkIndex && !link.IsLoopback)
                    {
                        yield return link;
                    }
                }
            }
        }
    }
}
