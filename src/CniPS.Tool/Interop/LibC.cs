using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Tool.Interop;

/// <summary>The libc functions that only a program needs, under their own names.</summary>
internal static partial class LibC
{
    internal const int AF_INET = 2, SOCK_RAW = 3, IPPROTO_ICMP = 1, SOL_SOCKET = 1, SO_RCVTIMEO = 20;

    private const string libc = "libc";

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint read(int fd, Span<byte> buffer, nint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint write(int fd, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport(libc)]
    internal static partial int isatty(int fd);

    [LibraryImport(libc)]
    internal static partial uint geteuid();

    // The last argument is null, and so is the last of the array that libc sees.
    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int execvp(string file, string?[] arguments);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string type, nuint flags, string data);

    /// <summary>The path behind a path's links; null where there is none.</summary>
    internal static string? RealPath(string path)
    {
        nint real = realpath(path, 0);
        string? text = Marshal.PtrToStringUTF8(real);
        free(real);
        return text;
    }

    // Makes the buffer itself where none is given.
    [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint buffer);

    [LibraryImport(libc)]
    private static partial void free(nint pointer);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int setsockopt(SafeFileHandle fd, int level, int name, ReadOnlySpan<byte> value, uint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint sendto(
        SafeFileHandle fd, ReadOnlySpan<byte> buffer, nint length, int flags, ReadOnlySpan<byte> address, uint addressLength);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint recv(SafeFileHandle fd, Span<byte> buffer, nint length, int flags);
}
