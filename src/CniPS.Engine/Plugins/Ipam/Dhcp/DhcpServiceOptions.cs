using System;

namespace CniPS.Plugins.Ipam;

/// <summary>How a dhcp service works: what the flags of the Go daemon say.</summary>
public sealed record DhcpServiceOptions
{
    /// <summary>The socket to listen at.</summary>
    public string SocketPath { get; init; } = DhcpConfiguration.DefaultSocket;

    /// <summary>The descriptor of a socket that listens at that path already; null: one that the process was started with (sd_listen_fds(3)), else its own.</summary>
    public int? Descriptor { get; init; }

    /// <summary>What goes before the socket's path and those of namespaces: where the host's root is, seen from here.</summary>
    public string HostPrefix { get; init; } = "";

    /// <summary>Whether servers have to answer by broadcast.</summary>
    public bool Broadcast { get; init; }

    /// <summary>How long a server's word is waited for after its offer was taken.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two messages to servers.</summary>
    public TimeSpan ResendMax { get; init; } = TimeSpan.FromSeconds(62);

    /// <summary>How long a first lease is tried for in all.</summary>
    public TimeSpan ResendTimeout { get; init; } = TimeSpan.FromSeconds(208);
}
