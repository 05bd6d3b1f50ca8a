using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Host;

/// <summary>
/// The machine, as far as CNI is concerned: what is (queries) and what changes (<see cref="Change"/>): kernel and files. All that the
/// engine sees or does goes through here, so that one code path serves for doing and for planning.
/// </summary>
public interface IHost
{
    /// <summary>The host's own network namespace.</summary>
    NetworkNamespace Namespace { get; }

    /// <summary>Whether changes are only planned.</summary>
    bool IsPlan { get; }

    /// <summary>The link of a name, or null.</summary>
    Link? FindLink(NetworkNamespace ns, string name);

    /// <summary>The link of an index, or null.</summary>
    Link? FindLink(NetworkNamespace ns, int index);

    /// <summary>All links of a namespace.</summary>
    IReadOnlyList<Link> GetLinks(NetworkNamespace ns);

    /// <summary>The addresses of a link, or of all links (0).</summary>
    IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0);

    /// <summary>The VLANs that a bridge's port is in, in order; none where the kernel has no VLANs for bridges.</summary>
    IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port);

    /// <summary>How a link queues what leaves it, and what comes in.</summary>
    IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link);

    /// <summary>The unicast routes of every table, out of a link or of all links (0).</summary>
    IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0);

    /// <summary>The neighbours on a link, or on all links (0).</summary>
    IReadOnlyList<Neighbour> GetNeighbours(NetworkNamespace ns, int link = 0);

    /// <summary>A forwarding database's lines: of a bridge's port, a bridge or a VXLAN, or all (0).</summary>
    IReadOnlyList<ForwardingEntry> GetForwardingDatabase(NetworkNamespace ns, int link = 0);

    /// <summary>The rules that choose a routing table by a packet's source, those of the kernel itself included.</summary>
    IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns);

    /// <summary>A kernel parameter's value without its newline, or null where there is none of that name.</summary>
    /// <param name="ns">Whose.</param>
    /// <param name="name">Below /proc/sys, with slashes: <c>net/ipv4/ip_forward</c>.</param>
    string? ReadSysctl(NetworkNamespace ns, string name);

    /// <summary>Whether a namespace forwards packets: what <c>net/ipv4/ip_forward</c> or <c>net/ipv6/conf/all/forwarding</c> says.</summary>
    bool IsForwarding(NetworkNamespace ns, bool v6);

    /// <summary>What nf_tables holds.</summary>
    /// <param name="ns">Whose.</param>
    INftablesView Nftables(NetworkNamespace ns);

    /// <summary>What iptables holds.</summary>
    /// <param name="ns">Whose.</param>
    IIptablesView Iptables(NetworkNamespace ns);

    /// <summary>What firewalld has.</summary>
    IFirewalldView Firewalld { get; }

    /// <summary>A file's content, or null where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">Whether it is one of ours: then a symbolic link in its place is not followed, and only a regular file is read.</param>
    /// <exception cref="LinuxException">It can't be read.</exception>
    byte[]? ReadFile(string path, bool own = false);

    /// <summary>Whether there is a file.</summary>
    bool FileExists(string path);

    /// <summary>The names of the files in a folder; none where there is no such folder.</summary>
    /// <exception cref="LinuxException">The folder may not be read.</exception>
    IReadOnlyList<string> ListFiles(string folder);

    /// <summary>The names of everything in a folder, folders and symbolic links included; none where there is no such folder.</summary>
    /// <exception cref="LinuxException">The folder may not be read.</exception>
    IReadOnlyList<string> ListEntries(string folder);

    /// <summary>Where a symbolic link leads, as it is written; null where there is none.</summary>
    string? ReadSymbolicLink(string path);

    /// <summary>Whether <see cref="Announce"/> does anything; else the kernel has to be asked to (<see cref="Changes.ArpNotifySet"/>), before the link comes up.</summary>
    bool Announces { get; }

    /// <summary>
    /// Tells all who are on a link's network whose an address is from now on (gratuitous ARP, RFC 5227; unsolicited neighbour advertisements,
    /// RFC 4861), while the caller goes on: every port of a bridge has to be told. It is no change, and nobody is told if it fails: it corrects
    /// what neighbours may still remember of a former owner.
    /// </summary>
    /// <param name="ns">The link's namespace.</param>
    /// <param name="link">The link's index.</param>
    /// <param name="mac">Its address.</param>
    /// <param name="addresses">Its IP addresses.</param>
    void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses);

    /// <summary>
    /// Makes changes, in order. Neighbours of the same kind and namespace go to the kernel in one system call; since rtnetlink runs the rest
    /// of a batch when one message fails, what was made is always reported.
    /// </summary>
    /// <returns>One entry a change.</returns>
    /// <exception cref="ChangeException">One failed; those behind its batch were not tried.</exception>
    IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes);

    /// <summary>Locks a file (flock(2), as the Go plugins do), creating it where it is missing. In a plan nothing is locked.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="exclusive">Whether nobody else may hold it.</param>
    /// <param name="mode">Permissions for a new file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Disposing it unlocks.</returns>
    /// <exception cref="LinuxException">It was not to be had in time (LockHeldException), or the kernel refused.</exception>
    IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation);

    /// <summary>
    /// Locks something shared by all who work in a network namespace, in whatever process and with whatever folders: held shared while a link
    /// is attached to something shared, exclusive while shared things are made or removed.
    /// </summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="exclusive">Whether nobody else may hold it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Disposing it unlocks.</returns>
    /// <exception cref="LinuxException">It was not to be had in time (LockHeldException), or the kernel refused.</exception>
    IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation);

    /// <summary>
    /// Locks a network of the host's namespace, against everyone on this machine: shared by all who work on attachments of it, plugin programs
    /// of ours included; exclusive for who looks at all of them (GC).
    /// </summary>
    /// <param name="name">The network's name, fit for a file.</param>
    /// <param name="exclusive">Whether nobody else may hold it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Disposing it unlocks.</returns>
    /// <exception cref="LinuxException">It was not to be had in time (LockHeldException), or the kernel refused.</exception>
    IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation);
}
