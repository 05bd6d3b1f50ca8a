using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>What tracefs says of the tracepoint skb:kfree_skb: its number, where its fields are, and what its reasons are called.</summary>
/// <param name="Id">The number for perf_event_open(2).</param>
/// <param name="LocationOffset">Where in a sample the caller's address is.</param>
/// <param name="ProtocolOffset">Where the protocol is.</param>
/// <param name="ReasonOffset">Where the reason is; -1 for a kernel (before 5.17) that gives none.</param>
/// <param name="Reasons">The reasons' names.</param>
internal sealed record Tracefs(ulong Id, int LocationOffset, int ProtocolOffset, int ReasonOffset, IReadOnlyDictionary<int, string> Reasons)
{
    private const string Event = "events/skb/kfree_skb";

    /// <summary>Reads it.</summary>
    /// <exception cref="LinuxException">There is no tracefs, or it may not be read.</exception>
    internal static Tracefs Read()
    {
        foreach (string folder in (ReadOnlySpan<string>)["/sys/kernel/tracing", "/sys/kernel/debug/tracing"])
        {
            if (PosixFile.TryRead($"{folder}/{Event}/format") is { } format)
            {
                return Parse(Encoding.UTF8.GetString(format));
            }
        }

        using SafeFileHandle unmounted = MountNowhere();
        return Parse(Encoding.UTF8.GetString(
            PosixFile.TryRead($"/proc/self/fd/{(int)unmounted.DangerousGetHandle()}/{Event}/format")
                ?? throw new LinuxException("read the tracepoint skb:kfree_skb", Errno.ENOENT)));
    }

    // A file system that has no place in any mount namespace: it goes with its descriptor (fsmount(2), Linux 5.2).
    private static SafeFileHandle MountNowhere()
    {
        const string Operation = "open tracefs";
        using SafeFileHandle configuration = Open();
        Checked(LibC.syscall(FileSystems.SYS_fsconfig, (int)configuration.DangerousGetHandle(), FileSystems.FSCONFIG_CMD_CREATE, 0, 0, 0));
        return new SafeFileHandle(
            Checked(LibC.syscall(FileSystems.SYS_fsmount, (int)configuration.DangerousGetHandle(), FileSystems.FSMOUNT_CLOEXEC, 0)), ownsHandle: true);

        static unsafe SafeFileHandle Open()
        {
            fixed (byte* type = "tracefs\0"u8)
            {
                return new SafeFileHandle(Checked(LibC.syscall(FileSystems.SYS_fsopen, type, FileSystems.FSOPEN_CLOEXEC)), ownsHandle: true);
            }
        }

        static int Checked(syscall_arg result) => (int)result >= 0 ? (int)result : throw LinuxException.Last(Operation);
    }

    /// <summary>Reads a tracepoint's format file (Documentation/trace/events.rst).</summary>
    /// <exception cref="LinuxException">It isn't one of kfree_skb's.</exception>
    internal static Tracefs Parse(string format)
    {
        Dictionary<string, int> offsets = [];
        ulong id = 0;
        Dictionary<int, string> reasons = [];
        foreach (string line in format.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("ID:", StringComparison.Ordinal))
            {
                _ = ulong.TryParse(line.AsSpan(3), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out id);
            }
            else if (line.StartsWith("field:", StringComparison.Ordinal))
            {
                ReadField(line, offsets);
            }
            else if (line.StartsWith("print fmt:", StringComparison.Ordinal))
            {
                ReadReasons(line, reasons);
            }
        }

        return id != 0 && offsets.TryGetValue("location", out int location) && offsets.TryGetValue("protocol", out int protocol)
            ? new Tracefs(id, location, protocol, offsets.GetValueOrDefault("reason", -1), reasons)
            : throw new LinuxException("read the tracepoint skb:kfree_skb", Errno.EBADMSG);
    }

    // field:void * location;	offset:16;	size:8;	signed:0;
    private static void ReadField(string line, Dictionary<string, int> offsets)
    {
        string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
        if (parts.Length > 1 && parts[1].StartsWith("offset:", StringComparison.Ordinal)
            && int.TryParse(parts[1].AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
        {
            offsets[parts[0][(parts[0].LastIndexOf(' ') + 1)..]] = offset;
        }
    }

    // … __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "NO_SOCKET" }, …
    private static void ReadReasons(string line, Dictionary<int, string> reasons)
    {
        for (int open = line.IndexOf('{'); open >= 0; open = line.IndexOf('{', open + 1))
        {
            int close = line.IndexOf('}', open);
            if (close < 0)
            {
                return;
            }

            string[] pair = line[(open + 1)..close].Split(',', 2, StringSplitOptions.TrimEntries);
            if (pair.Length == 2 && int.TryParse(pair[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                reasons[number] = pair[1].Trim('"');
            }
        }
    }
}
