using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Machine;

/// <summary>A socket for connection tracking (ctnetlink) in one namespace.</summary>
internal sealed class ConntrackSocket : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly object _gate = new();

    internal ConntrackSocket(NetworkNamespace ns) => _socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);

    /// <summary>Forgets connections: one look through the table for each family, however many ports there are.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal void Delete(IReadOnlyList<ConntrackDelete> changes)
    {
        lock (_gate)
        {
            foreach (bool v6 in (bool[])[false, true])
            {
                List<ConntrackDelete> wanted = [.. changes];
                wanted.RemoveAll(change => change.IsV6 != v6);
                if (wanted.Count > 0)
                {
                    Delete(wanted, v6 ? Nf.NFPROTO_IPV6 : Nf.NFPROTO_IPV4);
                }
            }
        }
    }

    private void Delete(List<ConntrackDelete> wanted, byte family)
    {
        string operation = wanted[0].Operation;
        NetlinkBatch request = new(256);
        request.Begin(Ct.IPCTNL_MSG_CT_GET, Nl.NLM_F_DUMP, new nfgenmsg { nfgen_family = family });
        List<ConntrackTuple> found = _socket.Dump(
            request,
            operation,
            () => (found: new List<ConntrackTuple>(), wanted),
            static (ref (List<ConntrackTuple> found, List<ConntrackDelete> wanted) state, ushort _, ReadOnlySpan<byte> body) =>
            {
                ConntrackTuple tuple = ConntrackTuple.Read(body);
                if (state.wanted.Exists(change => change.Matches(tuple)))
                {
                    state.found.Add(tuple);
                }
            }).found;
        foreach (ConntrackTuple tuple in found)
        {
            tuple.WriteDelete(request);
            NetlinkReply reply = _socket.Get(request);
            if (reply.Errno != Errno.ENOENT) // it may have ended by itself
            {
                reply.ThrowIfFailed(operation);
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
