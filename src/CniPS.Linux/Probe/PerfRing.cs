using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>A tracepoint on one processor, and the memory that the kernel writes its samples into (perf_event_open(2)).</summary>
internal sealed unsafe class PerfRing : IDisposable
{
    private const int DataPages = 32;

    private static readonly int s_page = Environment.SystemPageSize;

    private readonly SafeFileHandle _handle;
    private byte* _memory;

    /// <summary>Begins.</summary>
    /// <param name="tracepoint">Its number.</param>
    /// <param name="processor">Which processor.</param>
    /// <param name="filter">Which samples are wanted, in the tracepoint's own fields.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal PerfRing(ulong tracepoint, int processor, string filter)
    {
        perf_event_attr attributes = new()
        {
            type = Perf.PERF_TYPE_TRACEPOINT,
            size = (uint)sizeof(perf_event_attr),
            config = tracepoint,
            sample_period = 1,
            sample_type = Perf.PERF_SAMPLE_TID | Perf.PERF_SAMPLE_TIME | Perf.PERF_SAMPLE_RAW,
            flags = perf_event_attr.use_clockid,
            clockid = perf_event_attr.CLOCK_MONOTONIC,
        };
        int fd = (int)LibC.syscall(Perf.SYS_perf_event_open, &attributes, -1, processor, -1, Perf.PERF_FLAG_FD_CLOEXEC);
        _handle = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxException.Last("watch the kernel drop packets");
        _memory = (byte*)LibC.mmap(null, Size, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, fd, 0);
        if ((nint)_memory == -1)
        {
            _memory = null;
            throw Failed();
        }

        fixed (byte* text = Encoding.ASCII.GetBytes(filter + "\0"))
        {
            if (LibC.ioctl(fd, Perf.PERF_EVENT_IOC_SET_FILTER, text) != 0)
            {
                throw Failed();
            }
        }
    }

    private static int Size => (DataPages + 1) * s_page;

    /// <summary>Called for each sample.</summary>
    /// <param name="thread">Whose time it was in.</param>
    /// <param name="time">When, in nanoseconds of CLOCK_MONOTONIC, as <see cref="System.Diagnostics.Stopwatch"/> counts them.</param>
    /// <param name="raw">The tracepoint's fields.</param>
    internal delegate void SampleVisitor(int thread, ulong time, ReadOnlySpan<byte> raw);

    /// <summary>Reads what there is.</summary>
    internal void Read(SampleVisitor visit)
    {
        ulong head = Volatile.Read(ref *(ulong*)(_memory + Perf.data_head)), tail = *(ulong*)(_memory + Perf.data_tail);
        ulong size = (ulong)(DataPages * s_page);
        byte* data = _memory + s_page;
        byte[] record = new byte[ushort.MaxValue + 1];
        while (tail < head)
        {
            // A record may go on at the beginning of the memory; its header never does.
            perf_event_header header = *(perf_event_header*)(data + (tail % size));
            for (int i = 0; i < header.size; i++)
            {
                record[i] = data[(tail + (ulong)i) % size];
            }

            if (header.type == Perf.PERF_RECORD_SAMPLE)
            {
                ReadOnlySpan<byte> sample = record.AsSpan(sizeof(perf_event_header), header.size - sizeof(perf_event_header));
                int length = MemoryMarshal.Read<int>(sample[16..]);
                visit(MemoryMarshal.Read<int>(sample[4..]), MemoryMarshal.Read<ulong>(sample[8..]), sample.Slice(20, Math.Min(length, sample.Length - 20)));
            }

            tail += header.size;
        }

        Volatile.Write(ref *(ulong*)(_memory + Perf.data_tail), tail);
    }

    private LinuxException Failed()
    {
        LinuxException failure = LinuxException.Last("watch the kernel drop packets");
        Dispose();
        return failure;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_memory is not null)
        {
            LibC.munmap(_memory, Size);
            _memory = null;
        }

        _handle.Dispose();
    }
}
