using System;
using System.IO;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The socket that a dhcp service listens at: its own, or one that it was started with.</summary>
internal sealed class DhcpListener : IDisposable
{
    private const int FirstDescriptor = 3; // SD_LISTEN_FDS_START

    private readonly bool _isOwn;

    private DhcpListener(UnixSocket socket, string path, bool isOwn)
    {
        Socket = socket;
        Path = path;
        _isOwn = isOwn;
    }

    internal UnixSocket Socket { get; }

    internal string Path { get; }

    /// <summary>Opens it.</summary>
    /// <param name="path">Where, unless the process was started with a socket (sd_listen_fds(3)).</param>
    /// <param name="descriptor">One that listens there already, as somebody else has looked at what the process was started with.</param>
    /// <exception cref="CniException">Another daemon listens there, or the kernel refuses.</exception>
    internal static DhcpListener Open(string path, int? descriptor = null)
    {
        try
        {
            if (descriptor is { } given)
            {
                return new DhcpListener(UnixSocket.Inherit(given), path, isOwn: false);
            }

            if (Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out int count) && count > 0)
            {
                return count == 1
                    ? new DhcpListener(UnixSocket.Inherit(FirstDescriptor), path, isOwn: false)
                    : throw Taken($"Too many ({count}) FDs passed through socket activation", "Give the unit one ListenStream.");
            }

            StateFolder.Make(System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : "/", 0x1c0); // 0700
            return new DhcpListener(Listen(path), path, isOwn: true);
        }
        catch (LinuxException e)
        {
            throw new CniException(CniErrorIds.DhcpSocketTaken, CniErrorCode.IOFailure, $"Error getting listener: {e.Message}", innerException: e) { Target = path };
        }
    }

    /// <summary>Closes it, and removes it where it was made here.</summary>
    public void Dispose()
    {
        Socket.Dispose();
        if (_isOwn)
        {
            File.Delete(Path);
        }
    }

    // A socket that nobody listens at is left over from a daemon that was killed.
    private static UnixSocket Listen(string path)
    {
        try
        {
            return UnixSocket.Listen(path);
        }
        catch (LinuxException e) when (e.Errno == 98) // EADDRINUSE
        {
            if (IsServed(path))
            {
                throw Taken(
                    $"Error getting listener: another daemon listens at {path}",
                    "Stop it, or choose another socket (-socketpath, and \"daemonSocketPath\" in the network).");
            }

            File.Delete(path);
            return UnixSocket.Listen(path);
        }
    }

    private static bool IsServed(string path)
    {
        try
        {
            UnixSocket.Connect(path).Dispose();
            return true;
        }
        catch (LinuxException e) when (e.Errno == 111) // ECONNREFUSED
        {
            return false;
        }
    }

    private static CniException Taken(string message, string action) =>
        new(CniErrorIds.DhcpSocketTaken, CniErrorCode.IOFailure, message) { RecommendedAction = action };
}
