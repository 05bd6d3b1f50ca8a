using System;
using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>
/// What libc has and Tmds.LibC lacks, under its own name beside the rest: <c>LibC.flock(fd, LibC.LOCK_EX)</c>. Calls set errno, read with
/// <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static unsafe partial class LibCLacks
{
    private const string libc = "libc";

    extension(LibC)
    {
        internal static int LOCK_SH => 1;
        internal static int LOCK_EX => 2;
        internal static int LOCK_NB => 4;
        internal static int LOCK_UN => 8;

        internal static int REG_EXTENDED => 1;
        internal static int REG_NOSUB => 8;

        internal static int IN_NONBLOCK => 0x800;
        internal static int IN_CLOEXEC => 0x80000;
        internal static uint IN_CLOSE_WRITE => 8;
        internal static uint IN_MOVED_FROM => 0x40;
        internal static uint IN_MOVED_TO => 0x80;
        internal static uint IN_CREATE => 0x100;
        internal static uint IN_DELETE => 0x200;
        internal static uint IN_DELETE_SELF => 0x400;
        internal static uint IN_ONLYDIR => 0x1000000;

        internal static int inotify_init1(int flags) => Import.inotify_init1(flags);

        internal static int inotify_add_watch(int fd, string path, uint mask) => Import.inotify_add_watch(fd, path, mask);

        internal static int flock(int fd, int operation) => Import.flock(fd, operation);

        internal static int rename(string from, string to) => Import.rename(from, to);

        internal static int statfs(string path, statfs_t* buffer) => Import.statfs(path, buffer);

        internal static int fstatfs(int fd, statfs_t* buffer) => Import.fstatfs(fd, buffer);

        internal static nint opendir(string path) => Import.opendir(path);

        internal static dirent* readdir(nint folder) => Import.readdir(folder);

        internal static int closedir(nint folder) => Import.closedir(folder);

        internal static nint strerror(int errno) => Import.strerror(errno);

        internal static int regcomp(byte* preg, string regex, int cflags) => Import.regcomp(preg, regex, cflags);

        internal static int regexec(byte* preg, string text, nuint nmatch, void* pmatch, int eflags) =>
            Import.regexec(preg, text, nmatch, pmatch, eflags);

        internal static nuint regerror(int errcode, byte* preg, byte* errbuf, nuint size) => Import.regerror(errcode, preg, errbuf, size);

        internal static void regfree(byte* preg) => Import.regfree(preg);

        internal static int sem_init(void* semaphore, int shared, uint value) => Import.sem_init(semaphore, shared, value);

        internal static int sem_post(void* semaphore) => Import.sem_post(semaphore);

        internal static int sem_wait(void* semaphore) => Import.sem_wait(semaphore);

        internal static int sem_timedwait(void* semaphore, timespec* until) => Import.sem_timedwait(semaphore, until);

        internal static int sem_destroy(void* semaphore) => Import.sem_destroy(semaphore);
    }

    /// <summary>Our own imports. A block of extensions may hold none.</summary>
    private static partial class Import
    {
        [LibraryImport(libc, SetLastError = true)]
        internal static partial int inotify_init1(int flags);

        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int inotify_add_watch(int fd, string path, uint mask);

        [LibraryImport(libc, SetLastError = true)]
        internal static partial int flock(int fd, int operation);

        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int rename(string from, string to);

        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int statfs(string path, statfs_t* buffer);

        [LibraryImport(libc, SetLastError = true)]
        internal static partial int fstatfs(int fd, statfs_t* buffer);

        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial nint opendir(string path);

        [LibraryImport(libc, SetLastError = true)]
        internal static partial dirent* readdir(nint folder);

        [LibraryImport(libc)]
        internal static partial int closedir(nint folder);

        [LibraryImport(libc)]
        internal static partial nint strerror(int errno);

        [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int regcomp(byte* preg, string regex, int cflags);

        [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int regexec(byte* preg, string text, nuint nmatch, void* pmatch, int eflags);

        [LibraryImport(libc)]
        internal static partial nuint regerror(int errcode, byte* preg, byte* errbuf, nuint size);

        [LibraryImport(libc)]
        internal static partial void regfree(byte* preg);

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
}

/// <summary>struct statfs, of which only the type is read; the rest is room enough for every architecture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct statfs_t
{
    internal const long NSFS_MAGIC = 0x6e736673, PROC_SUPER_MAGIC = 0x9fa0;

    internal nint f_type;
    internal fixed byte rest[240];
}

/// <summary>struct dirent as 64-bit libraries have it, glibc and musl alike; the name goes on to its zero.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct dirent
{
    internal ulong d_ino;
    internal long d_off;
    internal ushort d_reclen;
    internal byte d_type;
    internal fixed byte d_name[256];
}

/// <summary>struct open_how, linux/openat2.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct open_how
{
    internal const nint SYS_openat2 = 437; // on every architecture
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02, RESOLVE_NO_SYMLINKS = 0x04, RESOLVE_IN_ROOT = 0x10;

    internal ulong flags;
    internal ulong mode;
    internal ulong resolve;
}

/// <summary>struct sock_filter, linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sock_filter(ushort code, byte jt, byte jf, uint k)
{
    internal ushort code = code;
    internal byte jt = jt;
    internal byte jf = jf;
    internal uint k = k;
}

/// <summary>struct sock_fprog, linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    internal ushort len;
    internal sock_filter* filter;
}
