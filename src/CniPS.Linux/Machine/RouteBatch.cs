using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Machine;

/// <summary>Changes over rtnetlink to one namespace, sent in one system call.</summary>
internal static class RouteBatch
{
    /// <summary>Makes them.</summary>
    /// <param name="group">Only <see cref="RouteChange"/>s.</param>
    /// <param name="made">Takes one entry a change that was made, or may have been made (<see cref="UndoIfMade"/>).</param>
    /// <exception cref="ChangeException">The first that the kernel refused, or of which its answer was lost; it went on with the others.</exception>
    internal static void Apply(ChangeGroup group, List<Applied> made)
    {
        NetlinkBatch batch = new(256 * group.Count);
        for (int i = 0; i < group.Count; i++)
        {
            ((RouteChange)group[i]).Write(batch);
        }

        NetlinkReply[] replies = ((RouteChange)group.First).Namespace.Route.Socket.Execute(batch);
        int failed = -1;
        for (int i = 0; i < group.Count; i++)
        {
            RouteChange change = (RouteChange)group[i];
            NetlinkReply reply = replies[i];
            if (reply.IsLost)
            {
                made.AddRange(UndoIfMade.Of(change, change.Made(default)));
                failed = failed < 0 ? i : failed;
            }
            else if (reply.Errno == 0)
            {
                made.Add(change.Made(reply));
            }
            else if (change.Tolerates(reply.Errno))
            {
                made.Add(new Applied(change));
            }
            else if (failed < 0)
            {
                failed = i;
            }
        }

        if (failed >= 0)
        {
            NetlinkReply reply = replies[failed];
            string operation = group[failed].Operation;
            throw new ChangeException(
                group[failed],
                made,
                reply.IsLost ? new LostAnswerException(operation, reply.Errno) : new LinuxException(operation, reply.Errno, reply.KernelMessage));
        }
    }
}
