using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

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
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, folder, 0, 0x40, &stat) == 0 ? new FolderTime(stat.stx_mtime.tv_sec, stat.stx_mtime.tv_nsec) : default;
    }

    /// <summary>
    /// Whether a folder noted at one time has certainly not changed since. From Linux 6.13 on, with the file systems that take part, a time that
    /// was looked at is never given to a later change (multigrain timestamps); elsewhere a time must have become older than a clock tick.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="noted">Its time then.</param>
    public static bool IsUnchanged(string folder, FolderTime noted) =>
        IsSame(noted, Of(folder), s_fineKernel && IsFine(folder), DateTimeOffset.UtcNow);

    internal static bool IsSame(FolderTime noted, FolderTime now, bool fine, DateTimeOffset clock)
    {
        if (noted != now || noted == default)
        {
            return false;
        }

        long age = ((clock.ToUnixTimeMilliseconds() - (now.Seconds * 1000)) * 1_000_000) - now.Nanoseconds;
        return fine || age > TickNanoseconds;
    }

    // FS_MGTIME: ext4, xfs, btrfs, tmpfs.
    private static unsafe bool IsFine(string folder)
    {
        statfs_t fs;
        return LibC.statfs(folder, &fs) == 0 && unchecked((uint)fs.f_type) is 0xef53 or 0x58465342 or 0x9123683e or 0x01021994;
    }
}
