using System;
using CniPS.Facts;

namespace CniPS;

/// <summary>A dhcp service that runs in this process.</summary>
public sealed class CniDhcpService : IComparable<CniDhcpService>, IComparable
{
    internal CniDhcpService(string socketPath, TimeSpan timeout, DateTime started)
    {
        SocketPath = socketPath;
        Patience = timeout;
        Started = started;
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>How long a first lease is tried for.</summary>
    public string Timeout => Patience.ToString();

    /// <summary>Since when.</summary>
    public DateTime Started { get; }

    /// <summary>The process that it runs in.</summary>
    public int ProcessId => Environment.ProcessId;

    /// <summary>How long a first lease is tried for.</summary>
    internal TimeSpan Patience { get; }

    /// <summary>By the socket's path.</summary>
    public int CompareTo(CniDhcpService? other) => other is null ? 1 : Order.Of((SocketPath, other.SocketPath));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The socket's path.</summary>
    public override string ToString() => SocketPath;
}
