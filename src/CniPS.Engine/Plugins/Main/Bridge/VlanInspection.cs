using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>Compares a bridge's port with the VLANs that it should be in.</summary>
internal sealed class VlanInspection
{
    private readonly IHost _host;
    private readonly List<Difference> _differences;

    internal VlanInspection(IHost host, List<Difference> differences)
    {
        _host = host;
        _differences = differences;
    }

    /// <summary>A port must be in all of its VLANs, in no other, and its bridge must look at tags.</summary>
    internal void Check(Link port, PortVlans vlans, Link bridge)
    {
        if (!vlans.NeedFiltering)
        {
            return;
        }

        if (!bridge.VlanFiltering)
        {
            Differ($"VLAN filtering of {bridge.Name}", "on", "off", $"Bridge interface {bridge.Name} does not look at VLAN tags");
        }

        IReadOnlyList<BridgeVlans> present = _host.GetBridgeVlans(_host.Namespace, port.Index);
        foreach (BridgeVlans missing in vlans.Missing(present))
        {
            Differ(
                $"VLAN {missing.First} of {port.Name}", missing.ToString(), null, $"Interface {port.Name} is not in VLAN {missing}",
                new BridgeVlanAdd(_host.Namespace, port.Id, missing));
        }

        foreach (BridgeVlans excess in vlans.Excess(present, bridge))
        {
            Differ(
                $"VLAN {excess.First} of {port.Name}", "not in it", "in it", $"Interface {port.Name} is in VLAN {excess.First}",
                new BridgeVlanDelete(_host.Namespace, port.Id, excess.First, excess.Last));
        }
    }

    private void Differ(string subject, string expected, string? actual, string message, params IReadOnlyList<Change> repair) =>
        _differences.Add(new Difference(subject, expected, actual, message) { PluginType = "bridge", Repair = repair });
}
