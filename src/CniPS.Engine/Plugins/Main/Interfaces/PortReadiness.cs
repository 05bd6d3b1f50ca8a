using System;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// Waits until the host's end of a pair forwards, as a bridge's port or by itself. Asking for the link makes the kernel (6.8 and later)
/// settle its state at once, so that the first packet is not lost.
/// </summary>
internal static class PortReadiness
{
    private const byte Up = 6, Unknown = 0;

    // Milliseconds between looks: about the Go plugin's two and a half seconds in all, but quick at first.
    private static ReadOnlySpan<int> Pauses => [0, 1, 2, 5, 10, 20, 50, 100, 300, 500, 500, 1000];

    internal static Link Wait(PluginContext context, Link port)
    {
        if (context.Host.IsPlan)
        {
            return port;
        }

        Link last = port;
        foreach (int pause in Pauses)
        {
            if (pause > 0)
            {
                context.Pause(pause);
            }

            last = context.Host.FindLink(context.Host.Namespace, port.Index) ?? throw NotReady(port, "gone");
            if (last.OperationalState is Up or Unknown)
            {
                return last;
            }
        }

        throw NotReady(port, $"{last.OperationalState}");
    }

    private static CniException NotReady(Link port, string state) =>
        new(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"{(port.Master == 0 ? "host interface" : "bridge port")} in error state: {state}")
        {
            Target = port.Name,
            RecommendedAction = port.Master == 0 ? $"Look at the interface: ip -d link show {port.Name}." : "Look at the bridge's ports: bridge -d link.",
        };
}
