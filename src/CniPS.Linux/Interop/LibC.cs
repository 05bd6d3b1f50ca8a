using System;
using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>The libc functions used here, under their own names. Each sets errno, read with <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static unsafe partial class LibC
{
    private const string libc = "libc";

    internal const int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;
    internal const int SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
    internal const int MSG_TRUNC = 0x20;
    internal const int CLONE_NEWNET = 0x40000000;
    internal const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200, O_APPEND = 0x400,
        O_NOCTTY = 0x100, O_CLOEXEC = 0x80000, O_PATH = 0x200000;
    // Other bits on ARM.
    private static readonly bool s_arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    internal static readonly int O_DIRECTORY = s_arm ? 0x4000 : 0x10000, O_NOFOLLOW = s_arm ? 0x8000 : 0x20000, O_TMPFILE = 0x400000 | O_DIRECTORY;
    internal const uint S_IFMT = 0xF000, S_IFREG = 0x8000, S_IFDIR = 0x4000, S_IFLNK = 0xA000;
    internal const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4;
    internal const int MS_BIND = 0x1000, MS_REC = 0x4000, MS_SHARED = 0x100000, MNT_DETACH = 2;
    internal const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000, AT_SYMLINK_FOLLOW = 0x400;
    internal const long NSFS_MAGIC = 0x6e736673, PROC_SUPER_MAGIC = 0x9fa0;
    internal const short POLLIN = 1;

    internal const int REG_EXTENDED = 1, REG_NOSUB = 8;

    [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int regcomp(byte* preg, string regex, int cflags);

    [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int regexec(byte* preg, string text, nuint nmatch, void* pmatch, int eflags);

    [LibraryImport(libc)]
    internal static partial nuint regerror(int errcode, byte* preg, byte* errbuf, nuint errbuf_size);

    [LibraryImport(libc)]
    internal static partial void regfree(byte* preg);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint recv(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int poll(pollfd* fds, nuint count, int milliseconds);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, uint mode);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int ftruncate(int fd, long length);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rename(string from, string to);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int linkat(int fromFolder, string from, int toFolder, string to, int flags);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlink(string path);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint readlink(string path, byte* buffer, nint size);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkdir(string path, uint mode);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rmdir(string path);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string? type, nuint flags, string? data);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int setns(int fd, int type);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial uint geteuid();

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statfs(string path, statfs_t* buffer);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int fstatfs(int fd, statfs_t* buffer);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int dirfd, string path, int flags, uint mask, statx_t* buffer);

    [LibraryImport(libc)]
    internal static partial nint strerror(int errno);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int sem_init(void* semaphore, int shared, uint value);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int sem_post(void* semaphore);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int sem_wait(void* semaphore);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int sem_timedwait(void* semaphore, timespec* until);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int sem_destroy(void* semaphore);
}

/// <summary>struct timespec, time.h, of a 64-bit system.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct timespec
{
    internal long tv_sec;
    internal long tv_nsec;
}

/// <summary>struct pollfd, poll.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct pollfd
{
    internal int fd;
    internal short events;
    internal short revents;
}

/// <summary>struct statfs, of which only the type is read; the rest is room enough for every architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct statfs_t
{
    internal nint f_type;
    internal fixed byte rest[240];
}

/// <summary>struct statx, linux/stat.h: the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct statx_t
{
    [FieldOffset(0x14)] internal uint stx_uid;
    [FieldOffset(0x1c)] internal ushort stx_mode;
    [FieldOffset(0x20)] internal ulong stx_ino;
    [FieldOffset(0x28)] internal ulong stx_size;
    [FieldOffset(0x60)] internal long stx_ctime_sec;
    [FieldOffset(0x68)] internal uint stx_ctime_nsec;
    [FieldOffset(0x70)] internal long stx_mtime_sec;
    [FieldOffset(0x78)] internal uint stx_mtime_nsec;
    [FieldOffset(0x88)] internal uint stx_dev_major;
    [FieldOffset(0x8c)] internal uint stx_dev_minor;
}
