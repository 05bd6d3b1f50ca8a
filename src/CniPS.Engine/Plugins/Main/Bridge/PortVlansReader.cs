using System.Collections.Generic;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Reads the keys <c>vlan</c>, <c>vlanTrunk</c> and <c>preserveDefaultVlan</c>.</summary>
internal static class PortVlansReader
{
    /// <summary>Reads them.</summary>
    /// <exception cref="CniException">A VLAN's number is out of range, or a range is half given.</exception>
    internal static PortVlans Read(PluginConfigReader root)
    {
        int vlan = root.GetInt("vlan") ?? 0;
        if (vlan is < 0 or > BridgeVlans.MaxId)
        {
            throw root.Error("vlan", $"invalid VLAN ID {vlan} (must be between 0 and {BridgeVlans.MaxId})");
        }

        IReadOnlyList<BridgeVlans>? trunk = root.GetArray("vlanTrunk") is { } entries ? ReadTrunk(entries) : null;
        return vlan == 0 && trunk is null ? PortVlans.None : new PortVlans(vlan, trunk, root.GetBool("preserveDefaultVlan"));
    }

    // In order, each VLAN once, neighbours as one range.
    private static List<BridgeVlans> ReadTrunk(IReadOnlyList<PluginConfigValue> entries)
    {
        bool[] named = new bool[BridgeVlans.MaxId + 2];
        foreach (PluginConfigValue value in entries)
        {
            if (value.AsObject() is { } entry)
            {
                ReadEntry(entry, named);
            }
        }

        List<BridgeVlans> trunk = [];
        int first = 0;
        for (int id = 1; id < named.Length; id++)
        {
            if (named[id] && first == 0)
            {
                first = id;
            }
            else if (!named[id] && first != 0)
            {
                trunk.Add(new((ushort)first, (ushort)(id - 1)));
                first = 0;
            }
        }

        return trunk;
    }

    private static void ReadEntry(PluginConfigReader entry, bool[] named)
    {
        switch (ReadId(entry, "minID"), ReadId(entry, "maxID"))
        {
            case ({ } min, { } max) when min > max:
                throw entry.Error("minID", "minID is greater than maxID in trunk parameter");
            case ({ } min, { } max):
                for (int id = min; id <= max; id++)
                {
                    named[id] = true;
                }

                break;
            case (null, { }):
                throw entry.Error("minID", "minID and maxID should be configured simultaneously, minID is missing");
            case ({ }, null):
                throw entry.Error("maxID", "minID and maxID should be configured simultaneously, maxID is missing");
        }

        if (ReadId(entry, "id") is { } single)
        {
            named[single] = true;
        }
    }

    private static int? ReadId(PluginConfigReader entry, string key) => entry.GetInt(key) is not { } id ? null
        : id is >= 1 and <= BridgeVlans.MaxId ? id
        : throw entry.Error(key, $"incorrect trunk {key} parameter", $"A VLAN has a number from 1 to {BridgeVlans.MaxId}.");
}
