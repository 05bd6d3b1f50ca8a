using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A device for virtual routing and forwarding: links enslaved to it use its routing table.</summary>
/// <param name="Table">The routing table.</param>
public sealed record VrfSettings(uint Table) : LinkSettings(KindName)
{
    internal const string KindName = "vrf";

    /// <inheritdoc/>
    public override string Text => $"vrf table {Table}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Attribute(If.IFLA_VRF_TABLE, Table);
    }

    internal static VrfSettings Read(NetlinkAttributes data)
    {
        uint table = 0;
        while (data.Next())
        {
            if (data.Type == If.IFLA_VRF_TABLE)
            {
                table = data.U32;
            }
        }

        return new VrfSettings(table);
    }
}
