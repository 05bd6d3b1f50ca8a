using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Finds all links that a frame could come to from another, over veths and bridges; ways on which something stops it, too, with what does.</summary>
internal sealed class LinkExplorer(MachineView machine)
{
    private readonly List<LinkPath> _found = [];
    private readonly HashSet<(NamespaceView View, int Link)> _seen = [];

    internal static IReadOnlyList<LinkPath> From(MachineView machine, NamespaceView view, Link link)
    {
        LinkExplorer explorer = new(machine);
        explorer._seen.Add((view, link.Index));
        explorer.Leave(view, link, []);
        return explorer._found;
    }

    // What a link sends.
    private void Leave(NamespaceView view, Link link, IReadOnlyList<LinkStep> steps)
    {
        if (link.Kind == "bridge")
        {
            Spread(view, link, from: null, steps);
        }
        else if (link.Kind == "veth" && machine.PeerOf(view, link) is var (other, peer))
        {
            Arrive(other, peer, [.. steps, new LinkStep(other, peer, "wire", $"{view.Name}/{link.Name} → {other.Name}/{peer.Name}", LinkCauses.Down(machine, other, peer))]);
        }
        else
        {
            _found.Add(new LinkPath(view, link, steps) { IsExit = true });
        }
    }

    private void Arrive(NamespaceView view, Link link, IReadOnlyList<LinkStep> steps)
    {
        if (!_seen.Add((view, link.Index)))
        {
            return;
        }

        if (link.Master != 0 && view.Find(link.Master) is { Kind: "bridge" } bridge)
        {
            Spread(view, bridge, link, steps);
        }
        else
        {
            _found.Add(new LinkPath(view, link, steps));
        }
    }

    private void Spread(NamespaceView view, Link bridge, Link? from, IReadOnlyList<LinkStep> steps)
    {
        if (from is not null)
        {
            Cause? closed = BridgeCauses.Closed(view, bridge, from);
            steps = [.. steps, new LinkStep(view, from, "bridge", $"into {bridge.Name} by port {from.Name}", closed ?? LinkCauses.Down(machine, view, bridge))];
            if (_seen.Add((view, bridge.Index)))
            {
                LinkStep up = new(view, bridge, "bridge", $"up to {bridge.Name} itself", BridgeCauses.OtherVlan(machine.Machine, view, bridge, from, bridge))
                {
                    Crossing = (from, null),
                    Bridge = bridge,
                };
                _found.Add(new LinkPath(view, bridge, [.. steps, up]));
            }
        }

        foreach (Link port in view.Links.Where(port => port.Master == bridge.Index && port.Index != from?.Index))
        {
            if (!_seen.Add((view, port.Index)))
            {
                continue;
            }

            Cause? block = LinkCauses.Down(machine, view, port) ?? BridgeCauses.Closed(view, bridge, port) ?? BridgeCauses.Isolated(view, bridge, from, port)
                ?? BridgeCauses.OtherVlan(machine.Machine, view, bridge, from ?? bridge, port);
            LinkStep step = new(view, port, "bridge", $"out of {bridge.Name} by port {port.Name}", block) { Crossing = (from, port), Bridge = bridge };
            Leave(view, port, [.. steps, step]);
        }
    }
}
