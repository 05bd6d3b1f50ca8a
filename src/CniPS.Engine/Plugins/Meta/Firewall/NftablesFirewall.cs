using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins.Meta;

/// <summary>nftables: an element for each address. The cost doesn't grow with the containers, and no program is run.</summary>
internal sealed class NftablesFirewall(PluginContext context, PluginCall call, FirewallConfiguration configuration) : IFirewallBackend
{
    private readonly IHost _host = context.Host;
    private readonly string _comment = AttachmentComment.Of(call);

    private INftablesView View => _host.Nftables(_host.Namespace);

    public void Add(FirewallTargets targets)
    {
        using (_host.LockNamespace(_host.Namespace, exclusive: true, context.Cancellation))
        {
            IReadOnlyList<NftChange> shared = Shared(targets);
            if (shared.Count > 0)
            {
                context.Transaction.ApplyShared(new SharedNftablesFirewall(), shared);
            }

            context.Apply(Own(targets.Addresses));
        }
    }

    public IReadOnlyList<Difference> Check(FirewallTargets targets)
    {
        List<Difference> differences = [];
        IReadOnlyList<NftChange> shared = Shared(targets);
        if (shared.Count > 0)
        {
            differences.Add(new Difference("forwarding chains", "there", null, "expected chains and sets of table inet cnips not found") { Repair = shared });
        }

        foreach (IPAddress address in targets.Addresses)
        {
            NftElementAdd wanted = ForwardFilter.Add(_host.Namespace, address, _comment);
            NftElement? actual = View.FindElement(wanted.Set, wanted.Key);
            if (actual != wanted.Element)
            {
                differences.Add(new Difference($"forwarding of {address}", wanted.Element.ToString(), actual?.ToString(), $"expected element {address} of {wanted.Set} not found")
                {
                    Repair = [.. shared, .. ForwardFilter.Assign(View, _host.Namespace, address, _comment)],
                });
            }
        }

        return differences;
    }

    public bool Has(FirewallTargets targets) => Removal(targets).Count > 0;

    public void Remove(FirewallTargets targets) => context.Apply(Removal(targets));

    public IReadOnlyList<Change> Removal(FirewallTargets targets)
    {
        List<Change> changes = [];
        foreach (IPAddress address in targets.Addresses)
        {
            changes.AddRange(ForwardFilter.Remove(View, _host.Namespace, address, _comment));
        }

        if (call.PreviousResult is null)
        {
            string? fitted = NftComment.Fit(_comment);
            changes = [.. ForwardFilter.RemoveWhere(View, _host.Namespace, (comment, _) => comment == fitted)];
        }

        return changes;
    }

    public void RemoveInvalid(ValidAttachments valid)
    {
        ListedComments listed = new(valid, call.Network);
        context.Apply(ForwardFilter.RemoveWhere(View, _host.Namespace, listed.IsGarbage));
        using (_host.LockNamespace(_host.Namespace, exclusive: true, context.Cancellation))
        {
            context.Apply(new SharedNftablesFirewall().Removal(_host));
        }
    }

    // The question itself: a kernel without nf_tables, or one that may not be asked, doesn't answer.
    public void RequireUsable() => View.HasTable(Masquerade.Table);

    private IReadOnlyList<NftChange> Shared(FirewallTargets targets) =>
    [
        .. ForwardFilter.Missing(View, _host.Namespace),
        .. targets.Bridge is { } bridge ? ForwardFilter.Isolate(View, _host.Namespace, bridge, within: configuration.Policy == IngressPolicy.SameBridge) : [],
    ];

    private List<Change> Own(IReadOnlyList<IPAddress> addresses)
    {
        List<Change> changes = [];
        foreach (IPAddress address in addresses)
        {
            changes.AddRange(ForwardFilter.Assign(View, _host.Namespace, address, _comment));
        }

        return changes;
    }
}
