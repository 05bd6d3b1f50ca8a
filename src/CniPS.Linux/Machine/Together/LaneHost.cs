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
/// The machine, for one of many operations side by side: what the kernel takes better with others of its kind waits for those of the others; but not
/// while the operation keeps others out of something by a lock, since these would never come to wait with it.
/// </summary>
/// <param name="machine">The machine.</param>
/// <param name="lanes">All of them.</param>
/// <param name="lane">This one.</param>
internal sealed class LaneHost(IHost machine, Lanes lanes, Lane lane) : IHost
{
    private int _keptOut; // its own thread's only

    /// <inheritdoc/>
    public NetworkNamespace Namespace => machine.Namespace;

    /// <inheritdoc/>
    public bool IsPlan => machine.IsPlan;

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, string name) => machine.FindLink(ns, name);

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, int index) => machine.FindLink(ns, index);

    /// <inheritdoc/>
    public IReadOnlyList<Link> GetLinks(NetworkNamespace ns) => machine.GetLinks(ns);

    /// <inheritdoc/>
    public IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0) => machine.GetAddresses(ns, link);

    /// <inheritdoc/>
    public IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port) => machine.GetBridgeVlans(ns, port);

    /// <inheritdoc/>
    public IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link) => machine.GetQdiscs(ns, link);

    /// <inheritdoc/>
    public IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0) => machine.GetRoutes(ns, link);

    /// <inheritdoc/>
    public IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns) => machine.GetRules(ns);

    /// <inheritdoc/>
    public string? ReadSysctl(NetworkNamespace ns, string name) => machine.ReadSysctl(ns, name);

    /// <inheritdoc/>
    public bool IsForwarding(NetworkNamespace ns, bool v6) => machine.IsForwarding(ns, v6);

    /// <inheritdoc/>
    public INftablesView Nftables(NetworkNamespace ns) => machine.Nftables(ns);

    /// <inheritdoc/>
    public IIptablesView Iptables(NetworkNamespace ns) => machine.Iptables(ns);

    /// <inheritdoc/>
    public IFirewalldView Firewalld => machine.Firewalld;

    /// <inheritdoc/>
    public byte[]? ReadFile(string path, bool own = false) => machine.ReadFile(path, own);

    /// <inheritdoc/>
    public bool FileExists(string path) => machine.FileExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string folder) => machine.ListFiles(folder);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListEntries(string folder) => machine.ListEntries(folder);

    /// <inheritdoc/>
    public string? ReadSymbolicLink(string path) => machine.ReadSymbolicLink(path);

    /// <inheritdoc/>
    public bool Announces => machine.Announces;

    /// <inheritdoc/>
    public void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses) => machine.Announce(ns, link, mac, addresses);

    /// <inheritdoc/>
    public IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes) =>
        _keptOut == 0 && GatheredChanges.Suit(machine, changes) ? lanes.Gather(lane, changes) : machine.Apply(changes);

    /// <inheritdoc/>
    public IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) =>
        Count(machine.LockFile(path, exclusive, mode, cancellation), exclusive);

    /// <inheritdoc/>
    public IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) =>
        Count(machine.LockNamespace(ns, exclusive, cancellation), exclusive);

    /// <inheritdoc/>
    public IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) =>
        Count(machine.LockNetwork(name, exclusive, cancellation), exclusive);

    private IDisposable Count(IDisposable locked, bool exclusive) => exclusive ? new ExclusiveLock(this, locked) : locked;

    private sealed class ExclusiveLock : IDisposable
    {
        private readonly LaneHost _host;
        private IDisposable? _locked;

        internal ExclusiveLock(LaneHost host, IDisposable locked)
        {
            _host = host;
            _locked = locked;
            host._keptOut++;
        }

        public void Dispose()
        {
            if (_locked is { } locked)
            {
                _locked = null;
                _host._keptOut--;
                locked.Dispose();
            }
        }
    }
}
