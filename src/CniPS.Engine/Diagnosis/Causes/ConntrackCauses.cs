using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Nftables;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with the connections that a namespace keeps track of (nf_conntrack).</summary>
internal static class ConntrackCauses
{
    private const byte Tcp = 6, Udp = 17;

    /// <summary>There is no room for another one; null where there is, or where none is kept track of.</summary>
    internal static Cause? Full(NamespaceView view)
    {
        const string Most = "net/netfilter/nf_conntrack_max";
        int count = view.Number("net/netfilter/nf_conntrack_count"), most = view.Number(Most);
        if (most == 0 || count < most)
        {
            return null;
        }

        string message = $"{view.Name} keeps track of {count} connections, and may of {most}: packets of new ones are dropped";
        SysctlWrite more = new(view.Namespace, Most, (2L * most).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return view.IsHost ? Cause.Mended("ConntrackFull", view.Name, message, more)
            : new Cause("ConntrackFull", view.Name, message, $"sysctl -w net.netfilter.nf_conntrack_max={2L * most}"); // one number for all, which the first namespace sets
    }

    /// <summary>
    /// What the sender has sent before goes on where the rules of then sent it, since a connection is translated once: UDP's have no end but silence. Of TCP only connections that are there go on, and new ones are translated anew. Null for none.
    /// </summary>
    internal static Cause? Stale(NamespaceView view, FilteredPacket original, IPAddress destination, bool fromAnybody)
    {
        if (original.Protocol is not (Udp or Tcp) || view.Number("net/netfilter/nf_conntrack_count") == 0)
        {
            return null;
        }

        foreach (TrackedConnection connection in view.Connections)
        {
            if (connection.Protocol != original.Protocol || connection.WantedPort != original.DestinationPort || !original.Destination.Equals(connection.Wanted)
                || !(fromAnybody || connection.Source.Equals(original.Source)))
            {
                continue;
            }

            string? where = !connection.Answerer.Equals(destination) ? $"to {connection.Answerer}, and new ones to {destination}"
                : connection.AnsweredTo is { } from && !from.Equals(connection.Source) && view.HolderOf(from) is null ? $"from {from}, which {view.Name} has no longer"
                : null;
            if (where is not null)
            {
                return Cause.Mended(
                    "ConnectionStale", view.Name, $"{view.Name} still sends what {connection.Source} sends to {original.Destination} port {original.DestinationPort} {where}",
                    new ConntrackDelete(view.Namespace, original.IsV6, original.Protocol == Tcp ? ProtocolType.Tcp : ProtocolType.Udp, original.DestinationPort, original.Destination));
            }
        }

        return null;
    }
}
