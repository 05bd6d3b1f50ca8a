using System;
using System.Collections.Generic;
using CniPS.Linux.Files;
using CniPS.Linux.Route;

namespace CniPS.Linux.Namespaces;

/// <content>What the kernel says of the way of a packet in here.</content>
public sealed unsafe partial class NetworkNamespace
{
    /// <summary>Where the kernel would send a packet (RTM_GETROUTE): its own decision, policy rules included.</summary>
    /// <exception cref="LinuxException">The kernel could not be asked; what it refuses is an answer.</exception>
    public RouteDecision Decide(RouteQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Route.Decide(query);
    }

    /// <summary>Every line of every routing table, blackholes and local ones included.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<FibEntry> GetFib() => Route.GetFib();

    /// <summary>The routing policy, in the order in which its rules are asked (RTM_GETRULE).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<PolicyRule> GetPolicy() => Route.GetPolicy();

    /// <summary>The neighbours of all links (RTM_GETNEIGH).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<Neighbour> GetNeighbours() => Route.GetNeighbours();

    /// <summary>The forwarding databases of all bridges (RTM_GETNEIGH of AF_BRIDGE).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<ForwardingEntry> GetForwardingDatabase() => Route.GetForwardingDatabase();

    /// <summary>A file of <c>/proc/net</c> as it is in here: <c>tcp</c>, <c>udp6</c>; null where the kernel has none of that name.</summary>
    /// <exception cref="LinuxException">The namespace could not be entered.</exception>
    public byte[]? ReadProcNet(string name)
    {
        byte[]? content = null;
        string file = "/proc/thread-self/net/" + name;
        int entered = Run(() =>
        {
            content = PosixFile.TryRead(file);
            return 0;
        });
        return entered >= 0 ? content : throw new LinuxException($"enter namespace {this}", -entered);
    }
}
