using System;
using System.IO;
using System.Runtime.InteropServices;

namespace CniPS.Plugin.Interop;

/// <summary>Standard input and output by their system calls: System.Console would cost a plugin half a megabyte and a thread.</summary>
internal static class StandardStreams
{
    internal const int Output = 1, Error = 2;

    private const int Input = 0;

    /// <summary>Why standard output could not take all that was written to it (a full disk); null if it did, or if its reader has left, as <c>head</c> does.</summary>
    internal static string? Lost { get; private set; }

    /// <summary>Whether standard output takes no more, so that what goes on for ever may end.</summary>
    internal static bool HasLeft { get; private set; }

    /// <summary>Reads standard input to its end.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    internal static ReadOnlyMemory<byte> ReadInput()
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            nint n = LibC.read(Input, buffer.AsSpan(length));
            if (n == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (n > 0)
            {
                length += (int)n;
            }
            else if (Marshal.GetLastPInvokeError() is int errno && errno != LibC.EINTR)
            {
                throw new IOException(Linux.LinuxException.Describe(errno));
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 4);
            }
        }
    }

    /// <summary>Writes everything, or as much as the reader takes.</summary>
    /// <returns>Whether it was everything.</returns>
    internal static bool Write(int fd, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            nint n = LibC.write(fd, text);
            if (n >= 0)
            {
                text = text[(int)n..];
            }
            else if (Marshal.GetLastPInvokeError() is int errno && errno != LibC.EINTR)
            {
                HasLeft |= fd == Output;
                Lost ??= fd == Output && errno != LibC.EPIPE ? Linux.LinuxException.Describe(errno) : null;
                return false; // nobody listens any more
            }
        }

        return true;
    }
}
