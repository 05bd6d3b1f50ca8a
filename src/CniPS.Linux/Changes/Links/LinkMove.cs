using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Moves a link to another namespace, under a name and with an alias of its own there (RTM_NEWLINK with IFLA_NET_NS_FD): in one message, so
/// that nobody who watches either namespace sees a name in between. The kernel sets it down, and takes its addresses and routes.
/// </summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Link">The link; with index 0 it is found by its name.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Alias">Its alias there; empty for none.</param>
public sealed record LinkMove(NetworkNamespace Namespace, Link Link, NetworkNamespace Target, string Name, string Alias) : RouteChange(Namespace)
{
    /// <summary>Whether it is set up there.</summary>
    public bool Up { get; init; }

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(
        Namespace,
        $"link set dev {ShellText.Quote(Link.Name)} netns {ShellText.Target(Target)} name {ShellText.Quote(Name)} "
        + $"alias {ShellText.Quote(Alias)}{(Up ? " up" : "")}");

    /// <inheritdoc/>
    public override string Operation => $"move link {Link.Name} to namespace {Target} as {Name}";

    internal override void Write(NetlinkBatch batch)
    {
        int index = Link.Index != 0
            ? Link.Index
            : Namespace.Route.FindLink(Link.Name)?.Index ?? throw new LinuxException(Operation, Errno.ENODEV);
        uint up = Up ? Rt.IFF_UP : 0;
        batch.Begin(Rt.RTM_NEWLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_index = index, ifi_flags = up, ifi_change = up });
        batch.Attribute(If.IFLA_NET_NS_FD, Target.Descriptor);
        batch.Attribute(If.IFLA_IFNAME, Name);
        batch.Unterminated(If.IFLA_IFALIAS, Alias);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, Back);

    // By name: the kernel gives it another index where its own is taken.
    private LinkMove Back => new(Target, Link with { Name = Name, Index = 0, Alias = Alias, IsUp = Up }, Namespace, Link.Name, Link.Alias ?? "")
    {
        Up = Link.IsUp,
    };

    internal override bool? IsSo(PlannedWorld world) =>
        world.Network(Namespace).Find(Link.Name) is null && world.Network(Target).Find(Name) is { } link && link.Kind == Link.Kind;

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork from = world.Network(Namespace), to = world.Network(Target);
        Link link = from.Require(Operation, Link.Name);
        to.RefuseTaken(Operation, Name);
        from.RemoveLink(link.Name);
        Link moved = to.Accept(link with { Name = Name, Alias = Alias.Length > 0 ? Alias : null, IsUp = Up, Master = 0 });
        return new Applied(this, Back, moved);
    }
}
