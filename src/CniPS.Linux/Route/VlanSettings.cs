using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A link whose frames carry a VLAN tag on the one below it (IEEE 802.1Q).</summary>
/// <param name="Id">The VLAN, 0 to 4094.</param>
public sealed record VlanSettings(int Id) : LinkSettings(KindName)
{
    internal const string KindName = "vlan";

    /// <inheritdoc/>
    public override string Text => $"vlan id {Id}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Attribute(If.IFLA_VLAN_ID, (ushort)Id);
    }

    internal static VlanSettings Read(NetlinkAttributes data)
    {
        int id = 0;
        while (data.Next())
        {
            if (data.Type == If.IFLA_VLAN_ID)
            {
                id = data.U16;
            }
        }

        return new VlanSettings(id);
    }
}
