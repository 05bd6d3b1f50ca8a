using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/perf_event.h</summary>
internal static class Perf
{
    internal const uint PERF_TYPE_TRACEPOINT = 2, PERF_RECORD_LOST = 2, PERF_RECORD_SAMPLE = 9;
    internal const ulong PERF_SAMPLE_TID = 2, PERF_SAMPLE_TIME = 4, PERF_SAMPLE_RAW = 1024;
    internal const int PERF_FLAG_FD_CLOEXEC = 8;

    // _IOW('$', 6, char *)
    internal const int PERF_EVENT_IOC_SET_FILTER = 0x40082406;

    // Where perf_event_mmap_page has them.
    internal const int data_head = 1024, data_tail = 1032;

    /// <summary>gettid(2).</summary>
    internal static int SYS_gettid => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 186 : 178;

    /// <summary>perf_event_open(2), which libc has no function for.</summary>
    internal static int SYS_perf_event_open => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298 : 241;
}

/// <summary>struct perf_event_attr, as Linux 4.1 has it (PERF_ATTR_SIZE_VER3 has 96 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct perf_event_attr
{
    internal const ulong use_clockid = 1 << 25;
    internal const int CLOCK_MONOTONIC = 1;

    internal uint type;
    internal uint size;
    internal ulong config;
    internal ulong sample_period;
    internal ulong sample_type;
    internal ulong read_format;
    internal ulong flags;
    internal uint wakeup_events;
    internal uint bp_type;
    internal ulong config1;
    internal ulong config2;
    internal ulong branch_sample_type;
    internal ulong sample_regs_user;
    internal uint sample_stack_user;
    internal int clockid;
}

/// <summary>struct perf_event_header</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct perf_event_header
{
    internal uint type;
    internal ushort misc;
    internal ushort size;
}

/// <summary>linux/mount.h: a file system that is mounted nowhere, and goes with its descriptor. The numbers are the same on every architecture.</summary>
internal static class FileSystems
{
    internal const int SYS_fsopen = 430, SYS_fsconfig = 431, SYS_fsmount = 432;
    internal const int FSOPEN_CLOEXEC = 1, FSCONFIG_CMD_CREATE = 6, FSMOUNT_CLOEXEC = 1;
}
