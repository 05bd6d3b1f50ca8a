using System.Linq;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>
/// What decides on a link's frames and can't be read: programs of XDP, and queues with their filters (tc(8)). They are noted where the packet passes them; whether they
/// let it pass only a packet tells.
/// </summary>
internal static class LinkFilters
{
    /// <summary>The stage of a program of XDP.</summary>
    internal const string Xdp = "xdp";

    /// <summary>The stage of a queue.</summary>
    internal const string Queue = "queue";

    // Those that the kernel gives to links by itself; they drop nothing but what is too much.
    private static readonly string[] s_usual = ["noqueue", "pfifo_fast", "fq_codel", "fq", "mq", "pfifo", "noop", ""];

    /// <summary>Writes down what stands at a link.</summary>
    internal static void Note(Journey journey, NamespaceView view, Link link, bool egress, FilteredPacket packet)
    {
        if (!egress && link.XdpProgram is { } program)
        {
            journey.Note(view, link.Name, Xdp, $"program {program} of XDP sees all that comes in by {link.Name}: can't be told", "what it does can't be read", packet, HopVerdict.Unknown);
        }

        foreach (Qdisc queue in view.QueuesOf(link).Where(queue => (queue.Kind is "ingress" or "clsact" || queue.IsRoot) && !s_usual.Contains(queue.Kind)))
        {
            if (queue.Kind == "clsact" || (queue.Kind == "ingress") == !egress)
            {
                journey.Note(view, link.Name, Queue, $"{queue.Kind} of {link.Name}", "it may hold packets back, or drop them", packet);
            }
        }
    }
}
