using System;
using System.Globalization;
using System.Text;
using CniPS.Linux.Files;

namespace CniPS.Linux.Namespaces;

/// <summary>When a process was started: process ids are given out again, and a path below /proc may be another's by now.</summary>
public static class ProcessStart
{
    private const int TicksPerSecond = 100; // USER_HZ, on every architecture that .NET runs on

    /// <summary>When the process of a path (<c>/proc/123/ns/net</c>) was started, by today's clock; null where that can't be told.</summary>
    /// <param name="path">A path below /proc.</param>
    public static DateTimeOffset? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] parts = path.Split('/', 4);
        if (parts.Length < 4 || parts[1] != "proc" || Text($"/proc/{parts[2]}/stat") is not { } stat || Text("/proc/uptime") is not { } uptime)
        {
            return null;
        }

        // proc_pid_stat(5): field 22. The second, the name, may have spaces and brackets in it.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19
            && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && double.TryParse(uptime.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? DateTimeOffset.UtcNow - TimeSpan.FromSeconds(seconds - ((double)ticks / TicksPerSecond))
            : null;
    }

    private static string? Text(string path)
    {
        try
        {
            return PosixFile.TryRead(path) is { } content ? Encoding.UTF8.GetString(content) : null;
        }
        catch (LinuxException)
        {
            return null; // it has ended just now, or may not be looked at
        }
    }
}
