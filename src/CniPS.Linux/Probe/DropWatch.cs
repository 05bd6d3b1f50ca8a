using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Files;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>
/// Sees which packets the kernel drops, and why, by its tracepoint skb:kfree_skb. It listens through perf_event_open(2), a descriptor for each processor, so
/// that nothing stays behind, whatever end its process comes to.
/// </summary>
internal sealed class DropWatch : IDisposable
{
    private const ushort Ip = 0x0800, Ip6 = 0x86dd;

    private readonly Tracefs _tracepoint;
    private readonly List<PerfRing> _rings = [];

    private DropWatch(Tracefs tracepoint) => _tracepoint = tracepoint;

    /// <summary>Begins to listen.</summary>
    /// <param name="v6">The version of IP whose packets are looked at.</param>
    /// <exception cref="LinuxException">The kernel has no such tracepoint, or refused.</exception>
    internal static DropWatch Begin(bool v6)
    {
        DropWatch watch = new(Tracefs.Read());
        try
        {
            string filter = string.Create(CultureInfo.InvariantCulture, $"protocol == {(v6 ? Ip6 : Ip)}");
            foreach (int processor in Processors())
            {
                watch._rings.Add(new PerfRing(watch._tracepoint.Id, processor, filter));
            }

            return watch;
        }
        catch (LinuxException)
        {
            watch.Dispose();
            throw;
        }
    }

    // The processors that are on: 0-3,5
    private static IEnumerable<int> Processors()
    {
        string text = Encoding.ASCII.GetString(PosixFile.TryRead("/sys/devices/system/cpu/online") ?? "0"u8.ToArray()).Trim();
        foreach (string range in text.Split(','))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            for (int processor = int.Parse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture); processor <= last; processor++)
            {
                yield return processor;
            }
        }
    }

    /// <summary>What was dropped so far: the sender's first, each in order.</summary>
    /// <param name="thread">Who sent the probe.</param>
    /// <param name="sent">When, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> says.</param>
    internal IReadOnlyList<PacketDrop> Take(int thread, ulong sent)
    {
        List<(ulong Time, ulong Location, int Reason, bool IsSender)> found = [];
        foreach (PerfRing ring in _rings)
        {
            ring.Read((id, time, raw) =>
            {
                if (time >= sent && raw.Length >= _tracepoint.ProtocolOffset + 2)
                {
                    int reason = _tracepoint.ReasonOffset >= 0 && raw.Length >= _tracepoint.ReasonOffset + 4
                        ? MemoryMarshal.Read<int>(raw[_tracepoint.ReasonOffset..])
                        : 0;
                    found.Add((time, MemoryMarshal.Read<ulong>(raw[_tracepoint.LocationOffset..]), reason, id == thread));
                }
            });
        }

        found.Sort(static (a, b) => a.IsSender != b.IsSender ? b.IsSender.CompareTo(a.IsSender) : a.Time.CompareTo(b.Time));
        KernelSymbols? symbols = found.Count == 0 ? null : KernelSymbols.Read(found.ConvertAll(static drop => drop.Location));
        List<PacketDrop> drops = found.ConvertAll(drop => new PacketDrop(
            _tracepoint.Reasons.GetValueOrDefault(drop.Reason) ?? (_tracepoint.ReasonOffset < 0 ? "UNKNOWN" : $"reason {drop.Reason}"),
            symbols!.NameOf(drop.Location),
            drop.IsSender,
            TimeSpan.FromMicroseconds((drop.Time - sent) / 1000.0)));
        // An echo reply is two packets at the end: one that the probe's raw socket gets, and one for ping sockets, of which there is none.
        drops.RemoveAll(static drop => drop is { Reason: "NO_SOCKET", Location: "ping_rcv" });
        return drops;
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        foreach (PerfRing ring in _rings)
        {
            ring.Dispose();
        }
    }
}
