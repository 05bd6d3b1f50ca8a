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

namespace CniPS.Engine.Tests.Plugins;

/// <summary>A real machine, of which a test can answer or do something in another way.</summary>
internal abstract class ForwardingHost(IHost real) : IHost
{
    public NetworkNamespace Namespace => real.Namespace;

    public bool IsPlan => false;

    public bool Announces => real.Announces;

    public void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses) =>
        real.Announce(ns, link, mac, addresses);

    public Link? FindLink(NetworkNamespace ns, string name) => real.FindLink(ns, name);

    public Link? FindLink(NetworkNamespace ns, int index) => real.FindLink(ns, index);

    public IReadOnlyList<Link> GetLinks(NetworkNamespace ns) => real.GetLinks(ns);

    public IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port) => real.GetBridgeVlans(ns, port);

    public IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0) => real.GetAddresses(ns, link);

    public IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link) => real.GetQdiscs(ns, link);

    public IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0) => real.GetRoutes(ns, link);

    public IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns) => real.GetRules(ns);

    public string? ReadSysctl(NetworkNamespace ns, string name) => real.ReadSysctl(ns, name);

    public bool IsForwarding(NetworkNamespace ns, bool v6) => real.IsForwarding(ns, v6);

    public virtual INftablesView Nftables(NetworkNamespace ns) => real.Nftables(ns);

    public IIptablesView Iptables(NetworkNamespace ns) => real.Iptables(ns);

    public IFirewalldView Firewalld => real.Firewalld;

    public byte[]? ReadFile(string path, bool own = false) => real.ReadFile(path, own);

    public virtual bool FileExists(string path) => real.FileExists(path);

    public virtual IReadOnlyList<string> ListFiles(string folder) => real.ListFiles(folder);

    public virtual IReadOnlyList<string> ListEntries(string folder) => real.ListEntries(folder);

    public virtual string? ReadSymbolicLink(string path) => real.ReadSymbolicLink(path);

    public virtual IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes) => real.Apply(changes);

    public IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) => real.LockFile(path, exclusive, mode, cancellation);

    public IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) => real.LockNetwork(name, exclusive, cancellation);

    public IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) => real.LockNamespace(ns, exclusive, cancellation);
}
