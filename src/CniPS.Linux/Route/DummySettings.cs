using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A link that sends nothing anywhere.</summary>
public sealed record DummySettings() : LinkSettings("dummy")
{
    /// <inheritdoc/>
    public override string Text => "dummy";

    internal override bool HasData => false;

    internal override void Write(NetlinkBatch batch)
    {
        // It has none.
    }
}
