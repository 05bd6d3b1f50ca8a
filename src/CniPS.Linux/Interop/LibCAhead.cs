using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>
/// The libc functions that every ADD calls, under their own names; each sets errno. Tmds.LibC has them as well, but leaves errno to .NET, which
/// compiles a stub for that at run time where no compiler ahead of time does: two of them (mkdir, sendto) took 4 ms of a session's first ADD,
/// which takes 15. These are compiled with the module. What an ADD does not call goes through the package.
/// </summary>
internal static unsafe partial class LibCAhead
{
    private const string libc = "libc";

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint recv(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int setns(int fd, int type);

    /// <summary>poll(2). (The package's keeps no errno: an interruption could not be told from a failure.)</summary>
    [LibraryImport(libc, SetLastError = true)]
    internal static partial int poll(pollfd* fds, nuint count, int milliseconds);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint sendto(int fd, byte* buffer, nint length, int flags, sockaddr* address, uint addressLength);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkdir(string path, uint mode);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, uint mode);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int access(string path, int mode);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlink(string path);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int linkat(int fromFolder, string from, int toFolder, string to, int flags);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int folder, string path, int flags, uint mask, statx* buffer);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int openat(int folder, string path, int flags, uint mode);
}
