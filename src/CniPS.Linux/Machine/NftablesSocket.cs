using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Machine;

/// <summary>A socket for nf_tables in one namespace: changes as transactions, and a view.</summary>
internal sealed class NftablesSocket : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly NetlinkBatch _batch = new(1024);
    private readonly object _gate = new();

    internal NftablesSocket(NetworkNamespace ns)
    {
        _socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);
        View = new NftablesView(ns, _socket);
    }

    /// <summary>What is there.</summary>
    internal NftablesView View { get; }

    /// <summary>Makes changes as one transaction: all of them, or none.</summary>
    /// <returns>One entry a change.</returns>
    /// <exception cref="ChangeException">One failed, and so all did.</exception>
    internal IReadOnlyList<Applied> Apply(IReadOnlyList<NftChange> changes)
    {
        lock (_gate)
        {
            Applied[] made = new Applied[changes.Count];
            bool done = false;
            View.Generations.Begin();
            try
            {
                // Each turn finds something more that needn't be done, so there are no more turns than changes.
                while (!TryApply(changes, made))
                {
                }

                done = _batch.Count > 2; // else all of it was so already
                return made;
            }
            finally
            {
                View.Generations.End(done, OnlyElements(changes));
            }
        }
    }

    private static bool OnlyElements(IReadOnlyList<NftChange> changes)
    {
        foreach (NftChange change in changes)
        {
            if (change is not (NftElementAdd or NftElementDelete))
            {
                return false;
            }
        }

        return true;
    }

    // Sends what is not settled yet. False: the kernel refused, but only what needn't be done after all, which is settled now.
    private bool TryApply(IReadOnlyList<NftChange> changes, Applied?[] made)
    {
        int[] first = Write(changes, made);
        if (_batch.Count == 2)
        {
            return true;
        }

        NetlinkReply[] replies = Send(changes, made);
        bool settled = false;
        for (int i = 0; i < changes.Count; i++)
        {
            int errno = made[i] is null ? FirstError(replies, first[i], first[i + 1], out string? words) : NoError(out words);
            if (errno == 0)
            {
                continue;
            }

            NftChange change = changes[i];
            if (!change.Tolerates(errno))
            {
                throw Failed(change, errno, words);
            }

            made[i] = new Applied(change);
            settled = true;
        }

        if (settled)
        {
            return false;
        }

        if (replies[0].Errno != 0)
        {
            throw Failed(changes[0], replies[0].Errno, replies[0].KernelMessage);
        }

        for (int i = 0; i < changes.Count; i++)
        {
            made[i] ??= changes[i].Made(replies[first[i + 1] - 1]);
        }

        return true;
    }

    // Returns each change's first message, and one more for the end.
    private int[] Write(IReadOnlyList<NftChange> changes, Applied?[] made)
    {
        int[] first = new int[changes.Count + 1];
        _batch.Clear();
        Frame(Nf.NFNL_MSG_BATCH_BEGIN);
        for (int i = 0; i < changes.Count; i++)
        {
            first[i] = _batch.Count;
            if (made[i] is null)
            {
                changes[i].Write(_batch);
            }
        }

        first[^1] = _batch.Count;
        // Errors come unasked; when there is none, the last answer says that all is done.
        _batch.AddFlags(Nl.NLM_F_ACK);
        Frame(Nf.NFNL_MSG_BATCH_END);
        return first;
    }

    private void Frame(ushort type) =>
        _batch.Begin(type, 0, new nfgenmsg { res_id = BinaryPrimitives.ReverseEndianness(Nf.NFNL_SUBSYS_NFTABLES) });

    private NetlinkReply[] Send(IReadOnlyList<NftChange> changes, Applied?[] made)
    {
        try
        {
            return _socket.Transact(_batch);
        }
        catch (LostAnswerException e)
        {
            List<Applied> doubtful = [];
            for (int i = 0; i < changes.Count; i++)
            {
                doubtful.AddRange(made[i] is null ? UndoIfMade.Of(changes[i], changes[i].Made(default)) : []);
            }

            throw new ChangeException(changes[0], doubtful, new LostAnswerException(changes[0].Operation, e.Errno));
        }
        catch (LinuxException e)
        {
            throw new ChangeException(changes[0], [], e);
        }
    }

    private static int FirstError(NetlinkReply[] replies, int from, int to, out string? words)
    {
        for (int i = from; i < to; i++)
        {
            if (replies[i].Errno != 0)
            {
                words = replies[i].KernelMessage;
                return replies[i].Errno;
            }
        }

        return NoError(out words);
    }

    private static int NoError(out string? words)
    {
        words = null;
        return 0;
    }

    private static ChangeException Failed(NftChange change, int errno, string? words) =>
        new(change, [], new LinuxException(change.Operation, errno, words));

    /// <summary>Closes the socket, which waits for the kernel's clean-up, 12 to 16 ms after a deletion.</summary>
    public void Dispose() => _socket.Dispose();
}
