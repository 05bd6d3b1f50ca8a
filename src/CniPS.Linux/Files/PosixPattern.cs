using System;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// An extended regular expression, matched by libc (regcomp(3)): .NET's own would add a megabyte to the executable for one line of one
/// file.
/// </summary>
public static unsafe class PosixPattern
{
    // regex_t is 64 bytes with glibc on 64 bits, and less elsewhere.
    private const int Size = 256;

    /// <summary>Whether a pattern is found anywhere in a text.</summary>
    /// <param name="pattern">The pattern; <c>\d</c> stands for a digit, as elsewhere.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no such pattern; the message is libc's.</exception>
    public static bool IsFoundIn(string pattern, string text)
    {
        byte* compiled = stackalloc byte[Size];
        NativeMemory.Clear(compiled, Size);
        int error = LibC.regcomp(compiled, pattern.Replace("\\d", "[0-9]", StringComparison.Ordinal), LibC.REG_EXTENDED | LibC.REG_NOSUB);
        if (error != 0)
        {
            throw new FormatException(Describe(error, compiled));
        }

        try
        {
            return LibC.regexec(compiled, text, 0, null, 0) == 0;
        }
        finally
        {
            LibC.regfree(compiled);
        }
    }

    private static string Describe(int error, byte* compiled)
    {
        Span<byte> message = stackalloc byte[128];
        fixed (byte* p = message)
        {
            nuint length = LibC.regerror(error, compiled, p, (nuint)message.Length);
            return Encoding.UTF8.GetString(message[..(int)Math.Min(length - 1, (nuint)message.Length - 1)]);
        }
    }
}
