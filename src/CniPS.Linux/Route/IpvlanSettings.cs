using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What an ipvlan link looks at (linux/if_link.h, IPVLAN_MODE_*).</summary>
public enum IpvlanMode : ushort
{
    /// <summary>Frames: broadcasts and ARP go through.</summary>
    L2 = 0,

    /// <summary>Packets, which the lower link's namespace routes on their way out.</summary>
    L3 = 1,

    /// <summary>The same, with its netfilter hooks in both directions.</summary>
    L3s = 2,
}

/// <summary>A link that shares the MAC address of the one below it.</summary>
/// <param name="Mode">What it looks at.</param>
public sealed record IpvlanSettings(IpvlanMode Mode) : LinkSettings(KindName)
{
    internal const string KindName = "ipvlan";

    /// <inheritdoc/>
    public override string Text => $"ipvlan mode {Mode.ToString().ToLowerInvariant()}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Attribute(If.IFLA_IPVLAN_MODE, (ushort)Mode);
        batch.Attribute(If.IFLA_IPVLAN_FLAGS, (ushort)0); // neither private nor vepa
    }

    internal static IpvlanSettings Read(NetlinkAttributes data)
    {
        IpvlanMode mode = default;
        while (data.Next())
        {
            if (data.Type == If.IFLA_IPVLAN_MODE)
            {
                mode = (IpvlanMode)data.U16;
            }
        }

        return new IpvlanSettings(mode);
    }
}
