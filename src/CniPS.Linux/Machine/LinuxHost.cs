using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Linux.Firewalld;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Machine;

/// <summary>
/// The real machine: what it is asked, the kernel and the files answer; what is to change is made by <see cref="ChangeMaker"/>. It keeps one socket of each
/// kind open into the host's namespace for as long as it lives, and waits on disposal for what the kernel still has under way.
/// </summary>
public sealed class LinuxHost : IHost, IDisposable
{
    private readonly HostSockets _sockets;
    private readonly ChangeMaker _maker;
    private LockFolder? _locks;

    /// <summary>Takes a namespace as the host's.</summary>
    /// <param name="host">The host's namespace; owned from now on. Null: the calling thread's.</param>
    /// <param name="waitForDeletions">Whether a deletion waits for the kernel's clean-up, as a program that ends right after it should.</param>
    public LinuxHost(NetworkNamespace? host = null, bool waitForDeletions = false)
    {
        Namespace = host ?? NetworkNamespace.OpenCurrent();
        _sockets = new HostSockets(Namespace);
        _maker = new ChangeMaker(this, _sockets, waitForDeletions);
    }

    /// <inheritdoc/>
    public NetworkNamespace Namespace { get; }

    /// <inheritdoc/>
    public bool IsPlan => false;

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, string name) => ns.Route.FindLink(name);

    /// <inheritdoc/>
    public Link? FindLink(NetworkNamespace ns, int index) => ns.Route.FindLink(index);

    /// <inheritdoc/>
    public IReadOnlyList<Link> GetLinks(NetworkNamespace ns) => ns.Route.GetLinks();

    /// <inheritdoc/>
    public IReadOnlyList<InterfaceAddress> GetAddresses(NetworkNamespace ns, int link = 0) => ns.Route.GetAddresses(link);

    /// <inheritdoc/>
    public IReadOnlyList<BridgeVlans> GetBridgeVlans(NetworkNamespace ns, int port) => ns.Route.GetBridgeVlans(port);

    /// <inheritdoc/>
    public IReadOnlyList<Qdisc> GetQdiscs(NetworkNamespace ns, int link) => ns.Route.GetQdiscs(link);

    /// <inheritdoc/>
    public IReadOnlyList<RouteEntry> GetRoutes(NetworkNamespace ns, int link = 0) => ns.Route.GetRoutes(link);

    /// <inheritdoc/>
    public IReadOnlyList<Neighbour> GetNeighbours(NetworkNamespace ns, int link = 0) =>
        link == 0 ? ns.Route.GetNeighbours() : ns.Route.GetNeighbours().FindAll(neighbour => neighbour.LinkIndex == link);

    /// <inheritdoc/>
    public IReadOnlyList<ForwardingEntry> GetForwardingDatabase(NetworkNamespace ns, int link = 0) =>
        link == 0 ? ns.Route.GetForwardingDatabase() : ns.Route.GetForwardingDatabase().FindAll(entry => entry.Port == link);

    /// <inheritdoc/>
    public IReadOnlyList<RuleEntry> GetRules(NetworkNamespace ns) => ns.Route.GetRules();

    /// <inheritdoc/>
    public string? ReadSysctl(NetworkNamespace ns, string name)
    {
        string? value = null;
        int errno = ns.Run(() =>
        {
            value = SysctlWrite.Read(name);
            return 0;
        });
        return errno == 0 ? value : throw new LinuxException($"enter namespace {ns}", -errno);
    }

    /// <inheritdoc/>
    public bool IsForwarding(NetworkNamespace ns, bool v6) => ns.Route.IsForwarding(v6);

    /// <inheritdoc/>
    public INftablesView Nftables(NetworkNamespace ns) => _sockets.Nftables(ns).View;

    /// <inheritdoc/>
    public IIptablesView Iptables(NetworkNamespace ns) => new IptablesView(ns, () => Nftables(ns));

    /// <summary>Where the machine's D-Bus is, as in DBUS_SYSTEM_BUS_ADDRESS, which is the default.</summary>
    public string SystemBusAddress { get; init; } =
        Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 } address ? address : "unix:path=/var/run/dbus/system_bus_socket";

    /// <inheritdoc/>
    public IFirewalldView Firewalld => OpenFirewalld();

    internal FirewalldView OpenFirewalld() => new(SystemBusAddress);

    /// <inheritdoc/>
    public byte[]? ReadFile(string path, bool own = false) => PosixFile.TryRead(path, own);

    /// <inheritdoc/>
    public bool FileExists(string path) => PosixFile.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string folder) => FolderListing.Names(folder, Directory.GetFiles);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListEntries(string folder) => FolderListing.Names(folder, Directory.GetFileSystemEntries);

    /// <inheritdoc/>
    public string? ReadSymbolicLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LinuxException.Of($"read {path}", e);
        }
    }

    /// <summary>How long a lock is waited for.</summary>
    public TimeSpan LockLimit { get; init; } = LockWait.Limit;

    /// <summary>The folder of locks. All who work in the namespace need the same: only who is alone there, as in a test, may have another.</summary>
    public string LockFolder { get; init; } = Files.LockFolder.Root;

    /// <inheritdoc/>
    public IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) =>
        FileLock.Acquire(path, mode, exclusive, LockLimit, cancellation);

    /// <inheritdoc/>
    public IDisposable LockNetwork(string name, bool exclusive, CancellationToken cancellation) =>
        FairLock.Acquire(Locks, name, exclusive, LockLimit, cancellation);

    // A network's name begins with a letter or a digit. Containers share a few locks: one for each would stay for ever.
    /// <inheritdoc/>
    public IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) =>
        FairLock.Acquire(Locks, ns.Id == Namespace.Id ? ".host" : $".container{ns.Id.Inode % 16}", exclusive, LockLimit, cancellation);

    private LockFolder Locks => _locks ??= new LockFolder(Namespace.Id.Key, LockFolder);

    /// <inheritdoc/>
    public bool Announces => NamespaceThread.HasOthers;

    /// <inheritdoc/>
    public void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses) =>
        AddressAnnouncement.Send(ns, link, mac, addresses);

    /// <inheritdoc/>
    public IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes) => _maker.Apply(changes);

    /// <summary>Waits for the kernel to finish what is under way, and closes the sockets.</summary>
    public void Dispose()
    {
        _maker.Dispose();
        _sockets.Dispose();
        Namespace.Dispose();
    }
}
