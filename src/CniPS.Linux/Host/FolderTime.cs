using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Host;

/// <summary>When a folder was last changed (stx_mtime): the same time twice means that nothing came or went in between, if the clock is fine enough.</summary>
/// <param name="Seconds">Seconds since 1970.</param>
/// <param name="Nanoseconds">And nanoseconds.</param>
public readonly record struct FolderTime(long Seconds, uint Nanoseconds)
{
    /// <summary>A kernel's clock tick, with room to spare: two changes within one may have the same time.</summary>
    private const long TickNanoseconds = 20_000_000;

    private static readonly bool s_fineKernel = Environment.OSVersion.Version >= new Version(6, 13);

    /// <summary>A folder's time; the default value where there is no such folder.</summary>
    public static unsafe FolderTime Of(string folder)
    {
        statx_t stat;
        return LibC.statx(LibC.AT_FDCWD, folder, 0, 0x40, &stat) == 0 ? new FolderTime(stat.stx_mtime_sec, stat.stx_mtime_nsec) : default;
    }

    /// <summary>
    /// Whether a folder noted at one time has certainly not changed. From Linux 6.13 on, a time that was looked at is never given to a later
    /// change (multigrain timestamps); before, a time must have become older than a clock tick.
    /// </summary>
    public static bool IsSame(FolderTime noted, FolderTime now)
    {
        if (noted != now || noted == default)
        {
            return false;
        }

        if (s_fineKernel)
        {
            return true;
        }

        long age = ((DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (now.Seconds * 1000)) * 1_000_000) - now.Nanoseconds;
        return age > TickNanoseconds;
    }
}
