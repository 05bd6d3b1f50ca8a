using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Lets a link send no faster than a rate: what is more waits, or is dropped (RTM_NEWQDISC, tbf). It fails where the link has such a queue.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which.</param>
/// <param name="Bucket">The rate.</param>
public sealed record TokenBucketAdd(NetworkNamespace Namespace, LinkId Link, TokenBucket Bucket) : RouteChange(Namespace)
{
    private const uint Handle = 0x10000; // 1:

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"qdisc add dev {ShellText.Quote(Link.Name)} root handle 1: {Bucket}", "tc");

    /// <inheritdoc/>
    public override string Operation => $"create tbf qdisc on {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(
            Tc.RTM_NEWQDISC,
            Nl.NLM_F_ACK | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL,
            new tcmsg { tcm_ifindex = Link.Index, tcm_handle = Handle, tcm_parent = Tc.TC_H_ROOT });
        batch.Attribute(Tc.TCA_KIND, "tbf");
        using (batch.Nested(Tc.TCA_OPTIONS))
        {
            tc_tbf_qopt options = new() { limit = Bucket.Limit, buffer = Bucket.Buffer };
            options.rate.rate = Bucket.Rate > uint.MaxValue ? uint.MaxValue : (uint)Bucket.Rate;
            batch.Attribute(Tc.TCA_TBF_PARMS, options);
            if (Bucket.Rate > uint.MaxValue)
            {
                batch.Attribute(Tc.TCA_TBF_RATE64, Bucket.Rate);
            }
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, new QdiscDelete(Namespace, Link, IsRoot: true));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasQdisc(Link.Name, new Qdisc("tbf", IsRoot: true, Bucket));

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).AddQdisc(Operation, Link.Name, new Qdisc("tbf", IsRoot: true, Bucket));
        return new Applied(this, new QdiscDelete(Namespace, Link, IsRoot: true));
    }
}

/// <summary>Lets filters see what comes in by a link (RTM_NEWQDISC, ingress). It fails where they do already.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which.</param>
public sealed record IngressAdd(NetworkNamespace Namespace, LinkId Link) : RouteChange(Namespace)
{
    internal const uint Handle = 0xffff0000; // ffff:

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"qdisc add dev {ShellText.Quote(Link.Name)} ingress", "tc");

    /// <inheritdoc/>
    public override string Operation => $"create ingress qdisc on {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(
            Tc.RTM_NEWQDISC,
            Nl.NLM_F_ACK | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL,
            new tcmsg { tcm_ifindex = Link.Index, tcm_handle = Handle, tcm_parent = Tc.TC_H_INGRESS });
        batch.Attribute(Tc.TCA_KIND, "ingress");
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, new QdiscDelete(Namespace, Link, IsRoot: false));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasQdisc(Link.Name, new Qdisc("ingress", IsRoot: false));

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).AddQdisc(Operation, Link.Name, new Qdisc("ingress", IsRoot: false));
        return new Applied(this, new QdiscDelete(Namespace, Link, IsRoot: false));
    }
}

/// <summary>Deletes how a link queues what leaves it, or what comes in, filters included (RTM_DELQDISC). It can't be undone.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which.</param>
/// <param name="IsRoot">What leaves it; else what comes in.</param>
public sealed record QdiscDelete(NetworkNamespace Namespace, LinkId Link, bool IsRoot) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"qdisc del dev {ShellText.Quote(Link.Name)} {(IsRoot ? "root" : "ingress")}", "tc");

    /// <inheritdoc/>
    public override string Operation => $"delete {(IsRoot ? "root" : "ingress")} qdisc of {Link.Name}";

    internal override void Write(NetlinkBatch batch) => batch.Begin(
        Tc.RTM_DELQDISC,
        Nl.NLM_F_ACK,
        new tcmsg { tcm_ifindex = Link.Index, tcm_parent = IsRoot ? Tc.TC_H_ROOT : Tc.TC_H_INGRESS });

    internal override Applied Made(in NetlinkReply reply) => new(this);

    // ENOENT, EINVAL: there is none; ENODEV: nor a link.
    internal override bool Tolerates(int errno) => errno is Errno.ENOENT or Errno.ENODEV or Errno.EINVAL;

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveQdisc(Link.Name, IsRoot);
        return new Applied(this);
    }
}

/// <summary>
/// Sends all that comes in by a link through another one (RTM_NEWTFILTER: u32 that matches everything, mirred). The link must have
/// <see cref="IngressAdd"/>; deleting that takes it back.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Where it comes in.</param>
/// <param name="Through">Where it is sent.</param>
public sealed record RedirectAdd(NetworkNamespace Namespace, LinkId Link, LinkId Through) : RouteChange(Namespace)
{
    private const uint Priority = 1;
    private const uint ClassId = 0x10001; // 1:1

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(
        Namespace,
        $"filter add dev {ShellText.Quote(Link.Name)} parent ffff: protocol all prio 1 u32 match u32 0 0 flowid 1:1 "
        + $"action mirred egress redirect dev {ShellText.Quote(Through.Name)}",
        "tc");

    /// <inheritdoc/>
    public override string Operation => $"add filter from {Link.Name} to {Through.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(
            Tc.RTM_NEWTFILTER,
            Nl.NLM_F_ACK | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL,
            new tcmsg { tcm_ifindex = Link.Index, tcm_parent = IngressAdd.Handle, tcm_info = (Priority << 16) | (Tc.ETH_P_ALL << 8) });
        batch.Attribute(Tc.TCA_KIND, "u32");
        using NetlinkBatch.Nest options = batch.Nested(Tc.TCA_OPTIONS);
        batch.Attribute(Tc.TCA_U32_CLASSID, ClassId);
        batch.Attribute(Tc.TCA_U32_SEL, new tc_u32_sel { flags = Tc.TC_U32_TERMINAL, nkeys = 1 });
        using NetlinkBatch.Nest actions = batch.Nested(Tc.TCA_U32_ACT);
        using NetlinkBatch.Nest first = batch.Nested(1);
        batch.Attribute(Tc.TCA_ACT_KIND, "mirred");
        using NetlinkBatch.Nest action = batch.Nested(Tc.TCA_ACT_OPTIONS);
        batch.Attribute(Tc.TCA_MIRRED_PARMS, new tc_mirred { action = Tc.TC_ACT_STOLEN, eaction = Tc.TCA_EGRESS_REDIR, ifindex = (uint)Through.Index });
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).Require(Operation, Link.Name);
        world.Network(Namespace).Require(Operation, Through.Name);
        return new Applied(this);
    }
}
