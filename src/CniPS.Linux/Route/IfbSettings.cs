using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A link that what came in elsewhere is sent through, so that it can be queued (ifb).</summary>
public sealed record IfbSettings() : LinkSettings("ifb")
{
    /// <inheritdoc/>
    public override string Text => "ifb";

    internal override bool HasData => false;

    internal override void Write(NetlinkBatch batch)
    {
        // It has none.
    }
}
