using System;
using System.Runtime.InteropServices;

namespace CniPS.Plugin.Interop;

/// <summary>Calls of Tmds.LibC with spans and strings, and the few that it lacks, under their own names.</summary>
internal static unsafe partial class LibCStreams
{
    private const string libc = "libc";

    extension(LibC)
    {
        internal static nint read(int fd, Span<byte> buffer)
        {
            fixed (byte* p = buffer)
            {
                return (nint)(long)LibC.read(fd, p, buffer.Length);
            }
        }

        internal static nint write(int fd, ReadOnlySpan<byte> buffer)
        {
            fixed (byte* p = buffer)
            {
                return (nint)(long)LibC.write(fd, p, buffer.Length);
            }
        }

        // The last argument is null, and so is the last of the array that libc sees. The environment is libc's.
        internal static int execv(string file, string?[] arguments) => Import.execv(file, arguments);

        /// <summary>The path behind a path's links; null where there is none.</summary>
        internal static string? RealPath(string path)
        {
            nint real = Import.realpath(path, 0);
            string? text = Marshal.PtrToStringUTF8(real);
            Import.free(real);
            return text;
        }
    }

    private static partial class Import
    {
        [LibraryImport(libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int execv(string file, string?[] arguments);

        // Makes the buffer itself where none is given.
        [LibraryImport(libc, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial nint realpath(string path, nint buffer);

        [LibraryImport(libc)]
        internal static partial void free(nint pointer);
    }
}
