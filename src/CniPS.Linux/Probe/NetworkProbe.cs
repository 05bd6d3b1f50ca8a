using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Threading;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Linux.Sockets;

namespace CniPS.Linux.Probe;

/// <summary>
/// Sends a real packet from inside a network namespace, and says what became of it: what came back, what nf_tables decided about it in each namespace that it may
/// pass, why the kernel dropped it, and what the interfaces counted.
/// </summary>
/// <remarks>
/// <para>It needs no program and changes nobody's rules. The trace is switched on by tables of its own that belong to a socket (NFT_TABLE_F_OWNER, Linux 5.12), and
/// drops are heard of through descriptors of perf_event_open(2): both vanish with the process, even if it is killed, so there is never anything to clean up.
/// Connections that the kernel began to keep track of for the packet's sake are forgotten at the end; of a killed one they end by themselves in a minute or two.
/// What it learns about the way's MTU is the kernel's, as with any packet.</para>
/// <para>iptables-nft's rules are nf_tables' and are traced; iptables-legacy's are not: a packet that reaches a hook's beginning and not its end, though no rule of
/// the trace drops it, was dropped by what nf_tables doesn't know. Needs CAP_NET_RAW and CAP_NET_ADMIN in the namespaces, and for drops CAP_PERFMON.</para>
/// </remarks>
public static class NetworkProbe
{
    // What follows a drop (an error, a copy that took another way) follows at once.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends one packet and waits for what comes back.</summary>
    /// <param name="from">The namespace it is sent from.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="points">The namespaces in which it is looked for; none only sends.</param>
    /// <param name="timeout">
    /// How long to wait; one whose drop the trace has seen is waited for no longer than a tenth of a second. That a neighbour doesn't answer (ICMP error 3/1) the
    /// kernel knows after three seconds.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LinuxException">The kernel refused the sockets: no privilege, or no such interface. What it would not send is an answer, and no error.</exception>
    /// <exception cref="ArgumentException">The packet's addresses are not of one version of IP.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public static ProbeReport Send(
        NetworkNamespace from, ProbePacket packet, IReadOnlyList<ProbePoint> points, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(points);
        if (packet.Source is { } source && source.AddressFamily != packet.Destination.AddressFamily)
        {
            throw new ArgumentException($"{source} can't send to {packet.Destination}: they are of different versions of IP", nameof(packet));
        }

        using ProbeSocket socket = ProbeSocket.Open(from, packet, out LinuxException? refusal);
        if (refusal is not null)
        {
            List<ProbeSight> nothing = [];
            foreach (ProbePoint point in points)
            {
                nothing.Add(new ProbeSight(point, [], []));
            }

            return new ProbeReport(packet, new ProbeAnswer(ProbeOutcome.Refused) { Errno = refusal.Errno }, null, nothing, []);
        }

        using Watch watch = new(socket.Bytes, points);
        long sent = Stopwatch.GetTimestamp();
        ProbeAnswer answer = socket.Send() is not 0 and int errno
            ? new ProbeAnswer(ProbeOutcome.Refused) { Errno = errno }
            : Wait(socket, watch, sent, timeout, cancellation);
        IReadOnlyList<ProbeSight> sights = watch.End();
        ProbeConnections.Forget(from, socket.Bytes, sights);
        return new ProbeReport(
            packet, answer, new IPEndPoint(socket.Bytes.Source, packet.Protocol == ProbeProtocol.Icmp ? 0 : socket.Bytes.Number), sights, watch.Drops(sent))
        {
            DropsUnavailable = watch.DropsUnavailable,
        };
    }

    private static ProbeAnswer Wait(ProbeSocket socket, Watch watch, long sent, TimeSpan timeout, CancellationToken cancellation)
    {
        PollSet set = new();
        using WakeUp end = new();
        using CancellationTokenRegistration _ = cancellation.Register(end.Set);
        while (true)
        {
            watch.Read();
            TimeSpan passed = Stopwatch.GetElapsedTime(sent);
            if (socket.Receive() is { } answer)
            {
                return answer with { RoundTrip = passed };
            }

            cancellation.ThrowIfCancellationRequested();
            TimeSpan left = timeout - passed;
            if (watch.DroppedAt is { } dropped)
            {
                TimeSpan grace = s_grace - Stopwatch.GetElapsedTime(dropped);
                left = grace < left ? grace : left;
            }

            if (left <= TimeSpan.Zero)
            {
                return new ProbeAnswer(ProbeOutcome.Nothing);
            }

            set.Clear();
            set.Add(end.Handle);
            foreach (System.Runtime.InteropServices.SafeHandle handle in socket.Handles)
            {
                set.Add(handle);
            }

            watch.AddTo(set);
            set.Wait(left);
        }
    }

    /// <summary>All that is looked at while the packet is on its way.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly List<PointWatch> _points = [];
        private readonly DropWatch? _drops;
        private readonly int _thread = (int)LibC.syscall(Perf.SYS_gettid);

        internal Watch(ProbeBytes probe, IReadOnlyList<ProbePoint> points)
        {
            foreach (ProbePoint point in points)
            {
                _points.Add(new PointWatch(point, probe));
            }

            if (points.Count == 0)
            {
                DropsUnavailable = "no namespace is looked at";
                return;
            }

            try
            {
                _drops = DropWatch.Begin(probe.Packet.IsV6);
            }
            catch (LinuxException e)
            {
                DropsUnavailable = e.Message;
            }
        }

        internal string? DropsUnavailable { get; }

        /// <summary>When the trace first said that the packet was dropped.</summary>
        internal long? DroppedAt { get; private set; }

        internal void AddTo(PollSet set)
        {
            foreach (PointWatch point in _points)
            {
                point.AddTo(set);
            }
        }

        internal void Read()
        {
            foreach (PointWatch point in _points)
            {
                if (point.Read() && DroppedAt is null)
                {
                    DroppedAt = Stopwatch.GetTimestamp();
                }
            }
        }

        internal IReadOnlyList<ProbeSight> End()
        {
            Read();
            return _points.ConvertAll(static point => point.End());
        }

        internal IReadOnlyList<PacketDrop> Drops(long sent) => _drops?.Take(_thread, (ulong)sent) ?? [];

        public void Dispose()
        {
            _drops?.Dispose();
            foreach (PointWatch point in _points)
            {
                point.Dispose();
            }
        }
    }
}
