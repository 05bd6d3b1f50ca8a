using System;

namespace CniPS;

/// <summary>A dhcp service that runs in this process.</summary>
public sealed class CniDhcpService
{
    internal CniDhcpService(string socketPath, TimeSpan timeout, DateTime started)
    {
        SocketPath = socketPath;
        Timeout = timeout;
        Started = started;
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>How long a first lease is tried for.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Since when.</summary>
    public DateTime Started { get; }

    /// <summary>The process that it runs in.</summary>
    public int ProcessId => Environment.ProcessId;

    /// <summary>The socket's path.</summary>
    public override string ToString() => SocketPath;
}
