using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Machine;

/// <summary>
/// A machine that only plans: it records changes over what really is, and answers later questions as if they had been made. What only
/// the kernel can choose (a MAC, an index) stays unknown: a null MAC, an index from a million on.
/// </summary>
public sealed class PlannedHost : IHost
{
    private readonly IHost _real;
    private readonly PlannedWorld _world;
    private readonly List<Change> _steps = [];

    /// <summary>Plans over a machine.</summary>
    public PlannedHost(IHost real)
    {
        _real = real;
        _world = new PlannedWorld(real);
    }

    /// <summary>The changes planned so far, in order.</summary>
    public IReadOnlyList<Change> Steps => _steps;

    /// <inheritdoc/>
    public NetworkNamespace Namespace => _real.Namespace;

    /// <inheritdoc/>
    public bool IsPlan => true;

    /// <inheritdoc/>
    public bool Announces => _real.Announces;

    /// <inheritdoc/>
    public void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses)
    {
        // nothing that stays
    }

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, string name) => _world.Network(ns).Find(name);

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, int index) => _world.Network(ns).Find(index);

    /// <inheritdoc/>
    public IReadOnlyList<Link> GetLinks(NetworkNamespace ns) => _world.Network(ns).Links;

    /// <inheritdoc/>
    public IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0) => _world.Network(ns).Addresses(link);

    /// <inheritdoc/>
    public IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port) => [.. _world.Network(ns).Vlans(port)];

    /// <inheritdoc/>
    public IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link) => [.. _world.Network(ns).Qdiscs(link)];

    /// <inheritdoc/>
    public IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0) => _world.Network(ns).Routes(link);

    /// <inheritdoc/>
    public IReadOnlyList<Neighbour> GetNeighbours(NetworkNamespace ns, int link = 0) => _world.Network(ns).GetNeighbours(link);

    /// <inheritdoc/>
    public IReadOnlyList<ForwardingEntry> GetForwardingDatabase(NetworkNamespace ns, int link = 0) => _world.Network(ns).GetForwardingDatabase(link);

    /// <inheritdoc/>
    public IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns) => [.. _world.Network(ns).Rules];

    /// <inheritdoc/>
    public string? ReadSysctl(NetworkNamespace ns, string name) => _world.Network(ns).ReadSysctl(name);

    /// <inheritdoc/>
    public bool IsForwarding(NetworkNamespace ns, bool v6) =>
        _world.Network(ns).PlannedSysctl(v6 ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward") is { } planned
            ? planned != "0"
            : _real.IsForwarding(ns, v6);

    /// <inheritdoc/>
    public INftablesView Nftables(NetworkNamespace ns) => _world.Nftables(ns);

    /// <inheritdoc/>
    public IIptablesView Iptables(NetworkNamespace ns) => _world.Iptables(ns);

    /// <inheritdoc/>
    public IFirewalldView Firewalld => _world.Firewalld;

    /// <inheritdoc/>
    public byte[]? ReadFile(string path, bool own = false) => _world.Files.Read(path, own);

    /// <inheritdoc/>
    public bool FileExists(string path) => _world.Files.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string folder) => _world.Files.List(folder);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListEntries(string folder) => _real.ListEntries(folder);

    /// <inheritdoc/>
    public string? ReadSymbolicLink(string path) => _real.ReadSymbolicLink(path);

    /// <inheritdoc/>
    public IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) => NoLock.Instance;

    /// <inheritdoc/>
    public IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) => NoLock.Instance;

    /// <inheritdoc/>
    public IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) => NoLock.Instance;

    /// <inheritdoc/>
    public IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
    {
        List<Applied> made = new(changes.Count);
        foreach (Change change in changes)
        {
            try
            {
                made.Add(change.Plan(_world));
                _steps.Add(change);
            }
            catch (LinuxException e)
            {
                throw new ChangeException(change, made, e);
            }
        }

        return made;
    }

    /// <summary>
    /// Holds a change of another plan against this machine as it is, with what is still to do of the changes looked at before done.
    /// </summary>
    public ChangeOutlook Look(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            bool? isSo = change.IsSo(_world);
            if (isSo == true)
            {
                return new ChangeOutlook(ChangeStanding.Done);
            }

            change.Plan(_world);
            return new ChangeOutlook(isSo is null ? ChangeStanding.Unknown : ChangeStanding.ToDo);
        }
        catch (Exception e) when (e is LinuxException or NotANamespaceException)
        {
            return new ChangeOutlook(ChangeStanding.Conflict, e.Message);
        }
    }

    private sealed class NoLock : IDisposable
    {
        internal static readonly NoLock Instance = new();

        public void Dispose()
        {
        }
    }
}
