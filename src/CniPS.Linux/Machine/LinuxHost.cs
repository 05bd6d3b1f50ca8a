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
/// The real machine. It keeps one socket of each kind open into the host's namespace for as long as it lives, and waits on disposal for
/// what the kernel still has under way.
/// </summary>
public sealed class LinuxHost : IHost, IDisposable
{
    private readonly bool _waitForDeletions;
    private LinkDeleter? _deleter;
    private NftablesSocket? _nftables;
    private ConntrackSocket? _conntrack;

    /// <summary>Takes a namespace as the host's.</summary>
    /// <param name="host">The host's namespace; owned from now on. Null: the calling thread's.</param>
    /// <param name="waitForDeletions">Whether a deletion waits for the kernel's clean-up, as a program that ends right after it should.</param>
    public LinuxHost(NetworkNamespace? host = null, bool waitForDeletions = false)
    {
        Namespace = host ?? NetworkNamespace.OpenCurrent();
        _waitForDeletions = waitForDeletions;
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
    public INftablesView Nftables(NetworkNamespace ns) => NftablesOf(ns).View;

    /// <inheritdoc/>
    public IIptablesView Iptables(NetworkNamespace ns) => new IptablesView(ns, () => Nftables(ns));

    /// <summary>Where the machine's D-Bus is, as in DBUS_SYSTEM_BUS_ADDRESS, which is the default.</summary>
    public string SystemBusAddress { get; init; } =
        Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") is { Length: > 0 } address ? address : "unix:path=/var/run/dbus/system_bus_socket";

    /// <inheritdoc/>
    public IFirewalldView Firewalld => new FirewalldView(SystemBusAddress);

    /// <inheritdoc/>
    public byte[]? ReadFile(string path) => PosixFile.TryRead(path);

    /// <inheritdoc/>
    public bool FileExists(string path) => PosixFile.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string folder) => FolderListing.Names(folder, Directory.GetFiles);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListEntries(string folder) => FolderListing.Names(folder, Directory.GetFileSystemEntries);

    /// <inheritdoc/>
    public string? ReadSymbolicLink(string path) => new FileInfo(path).LinkTarget;

    /// <inheritdoc/>
    public IDisposable LockFile(string path, bool exclusive, uint mode, CancellationToken cancellation) =>
        FileLock.Acquire(path, LibC.O_RDWR | LibC.O_CREAT, mode, exclusive, cancellation);

    /// <inheritdoc/>
    public IDisposable LockNamespace(NetworkNamespace ns, bool exclusive, CancellationToken cancellation) =>
        FileLock.Acquire($"/proc/self/fd/{ns.Descriptor}", LibC.O_RDONLY, 0, exclusive, cancellation);

    /// <inheritdoc/>
    public bool Announces => NamespaceThread.HasOthers;

    /// <inheritdoc/>
    public void Announce(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses) =>
        AddressAnnouncement.Send(ns, link, mac, addresses);

    /// <inheritdoc/>
    public IReadOnlyList<Applied> Apply(IReadOnlyList<Change> changes)
    {
        List<Applied> made = new(changes.Count);
        for (int at = 0; at < changes.Count;)
        {
            ChangeGroup group = ChangeGroup.At(changes, at);
            Apply(group, made);
            at += group.Count;
        }

        return made;
    }

    private void Apply(ChangeGroup group, List<Applied> made)
    {
        try
        {
            switch (group.First)
            {
                case LinkDelete deletion when !_waitForDeletions: Delete(deletion, made); break;
                case RouteChange: RouteBatch.Apply(group, made); break;
                case SysctlWrite first: SysctlBatch.Apply(first.Namespace, group.Of<SysctlWrite>(), made); break;
                case NftChange first: ApplyNftables(first.Namespace, group.Of<NftChange>(), made); break;
                case IptablesChange: IptablesBatch.Apply(group.Of<IptablesChange>(), made); break;
                case ConntrackDelete first: DeleteConnections(first.Namespace, group.Of<ConntrackDelete>(), made); break;
                case FileChange file: made.Add(file.Apply()); break;
                case TapAdd tap: made.Add(tap.Make()); break;
                case FirewalldChange change: made.Add(change.Apply(new FirewalldView(SystemBusAddress))); break;
                default: throw new NotSupportedException($"A {group.First.GetType().Name} is no change that a Linux host knows.");
            }
        }
        catch (LinuxException e)
        {
            throw new ChangeException(group.First, made, e);
        }
    }

    private void Delete(LinkDelete deletion, List<Applied> made)
    {
        int errno = LazyInitializer.EnsureInitialized(ref _deleter, static () => new LinkDeleter()).Delete(deletion, keepSocket: deletion.Namespace.Id == Namespace.Id);
        if (errno != 0 && !deletion.Tolerates(errno))
        {
            throw new LinuxException(deletion.Operation, errno);
        }

        made.Add(new Applied(deletion));
    }

    private void ApplyNftables(NetworkNamespace ns, NftChange[] changes, List<Applied> made)
    {
        try
        {
            made.AddRange(Array.Exists(changes, change => change.NeedsProgram) ? NftProgram.Apply(this, ns, changes) : NftablesOf(ns).Apply(changes));
        }
        catch (ChangeException e)
        {
            throw new ChangeException(e.Change, made, e.InnerException!);
        }
    }

    private void DeleteConnections(NetworkNamespace ns, ConntrackDelete[] changes, List<Applied> made)
    {
        if (ns.Id != Namespace.Id)
        {
            throw new NotSupportedException("Connections are forgotten in the host's namespace only.");
        }

        LazyInitializer.EnsureInitialized(ref _conntrack, () => new ConntrackSocket(ns)).Delete(changes);
        foreach (ConntrackDelete change in changes)
        {
            made.Add(new Applied(change));
        }
    }

    // One for the host's namespace is kept: closing it after a deletion waits for the kernel's clean-up.
    private NftablesSocket NftablesOf(NetworkNamespace ns)
    {
        if (ns.Id != Namespace.Id)
        {
            throw new NotSupportedException("nf_tables are changed in the host's namespace only.");
        }

        if (_nftables is { } socket)
        {
            return socket;
        }

        NftablesSocket mine = new(Namespace);
        NftablesSocket? other = Interlocked.CompareExchange(ref _nftables, mine, null);
        if (other is null)
        {
            return mine;
        }

        mine.Dispose();
        return other;
    }

    /// <summary>Waits for the kernel to finish what is under way, and closes the sockets.</summary>
    public void Dispose()
    {
        _deleter?.Dispose();
        _nftables?.Dispose();
        _conntrack?.Dispose();
        Namespace.Dispose();
    }
}
