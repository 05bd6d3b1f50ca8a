using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// An open network namespace (network_namespaces(7)). The handle keeps it alive, whatever happens to its path. A closed one opens again when
/// it is used, if its path still leads to the same namespace: changes that name it can be kept, and made later.
/// </summary>
public sealed unsafe partial class NetworkNamespace : IDisposable
{
    private readonly object _gate = new();
    private int _fd;
    private RouteSocket? _route;
    private NamespaceThreads.Worker? _opening;

    private NetworkNamespace(int fd, string path, NamespaceId id)
    {
        _fd = fd;
        Path = path;
        Id = id;
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>What tells it from other namespaces.</summary>
    public NamespaceId Id { get; }

    /// <summary>Its name, if the path is one that <c>ip netns</c> makes (<c>/run/netns/NAME</c>), else null.</summary>
    public string? Name => NamedNamespaces.NameOf(Path);

    /// <summary>Whether the calling thread is in it.</summary>
    public bool IsCurrent => CurrentId() == Id;

    internal int Descriptor => _fd >= 0 ? _fd : Reopen();

    /// <summary>A path by which another process can open it while this handle is open, whatever happened to <see cref="Path"/>.</summary>
    public string DescriptorPath => $"/proc/{Environment.ProcessId}/fd/{Descriptor}";

    /// <summary>Opens a namespace by path.</summary>
    /// <param name="path">A file of the namespace: <c>/run/netns/blue</c>, <c>/proc/123/ns/net</c>.</param>
    /// <exception cref="LinuxException">The path can't be opened.</exception>
    /// <exception cref="NotANamespaceException">The path is there, but is no network namespace.</exception>
    public static NetworkNamespace Open(string path)
    {
        if (path.Contains('\0')) // the kernel would open another file
        {
            throw new LinuxException($"open namespace {path}", Errno.ENOENT);
        }

        // Looked at before it is opened: a FIFO would be waited for, for ever, and a device do something.
        statfs_t fs;
        if (LibC.statfs(path, &fs) != 0)
        {
            throw LinuxException.Last($"open namespace {path}");
        }

        if (fs.f_type is not ((nint)statfs_t.NSFS_MAGIC or (nint)statfs_t.PROC_SUPER_MAGIC))
        {
            throw new NotANamespaceException(path, fs.f_type) { IsUnmounted = IsEmptyFile(path) };
        }

        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY | LibC.O_CLOEXEC, 0);
        return fd >= 0 ? new NetworkNamespace(fd, path, Identify(fd)) : throw LinuxException.Last($"open namespace {path}");
    }

    /// <summary>Opens a namespace that may have ended.</summary>
    /// <param name="path">As of <see cref="Open"/>.</param>
    /// <returns>Null where there is none: nothing is at the path, or only the file that a removed one left.</returns>
    /// <exception cref="LinuxException">Something is there that can't be opened.</exception>
    public static NetworkNamespace? TryOpen(string path)
    {
        try
        {
            return Open(path);
        }
        catch (LinuxException e) when (e.IsNotFound)
        {
            return null;
        }
        catch (NotANamespaceException)
        {
            return null;
        }
    }

    /// <summary>
    /// The namespace that a path leads to, not opened before it is used: what was planned elsewhere, or before, is looked at where it may be
    /// gone. Using it then fails as opening it would.
    /// </summary>
    /// <param name="path">A file of the namespace.</param>
    public static NetworkNamespace Closed(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        NetworkNamespace closed = new(-1, path, TryIdentify(path) ?? default);
        GC.SuppressFinalize(closed);
        return closed;
    }

    /// <summary>Opens the calling thread's own namespace.</summary>
    public static NetworkNamespace OpenCurrent() => Open("/proc/thread-self/ns/net");

    /// <summary>The calling thread's namespace, without opening it.</summary>
    public static NamespaceId CurrentId()
    {
        statx stat;
        if (LibC.statx(LibC.AT_FDCWD, "/proc/thread-self/ns/net", 0, 0x100, &stat) != 0)
        {
            throw LinuxException.Last("look at /proc/thread-self/ns/net");
        }

        return new NamespaceId(((ulong)stat.stx_dev_major << 32) | stat.stx_dev_minor, stat.stx_ino);
    }

    /// <summary>The identity of the namespace at a path, or null where there is none.</summary>
    public static NamespaceId? TryIdentify(string path)
    {
        try
        {
            using NetworkNamespace ns = Open(path);
            return ns.Id;
        }
        catch (LinuxException)
        {
            return null; // not there, or not ours to open: either way there is none to be had
        }
        catch (NotANamespaceException)
        {
            return null;
        }
    }

    /// <summary>
    /// For a program that has no second thread of its own and starts none: from now on namespaces are entered on the calling thread, which
    /// comes back at once. Starting a thread for it would cost more than what is done inside.
    /// </summary>
    public static void EnterDirectly() => NamespaceThread.EnterDirectly = true;

    /// <summary>Opens a socket inside; it stays in this namespace whoever uses it (socket(2)).</summary>
    /// <param name="family">AF_INET, ...</param>
    /// <param name="type">SOCK_RAW, ...; it is closed on exec.</param>
    /// <param name="protocol">IPPROTO_ICMP, ...</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public SafeFileHandle OpenSocket(int family, int type, int protocol)
    {
        int fd = Run(() =>
        {
            int opened = LibCAhead.socket(family, type | LibC.SOCK_CLOEXEC, protocol);
            return opened >= 0 ? opened : -System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        });
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new LinuxException($"open a socket in namespace {this}", -fd);
    }

    /// <summary>
    /// This namespace's number for another one (RTM_GETNSID), by which its links say where their peers are; null where it has none, so that
    /// no link of this namespace leads there.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int? NumberOf(NetworkNamespace other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Route.NumberOf(other.Descriptor);
    }

    /// <summary>
    /// Whether the namespace lives that one of this namespace's numbers stands for. The kernel ends a namespace some time after the last who kept
    /// it has gone: till then there are still links that lead there.
    /// </summary>
    /// <param name="number">As <see cref="NumberOf"/> or <see cref="Link.PeerNamespaceId"/> gives it.</param>
    public bool IsAlive(int number) => Route.IsAlive(number);

    /// <summary>What each link of this namespace has received and sent, with one dump (RTM_GETLINK).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<LinkCounters> GetCounters() => Route.GetCounters();

    /// <summary>
    /// Says that there will soon be something to ask or to change inside: the way in is opened on another thread, while the caller goes on
    /// with something else.
    /// </summary>
    public void Prepare()
    {
        if (_route is null && _opening is null)
        {
            Keep(NamespaceThread.Begin(this, static () => NetlinkSocket.OpenDescriptor(Nl.NETLINK_ROUTE)));
        }
    }

    /// <summary>The rtnetlink socket inside, opened at the first use and kept as long as this handle.</summary>
    internal RouteSocket Route => _route ?? Prepared() ?? KeepRoute(OpenSocket(Nl.NETLINK_ROUTE));

    /// <summary>Opens a netlink socket inside.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal NetlinkSocket OpenSocket(int protocol)
    {
        int fd = Run(() => NetlinkSocket.OpenDescriptor(protocol));
        return fd >= 0 ? NetlinkSocket.FromDescriptor(fd) : throw new LinuxException($"open a netlink socket in namespace {this}", -fd);
    }

    /// <summary>Runs raw system calls inside: on this thread if it is there already, else on a thread made for it (see <see cref="NamespaceThread"/>).</summary>
    internal int Run(Func<int> systemCalls) => IsCurrent ? systemCalls() : NamespaceThread.Run(this, systemCalls);

    /// <summary>The same, opening the rtnetlink socket on the way if it will be needed: one visit instead of two.</summary>
    internal int RunAndOpenRoute(Func<int> systemCalls)
    {
        if ((_route ?? Prepared()) is not null)
        {
            return Run(systemCalls);
        }

        int fd = -1;
        int result = Run(() =>
        {
            fd = NetlinkSocket.OpenDescriptor(Nl.NETLINK_ROUTE);
            return systemCalls();
        });
        if (fd >= 0)
        {
            KeepRoute(NetlinkSocket.FromDescriptor(fd));
        }

        return result;
    }

    private void Keep(NamespaceThreads.Worker? opening)
    {
        if (opening is not null && Interlocked.CompareExchange(ref _opening, opening, null) is not null)
        {
            CloseOpened(opening); // another thread had the same idea
        }
    }

    // The socket that Prepare asked for; null where it didn't, or where that failed: opening it again will say why.
    private RouteSocket? Prepared()
    {
        if (Interlocked.Exchange(ref _opening, null) is not { } opening)
        {
            return _route;
        }

        int fd = NamespaceThread.Finish(opening);
        return fd >= 0 ? KeepRoute(NetlinkSocket.FromDescriptor(fd)) : null;
    }

    private static void CloseOpened(NamespaceThreads.Worker opening)
    {
        int fd = NamespaceThread.Finish(opening);
        if (fd >= 0)
        {
            LibCAhead.close(fd);
        }
    }

    private RouteSocket KeepRoute(NetlinkSocket socket)
    {
        RouteSocket mine = new(socket);
        RouteSocket? other = Interlocked.CompareExchange(ref _route, mine, null);
        if (other is null)
        {
            return mine;
        }

        mine.Dispose();
        return other;
    }

    private static bool IsEmptyFile(string path)
    {
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, path, 0, 0x203, &stat) == 0 && (stat.stx_mode & LibC.S_IFMT) == LibC.S_IFREG && stat.stx_size == 0;
    }

    private static NamespaceId Identify(int fd)
    {
        statx stat;
        if (LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 0x100, &stat) != 0)
        {
            throw LinuxException.Last("look at a namespace");
        }

        return new NamespaceId(((ulong)stat.stx_dev_major << 32) | stat.stx_dev_minor, stat.stx_ino);
    }

    private int Reopen()
    {
        using NetworkNamespace again = Open(Path);
        if (again.Id != Id)
        {
            throw new LinuxException($"open namespace {Path}", Errno.ENOENT, "another namespace has taken its place");
        }

        lock (_gate)
        {
            if (_fd < 0)
            {
                _fd = Interlocked.Exchange(ref again._fd, -1);
                GC.ReRegisterForFinalize(this);
            }

            return _fd;
        }
    }

    /// <summary>Closes the handle.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _opening, null) is { } opening)
        {
            CloseOpened(opening);
        }

        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            LibCAhead.close(fd);
            Interlocked.Exchange(ref _route, null)?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Closes a handle that was forgotten.</summary>
    ~NetworkNamespace()
    {
        if (_fd >= 0)
        {
            LibCAhead.close(_fd); // the socket has a finalizer of its own
        }
    }

    /// <summary>The namespace's name or path.</summary>
    public override string ToString() => Name ?? Path;
}
