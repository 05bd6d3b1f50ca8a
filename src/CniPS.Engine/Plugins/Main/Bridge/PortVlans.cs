using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>The VLANs that a network's ports are in (<c>vlan</c>, <c>vlanTrunk</c>, <c>preserveDefaultVlan</c>).</summary>
/// <param name="Vlan">The VLAN that the container is in without knowing; 0 for none.</param>
/// <param name="Trunk">The VLANs whose frames the container gets and sends with a tag; null where the key is not there.</param>
/// <param name="PreserveDefault">Whether ports stay in the VLAN that the bridge puts new ones into.</param>
internal sealed record PortVlans(int Vlan, IReadOnlyList<BridgeVlans>? Trunk, bool PreserveDefault)
{
    // Frames without a tag have to belong somewhere: a trunk without "vlan" takes them into this one.
    private const int NativeVlan = 1;

    internal static PortVlans None { get; } = new(0, null, false);

    /// <summary>Whether the bridge must look at tags.</summary>
    internal bool NeedFiltering => Vlan != 0 || Trunk is not null;

    private bool AreGiven => Vlan != 0 || Trunk is { Count: > 0 };

    /// <summary>What a container's new port needs.</summary>
    internal IReadOnlyList<Change> Changes(NetworkNamespace ns, LinkId port, Link bridge)
    {
        if (!AreGiven)
        {
            return [];
        }

        List<Change> changes = [];
        if (!PreserveDefault && bridge.DefaultVlan != 0)
        {
            changes.Add(new BridgeVlanDelete(ns, port, bridge.DefaultVlan, bridge.DefaultVlan));
        }

        foreach (BridgeVlans trunk in Trunk ?? [])
        {
            changes.Add(new BridgeVlanAdd(ns, port, trunk));
        }

        // Last, so that it counts where the trunk names it too.
        changes.Add(new BridgeVlanAdd(ns, port, BridgeVlans.Access(Vlan != 0 ? Vlan : NativeVlan)));
        return changes;
    }

    /// <summary>The VLANs of the gateway's port: the network's own, whatever its trunk.</summary>
    internal PortVlans OfGateway => this with { Trunk = null };

    /// <summary>What is wrong with a port's VLANs: those that should be there as they should be, and that are not.</summary>
    internal IReadOnlyList<BridgeVlans> Missing(IReadOnlyList<BridgeVlans> present)
    {
        if (!AreGiven)
        {
            return [];
        }

        BridgeVlans access = BridgeVlans.Access(Vlan != 0 ? Vlan : NativeVlan);
        List<BridgeVlans> missing = [];
        foreach (BridgeVlans trunk in Trunk ?? [])
        {
            for (int id = trunk.First; id <= trunk.Last; id++)
            {
                BridgeVlans wanted = new((ushort)id, (ushort)id);
                if (id != access.First && !IsPresent(present, wanted))
                {
                    missing.Add(wanted);
                }
            }
        }

        if (!IsPresent(present, access))
        {
            missing.Add(access);
        }

        return missing;
    }

    /// <summary>The VLANs that a port is in though it should not be.</summary>
    internal IReadOnlyList<BridgeVlans> Excess(IReadOnlyList<BridgeVlans> present, Link bridge)
    {
        if (!AreGiven)
        {
            return [];
        }

        List<BridgeVlans> excess = [];
        foreach (BridgeVlans vlans in present)
        {
            for (int id = vlans.First; id <= vlans.Last; id++)
            {
                if (!Covers(id) && !(PreserveDefault && id == bridge.DefaultVlan))
                {
                    excess.Add(new((ushort)id, (ushort)id));
                }
            }
        }

        return excess;
    }

    private bool Covers(int id)
    {
        if (id == (Vlan != 0 ? Vlan : NativeVlan))
        {
            return true;
        }

        foreach (BridgeVlans trunk in Trunk ?? [])
        {
            if (trunk.Contains(id))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPresent(IReadOnlyList<BridgeVlans> present, BridgeVlans wanted)
    {
        foreach (BridgeVlans vlans in present)
        {
            if (vlans.Contains(wanted.First) && vlans.Pvid == wanted.Pvid && vlans.Untagged == wanted.Untagged)
            {
                return true;
            }
        }

        return false;
    }
}
