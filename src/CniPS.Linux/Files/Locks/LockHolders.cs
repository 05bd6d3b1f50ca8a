using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>Who holds the lock of a file, as /proc/locks says (proc_locks(5)).</summary>
internal static unsafe class LockHolders
{
    private const int Named = 5;

    /// <summary>The processes that hold a lock of an open file, for a message.</summary>
    internal static string Describe(int fd)
    {
        statx stat;
        byte[]? locks = LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 0x100, &stat) == 0 ? PosixFile.TryRead("/proc/locks") : null;
        List<string> holders = locks is null ? [] : Of(Encoding.UTF8.GetString(locks), stat.stx_dev_major, stat.stx_dev_minor, stat.stx_ino);
        if (holders.Count == 0)
        {
            return "nobody who can be seen from here";
        }

        string more = holders.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {holders.Count - Named} more") : "";
        return string.Join(", ", holders.GetRange(0, Math.Min(Named, holders.Count))) + more;
    }

    /// <summary>The holders in the text of /proc/locks.</summary>
    internal static List<string> Of(string locks, uint major, uint minor, ulong inode)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{major:x2}:{minor:x2}:{inode}");
        List<string> holders = [];
        foreach (string line in locks.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "1: FLOCK  ADVISORY  WRITE 1234 00:2f:5678 0 EOF"; who waits has "->" behind the number.
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 5 && words[1] == "FLOCK" && words[5] == file)
            {
                string holder = Process(words[4]);
                if (!holders.Contains(holder))
                {
                    holders.Add(holder);
                }
            }
        }

        return holders;
    }

    private static string Process(string id)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) || pid <= 0)
        {
            return "a process of another pid namespace";
        }

        try
        {
            return PosixFile.TryRead($"/proc/{id}/comm") is { } name
                ? $"process {id} ({Encoding.UTF8.GetString(name).TrimEnd('\n')})"
                : $"process {id}, which has ended and left it to a child";
        }
        catch (LinuxException)
        {
            return $"process {id}"; // it ends at this moment, or may not be looked at
        }
    }
}
