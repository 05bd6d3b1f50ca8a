using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The daemon that keeps the leases, as its clients see it: a socket.</summary>
public static class DhcpDaemon
{
    /// <summary>Where it listens where nothing else is said.</summary>
    public const string DefaultSocket = DhcpConfiguration.DefaultSocket;

    /// <summary>The leases that a daemon keeps.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CniException">There is none, or it is not ours (<see cref="CniErrorIds.DhcpDaemonUnavailable"/>).</exception>
    public static IReadOnlyList<DhcpLeaseInfo> Leases(string path, CancellationToken cancellation = default) =>
        Ask(path, new DhcpQuestion { Command = "LIST" }.ToLine(), null, cancellation).Leases;

    /// <summary>Asks, and waits for the answer: for an address, as long as the daemon looks for one. Who stops waiting takes the question back.</summary>
    internal static DhcpAnswer Ask(string path, ReadOnlyMemory<byte> line, Action? waiting, CancellationToken cancellation)
    {
        try
        {
            return DhcpAnswer.Parse(DaemonLine.Exchange(path, line, waiting, cancellation), path);
        }
        catch (LinuxException e)
        {
            throw new CniException(
                CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.PluginNotAvailable, $"error dialing DHCP daemon: {e.Message}", innerException: e)
            {
                Target = path,
                RecommendedAction = "Start it: Start-CniDhcpService.",
            };
        }
    }
}
