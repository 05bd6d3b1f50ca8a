using System;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Tool.Interop;

/// <summary>Calls of Tmds.LibC with spans, handles and strings, and the few that it lacks, under their own names.</summary>
internal static unsafe partial class LibCSpans
{
    private const string libc = "libc";

    extension(LibC)
    {
        internal static int setsockopt(SafeFileHandle fd, int level, int name, ReadOnlySpan<byte> value)
        {
            fixed (byte* p = value)
            {
                return LibC.setsockopt((int)fd.DangerousGetHandle(), level, name, p, value.Length);
            }
        }

        internal static nint sendto(SafeFileHandle fd, ReadOnlySpan<byte> buffer, int flags, sockaddr_in address)
        {
            fixed (byte* p = buffer)
            {
                return (nint)(long)LibC.sendto((int)fd.DangerousGetHandle(), p, buffer.Length, flags, (sockaddr*)&address, sizeof(sockaddr_in));
            }
        }

        internal static nint recv(SafeFileHandle fd, Span<byte> buffer, int flags)
        {
            fixed (byte* p = buffer)
            {
                return (nint)(long)LibC.recv((int)fd.DangerousGetHandle(), p, buffer.Length, flags);
            }
        }

        // The last argument is null, and so is the last of the array that libc sees.
        internal static int execvp(string file, string?[] arguments) => Import.execvp(file, arguments);

        internal static int setenv(string name, string value, int overwrite) => Import.setenv(name, value, overwrite);

        internal static int mount(ReadOnlySpan<byte> source, string target, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
        {
            fixed (byte* from = source, to = Encoding.UTF8.GetBytes(target + '\0'), kind = type, options = data)
            {
                return LibC.mount(from, to, kind, 0u, options);
            }
        }
    }

    private static partial class Import
    {
        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int execvp(string file, string?[] arguments);

        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int setenv(string name, string value, int overwrite);
    }
}
