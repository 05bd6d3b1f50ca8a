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

/// <summary>A machine that does as another one; whoever derives from it does some of it in another way.</summary>
/// <param name="machine">The other.</param>
public abstract class DelegatingHost(IHost machine) : IHost
{
    /// <inheritdoc/>
    public virtual NetworkNamespace Namespace => machine.Namespace;

    /// <inheritdoc/>
    public virtual bool IsPlan => machine.IsPlan;

    /// <inheritdoc/>
    public virtual Link? FindLink(NetworkNamespace ns, string name) => machine.FindLink(ns, name);

    /// <inheritdoc/>
    public virtual Link? FindLink(NetworkNamespace ns, int index) => machine.FindLink(ns, index);

    /// <inheritdoc/>
    public virtual IReadOnlyList<Link> GetLinks(NetworkNamespace ns) => machine.GetLinks(ns);

    /// <inheritdoc/>
    public virtual IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0) => machine.GetAddresses(ns, link);

    /// <inheritdoc/>
    public virtual IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port) => machine.GetBridgeVlans(ns, port);

    /// <inheritdoc/>
    public virtual IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link) => machine.GetQdiscs(ns, link);

    /// <inheritdoc/>
    public virtual IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0) => machine.GetRoutes(ns, link);

    /// <inheritdoc/>
    public virtual IReadOnlyList<Neighbour> GetNeighbours(NetworkNamespace ns, int link = 0) => machine.GetNeighbours(ns, link);

    /// <inheritdoc/>
    public virtual IReadOnlyList<ForwardingEntry> GetForwardingDatabase(NetworkNamespace ns, int link = 0) => machine.GetForwardingDatabase(ns, link);

    /// <inheritdoc/>
    public virtual IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns) => machine.GetRules(ns);

    /// <inheritdoc/>
    public virtual string? ReadSysctl(NetworkNamespace ns, string name) => machine.ReadSysctl(ns, name);

    /// <inheritdoc/>
    public virtual bool IsForwarding(NetworkNamespace ns, bool v6) => machine.IsForwarding(ns, v6);

    /// <inheritdoc/>
    public virtual INftablesView Nftables(NetworkNamespace ns) => machine.Nftables(ns);

    /// <inheritdoc/>
    public virtual IIptablesView Iptables(NetworkNamespace ns) => machine.Iptables(ns);

    /// <inheritdoc/>
    public virtual IFirewalldView Firewalld => machine.Firewalld;

    /// <inheritdoc/>
    public virtual byte[]? ReadFile(string path, bool own = false) => machine.ReadFile(path, own);

    /// <inheritdoc/>
    public virtual bool FileExists(string path) => machine.FileExists(path);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> ListFiles(string folder) => machine.ListFiles(folder);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> ListEntries(string folder) => machine.ListEntries(folder);

    /// <inheritdoc/>
    public virtual string? ReadSymbolicLink(string path) => machine.ReadSymbolicLink(path);

    /// <inheritdoc/>
    public virtual bool Announces => machine.Announces;

    /// <inheritdoc/>
    public virtual void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses) => machine.Announce(ns, link, mac, addresses);

    /// <inheritdoc/>
    public virtual IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes) => machine.Apply(changes);

    /// <inheritdoc/>
    public virtual IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) =>
        machine.LockFile(path, exclusive, mode, cancellation);

    /// <inheritdoc/>
    public virtual IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) =>
        machine.LockNamespace(ns, exclusive, cancellation);

    /// <inheritdoc/>
    public virtual IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) => machine.LockNetwork(name, exclusive, cancellation);
}
