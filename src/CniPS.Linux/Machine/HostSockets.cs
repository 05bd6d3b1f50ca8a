using System;
using System.Threading;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Machine;

/// <summary>Netfilter's sockets in the host's namespace, opened when they are first wanted and then kept: closing one after a deletion waits for the kernel's clean-up.</summary>
/// <param name="host">The host's namespace.</param>
internal sealed class HostSockets(NetworkNamespace host) : IDisposable
{
    private NftablesSocket? _nftables;
    private ConntrackSocket? _conntrack;

    /// <summary>The one for nf_tables.</summary>
    /// <exception cref="NotSupportedException">It is another namespace than the host's.</exception>
    internal NftablesSocket Nftables(NetworkNamespace ns)
    {
        if (ns.Id != host.Id)
        {
            throw new NotSupportedException("nf_tables are changed in the host's namespace only.");
        }

        if (_nftables is { } socket)
        {
            return socket;
        }

        NftablesSocket mine = new(host);
        NftablesSocket? other = Interlocked.CompareExchange(ref _nftables, mine, null);
        if (other is null)
        {
            return mine;
        }

        mine.Dispose();
        return other;
    }

    /// <summary>The one for connection tracking.</summary>
    /// <exception cref="NotSupportedException">It is another namespace than the host's.</exception>
    internal ConntrackSocket Conntrack(NetworkNamespace ns)
    {
        if (ns.Id != host.Id)
        {
            throw new NotSupportedException("Connections are forgotten in the host's namespace only.");
        }

        return LazyInitializer.EnsureInitialized(ref _conntrack, () => new ConntrackSocket(ns));
    }

    public void Dispose()
    {
        _nftables?.Dispose();
        _conntrack?.Dispose();
    }
}
