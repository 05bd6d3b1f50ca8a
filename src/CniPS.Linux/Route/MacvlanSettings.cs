using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>How the macvlan links of one lower link talk to one another (linux/if_link.h, MACVLAN_MODE_*).</summary>
public enum MacvlanMode : uint
{
    /// <summary>Not at all.</summary>
    Private = 1,

    /// <summary>By way of a switch that sends frames back.</summary>
    Vepa = 2,

    /// <summary>Directly.</summary>
    Bridge = 4,

    /// <summary>There is but one, which takes over the lower link.</summary>
    Passthru = 8,
}

/// <summary>A link with a MAC address of its own on top of another.</summary>
/// <param name="Mode">How those on the same lower link talk to one another.</param>
/// <param name="BroadcastQueueLength">How many broadcast and multicast packets may wait; 0 for the kernel's default, 1000.</param>
public sealed record MacvlanSettings(MacvlanMode Mode, uint BroadcastQueueLength = 0) : LinkSettings(KindName)
{
    internal const string KindName = "macvlan";

    /// <inheritdoc/>
    public override string Text => BroadcastQueueLength > 0
        ? $"macvlan mode {Mode.ToString().ToLowerInvariant()} bcqueuelen {BroadcastQueueLength}"
        : $"macvlan mode {Mode.ToString().ToLowerInvariant()}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Attribute(If.IFLA_MACVLAN_MODE, (uint)Mode);
        if (BroadcastQueueLength > 0)
        {
            batch.Attribute(If.IFLA_MACVLAN_BC_QUEUE_LEN, BroadcastQueueLength);
        }
    }

    internal static MacvlanSettings Read(NetlinkAttributes data)
    {
        MacvlanMode mode = default;
        uint length = 0;
        while (data.Next())
        {
            switch (data.Type)
            {
                case If.IFLA_MACVLAN_MODE: mode = (MacvlanMode)data.U32; break;
                case If.IFLA_MACVLAN_BC_QUEUE_LEN: length = data.U32; break;
            }
        }

        return new MacvlanSettings(mode, length);
    }
}
