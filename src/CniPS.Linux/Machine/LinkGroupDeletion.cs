using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Machine;

/// <summary>
/// Deletes many links of one namespace in one request (RTM_DELLINK with IFLA_GROUP, linux/if_link.h): they are put into a group that nobody else uses,
/// and the group is deleted. So the kernel waits for its grace periods once, and not for each link; and nobody else does (<see cref="LinkDeleter"/>).
/// </summary>
internal static class LinkGroupDeletion
{
    /// <summary>From so many on it pays: a single one is gone for its caller before the kernel's wait begins (<see cref="LinkDeleter"/>).</summary>
    internal const int Least = 4;

    // People number groups from 1 on, and name them in iproute2's group file.
    private const int FirstGroup = 0x4000_0000;

    /// <summary>Whether they can be deleted by group: links with an index, since by a name another one may be put into the group.</summary>
    internal static bool Suits(ChangeGroup changes)
    {
        for (int i = 0; i < changes.Count; i++)
        {
            if (changes[i] is not LinkDelete { Link.Index: > 0 })
            {
                return false;
            }
        }

        return changes.Count >= Least;
    }

    /// <summary>Deletes them.</summary>
    /// <param name="changes">Which: of one namespace, each with its index.</param>
    /// <param name="deleter">Sends the request.</param>
    /// <param name="keepSocket">Whether to keep its socket for the next time.</param>
    /// <param name="made">Takes one entry for each that is gone.</param>
    /// <exception cref="ChangeException">One is not gone: the kernel won't have it in a group, or refused to delete the group.</exception>
    internal static void Apply(IReadOnlyList<LinkDelete> changes, LinkDeleter deleter, bool keepSocket, List<Applied> made)
    {
        NetworkNamespace ns = changes[0].Namespace;
        int group = Random.Shared.Next(FirstGroup, int.MaxValue);
        NetlinkReply[] joined = ns.Route.Socket.Execute(Joining(changes, group));
        int first = Array.FindIndex(joined, reply => reply.Errno == 0);
        bool isLost = false;
        int errno = first < 0 ? 0 : deleter.DeleteGroup(ns, group, changes[first].Link.Index, keepSocket, out isLost);
        ChangeException? failure = null;
        for (int i = 0; i < changes.Count; i++)
        {
            LinkDelete change = changes[i];
            NetlinkReply reply = joined[i];
            bool hasJoined = reply.Errno == 0;
            int own = hasJoined ? errno : reply.Errno;
            if (own == 0 || change.Tolerates(own) || ((hasJoined ? isLost : reply.IsLost) && ns.Route.FindLink(change.Link.Index) is null))
            {
                made.Add(new Applied(change));
            }
            else
            {
                failure ??= new ChangeException(change, made, new LinuxException(change.Operation, own, reply.KernelMessage));
            }
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private static NetlinkBatch Joining(IReadOnlyList<LinkDelete> changes, int group)
    {
        NetlinkBatch batch = new(48 * changes.Count);
        foreach (LinkDelete change in changes)
        {
            batch.Begin(Rt.RTM_SETLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_index = change.Link.Index });
            batch.Attribute(If.IFLA_GROUP, group);
        }

        return batch;
    }
}
