using System;
using System.Text;

namespace CniPS.Plugins;

/// <summary>FNV-1a, 64 bits: a hash for names and look-ups that is the same in every process. Not for secrets.</summary>
internal static class StableHash
{
    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;

    internal static ulong Of(ReadOnlySpan<char> text, ulong seed = Offset)
    {
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int n = Encoding.UTF8.GetBytes(text, bytes);
        ulong hash = seed;
        foreach (byte b in bytes[..n])
        {
            hash = (hash ^ b) * Prime;
        }

        // FNV's low bits mix well, its high ones less so.
        return hash ^ (hash >> 32);
    }
}
