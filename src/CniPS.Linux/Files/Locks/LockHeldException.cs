using System;
using System.Globalization;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>A lock was not to be had in time. The message says who holds it, as far as /proc/locks tells.</summary>
public sealed class LockHeldException : LinuxException
{
    private LockHeldException(string message, string path)
        : base(message, $"lock {path}", Interop.Errno.EAGAIN) => Path = path;

    /// <summary>The lock's file or folder.</summary>
    public string Path { get; }

    /// <summary>The error, with those who hold the lock of an open file now.</summary>
    internal static LockHeldException Of(int fd, string path, TimeSpan limit)
    {
        string waited = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new LockHeldException($"lock {path}: held for the {waited} s that were waited, by {LockHolders.Describe(fd)}", path);
    }
}
