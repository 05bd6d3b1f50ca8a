using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using CniPS.Linux.Sockets;

namespace CniPS.Linux.Capture;

/// <summary>
/// Captures packets of interfaces, in whatever namespaces these are, into one pcapng file. It changes nothing but that the interfaces are promiscuous as long as it
/// goes on. Needs CAP_NET_RAW in the namespaces.
/// </summary>
public sealed class PacketCapture : IDisposable
{
    private readonly List<PacketRing> _rings = [];
    private readonly CaptureFile _file;
    private readonly bool _isRead;

    /// <summary>Opens the interfaces and the file: from now on nothing is missed.</summary>
    /// <param name="points">The interfaces; their namespaces are needed till this has returned.</param>
    /// <param name="filter">Which packets; null for all.</param>
    /// <param name="path">The file to write, which is written anew.</param>
    /// <param name="comment">What is captured, for people.</param>
    /// <exception cref="LinuxException">An interface isn't there, a privilege is missing, or the file can't be made.</exception>
    public PacketCapture(IReadOnlyList<CapturePoint> points, PacketFilter? filter, string path, string comment)
        : this(points, filter, () => Create(path), comment)
    {
    }

    /// <summary>Opens the interfaces, for a program that reads the file as it is written.</summary>
    /// <param name="points">The interfaces; their namespaces are needed till this has returned.</param>
    /// <param name="filter">Which packets; null for all.</param>
    /// <param name="output">Where to; what has come is there before more is waited for. It is closed at the end.</param>
    /// <param name="comment">What is captured, for people.</param>
    /// <exception cref="LinuxException">An interface isn't there, or a privilege is missing.</exception>
    public PacketCapture(IReadOnlyList<CapturePoint> points, PacketFilter? filter, Stream output, string comment)
        : this(points, filter, () => output, comment) => _isRead = true;

    private PacketCapture(IReadOnlyList<CapturePoint> points, PacketFilter? filter, Func<Stream> open, string comment)
    {
        ArgumentNullException.ThrowIfNull(points);
        try
        {
            foreach (CapturePoint point in points)
            {
                _rings.Add(new PacketRing(point, _rings.Count, filter));
            }

            _file = new CaptureFile(open(), comment);
            for (int i = 0; i < points.Count; i++)
            {
                _file.AddInterface(points[i], _rings[i].IsEthernet, filter);
            }
        }
        catch (LinuxException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many packets are in the file.</summary>
    public long Packets => _file.Packets;

    /// <summary>How many packets came that the kernel had no room for, and so are missing; known once <see cref="End"/> was called.</summary>
    public long Drops { get; private set; }

    /// <summary>Captures, until there are enough packets, the time is over, or it is cancelled, which is no error.</summary>
    /// <param name="count">How many packets; null for any number.</param>
    /// <param name="duration">How long; null for ever.</param>
    /// <param name="visit">Told of each packet once it is in the file; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LinuxException">The kernel refused, an interface is gone, or the file can't be written.</exception>
    public void Run(long? count, TimeSpan? duration, Action<PacketSummary>? visit, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        PollSet set = new();
        using WakeUp end = new();
        using CancellationTokenRegistration _ = cancellation.Register(end.Set);
        while (Read(count, visit))
        {
            TimeSpan left = duration is { } limit ? limit - Stopwatch.GetElapsedTime(began) : TimeSpan.MaxValue;
            if (left <= TimeSpan.Zero || cancellation.IsCancellationRequested)
            {
                // What came before the end, and is not handed over yet.
                Thread.Sleep(2 * PacketRing.HandOverMilliseconds);
                Read(count, visit);
                return;
            }

            set.Clear();
            set.Add(end.Handle);
            foreach (PacketRing ring in _rings)
            {
                set.Add(ring.Handle);
            }

            set.Wait(left);
        }
    }

    private bool Read(long? count, Action<PacketSummary>? visit)
    {
        try
        {
            foreach (PacketRing ring in _rings)
            {
                bool goesOn = ring.Read((in packet) =>
                {
                    _file.Add(packet);
                    visit?.Invoke(PacketSummary.Read(packet, ring.IsEthernet));
                    return count is not { } enough || Packets < enough;
                });
                if (!goesOn)
                {
                    return false;
                }
            }

            if (_isRead)
            {
                _file.Flush();
            }

            return true;
        }
        catch (IOException e)
        {
            throw LinuxException.Of("write a capture", e);
        }
    }

    /// <summary>Writes what was counted, and closes the file.</summary>
    /// <exception cref="LinuxException">It can't be written.</exception>
    public void End()
    {
        try
        {
            for (int i = 0; i < _rings.Count; i++)
            {
                (uint packets, uint drops) = _rings[i].TakeStatistics();
                _file.AddStatistics(i, DateTimeOffset.UtcNow, packets, drops);
                Drops += drops;
            }

            _file.Dispose();
        }
        catch (IOException e)
        {
            throw LinuxException.Of("write a capture", e);
        }
    }

    private static FileStream Create(string path)
    {
        const int Buffer = 256 * 1024;
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it holds what others said
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = Buffer, UnixCreateMode = Mode,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LinuxException.Of($"write {path}", e);
        }
    }

    /// <summary>Ends the capture; a file that has not ended holds what was captured so far.</summary>
    public void Dispose()
    {
        foreach (PacketRing ring in _rings)
        {
            ring.Dispose();
        }

        _file?.Dispose();
    }
}
