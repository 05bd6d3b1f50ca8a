using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>nftables: an element for each port, and one or two for each address whose connections must come back through the host.</summary>
internal sealed class NftablesPorts(PluginContext context, PluginCall call, PortmapConfiguration configuration) : IPortBackend
{
    private readonly IHost _host = context.Host;
    private readonly string _comment = AttachmentComment.Of(call);
    private readonly NftablesPortTurns _turns = new(context.Host, call);

    private INftablesView View => _host.Nftables(_host.Namespace);

    private string? FittedComment => NftComment.Fit(_comment);

    public void Add(PortmapTargets targets)
    {
        IReadOnlyList<NftElementAdd> elements = Elements(targets);
        context.Transaction.OnRollback(() => _turns.Take(PortElements(targets))); // the last step: behind what closes the ports again
        // Without a lock, where the shared chains are as they should be and nobody has a port. (A plan has no transactions, and must look first.)
        if (!_host.IsPlan && Missing(targets).Count == 0 && TryAdd(elements))
        {
            RefuseOverlaps(targets);
            return;
        }

        using (_host.LockNamespace(_host.Namespace, exclusive: true, context.Cancellation))
        {
            List<NftElementAdd> waited = [];
            IReadOnlyList<NftChange> assigned = Assign(targets, elements, waited);
            IReadOnlyList<NftChange> missing = [.. Missing(targets), .. WaitingPorts.Missing(View, assigned)];
            if (missing.Count > 0)
            {
                context.Transaction.ApplyShared(new SharedPorts(), missing);
            }

            if (waited.Count > 0)
            {
                // It may be this one's turn by then, of which no undo knows.
                context.Transaction.OnRollback(() => _host.Apply(_turns.Own(waited)));
            }

            context.Apply(assigned);
            _turns.Take(PortElements(targets));
            RefuseOverlaps(targets);
        }
    }

    // Behind the adding: of two who come at the same time, at least one sees the other.
    private void RefuseOverlaps(PortmapTargets targets)
    {
        foreach (ForwardedPort port in targets.Ports)
        {
            foreach ((NftSet map, NftElement other) in PortForwarding.Overlapping(View, port, configuration.ConditionsOf(port.IsV6)))
            {
                if ((other.Data as NftValue)?.Part(0) == NftValue.Of(port.Address))
                {
                    if (other.Comment != FittedComment)
                    {
                        context.Apply(new NftElementDelete(_host.Namespace, map, other.Key)); // whose address this was before
                    }
                }
                else if (other.Comment is not { } comment || !AttachmentComment.IsOfContainer(comment, call.ContainerId))
                {
                    RequireGone(port, other);
                    context.Apply(new NftElementDelete(_host.Namespace, map, other.Key));
                }
            }
        }
    }

    public IReadOnlyList<Difference> Check(PortmapTargets targets)
    {
        List<Difference> differences = [];
        IReadOnlyList<NftChange> shared = Missing(targets);
        if (shared.Count > 0)
        {
            differences.Add(new Difference("port chains", "there", null, $"missing hostport rules in table {PortForwarding.Table}") { Repair = shared });
        }

        foreach (ForwardedPort port in targets.Ports)
        {
            NftElementAdd wanted = ElementOf(port);
            NftElement? actual = View.FindElement(wanted.Set, wanted.Key);
            if (_turns.IsAnotherInterface(actual, wanted))
            {
                _turns.Check(port, wanted, differences);
            }
            else if (actual != wanted.Element)
            {
                differences.Add(new Difference(
                    $"host port {PortTaken.Describe(port)}", wanted.Data!.ToString()!, actual?.ToString(),
                    actual is null
                        ? $"missing hostport rules: host port {PortTaken.Describe(port)} leads nowhere"
                        : $"host port {PortTaken.Describe(port)} leads to {actual.Data} of {PortTaken.Owner(actual.Comment)}")
                {
                    Repair = Repair(shared, wanted, actual),
                });
            }
        }

        foreach (NftElementAdd wanted in HairpinElements(targets))
        {
            NftElement? actual = View.FindElement(wanted.Set, wanted.Key);
            if (actual != wanted.Element)
            {
                differences.Add(new Difference(
                    $"masquerading towards {wanted.Key.Part(0)}", wanted.Element.ToString(), actual?.ToString(),
                    $"missing masquerading rules towards {wanted.Key.Part(0)} from {wanted.Key.Part(1)}")
                {
                    Repair = Repair(shared, wanted, actual),
                });
            }
        }

        return differences;
    }

    public bool Has(PortmapTargets targets) => _turns.Own(PortElements(targets)).Count > 0;

    public IReadOnlyList<Change> Removal(PortmapTargets targets)
    {
        List<Change> changes = [.. _turns.Own(PortElements(targets))];
        foreach (NftElementAdd element in HairpinElements(targets))
        {
            if (View.FindElement(element.Set, element.Key)?.Comment == FittedComment)
            {
                changes.Add(new NftElementDelete(_host.Namespace, element.Set, element.Key));
            }
        }

        return changes;
    }

    public void Remove(PortmapTargets targets)
    {
        List<Change> changes = [];
        if (targets.Ports.Count > 0)
        {
            changes.AddRange(Removal(targets));
        }
        else if (MayHavePorts())
        {
            changes.AddRange(PortForwarding.Close(View, _host.Namespace, (comment, _) => comment == FittedComment, AttachmentComment.AreOfOneContainer));
            changes.AddRange(Hairpin.FindOwned(View, _host.Namespace, (comment, _) => comment == FittedComment));
        }

        if (!context.OnlyOwn)
        {
            List<IPAddress> addresses = PortmapTargets.AddressesOf(call).ConvertAll(address => address.Address);
            changes.AddRange(GoNftablesPorts.Removal(_host, call.ContainerId, addresses)); // those of a killed ADD are never the Go plugin's
        }

        context.Apply(changes);
        _turns.Take(PortElements(targets));
    }

    public void RemoveInvalid(ValidAttachments valid)
    {
        ListedComments listed = new(valid, call.Network);
        context.Apply(
        [
            .. PortForwarding.Close(View, _host.Namespace, listed.IsGarbage, AttachmentComment.AreOfOneContainer),
            .. Hairpin.FindOwned(View, _host.Namespace, listed.IsGarbage),
        ]);
        using (_host.LockNamespace(_host.Namespace, exclusive: true, context.Cancellation))
        {
            context.Apply(PortForwarding.Unused(View, _host.Namespace));
        }
    }

    // The question itself: a kernel without nf_tables, or one that may not be asked, doesn't answer.
    public void RequireUsable()
    {
        View.HasTable(PortForwarding.Table);
        PortForwarding.RequireReadable(View, v6: false, configuration.Conditions4);
        PortForwarding.RequireReadable(View, v6: true, configuration.Conditions6);
    }

    private bool TryAdd(IReadOnlyList<NftElementAdd> elements)
    {
        try
        {
            context.Apply(elements);
            return true;
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsNotFound: true } or LinuxException { IsExists: true })
        {
            return false; // without chains, or held by somebody
        }
    }

    /// <summary>What is left to be added: what is ours already stays, what a container left whose address is ours now goes.</summary>
    /// <param name="targets">What the request comes to.</param>
    /// <param name="elements">What it makes.</param>
    /// <param name="waited">Gets the ports that lead to the container by another of its interfaces, which are waited for.</param>
    /// <exception cref="CniException">Somebody else has a port.</exception>
    private List<NftChange> Assign(PortmapTargets targets, IReadOnlyList<NftElementAdd> elements, List<NftElementAdd> waited)
    {
        List<NftChange> changes = [];
        for (int i = 0; i < elements.Count; i++)
        {
            NftElementAdd wanted = elements[i];
            NftElement? actual = View.FindElement(wanted.Set, wanted.Key);
            if (actual == wanted.Element)
            {
                continue;
            }

            // The elements begin with one a port, in the same order.
            bool isPort = i < targets.Ports.Count;
            if (isPort && _turns.IsAnotherInterface(actual, wanted))
            {
                NftElementAdd waiting = WaitingPorts.Add(wanted);
                IReadOnlyList<NftChange> wait = Replace(waiting, View.FindElement(waiting.Set, waiting.Key));
                if (wait.Count > 0)
                {
                    waited.Add(wanted);
                    changes.AddRange(wait);
                }

                continue;
            }

            if (isPort && actual is not null && !IsReplaceable(actual, wanted))
            {
                RequireGone(targets.Ports[i], actual);
            }

            changes.AddRange(Replace(wanted, actual));
        }

        return changes;
    }

    // The rest of what it has left goes with GC.
    private void RequireGone(ForwardedPort port, NftElement actual)
    {
        AttachmentClaim? claim = PortTaken.ClaimOf(actual);
        string? why = claim is null ? "" : context.WhyHeld(claim);
        if (why is not null)
        {
            throw PortTaken.Error(port, PortTaken.Owner(actual.Comment), why.Length > 0 ? why : null);
        }
    }

    private bool IsReplaceable(NftElement actual, NftElementAdd wanted) =>
        actual.Comment == FittedComment || (actual.Data as NftValue)?.Part(0) == ((NftValue)wanted.Data!).Part(0);

    private static List<NftChange> Replace(NftElementAdd wanted, NftElement? actual) => NftablesPortTurns.Replace(wanted, actual);

    // A port that another container has is not taken from it.
    private IReadOnlyList<Change> Repair(IReadOnlyList<NftChange> shared, NftElementAdd wanted, NftElement? actual) =>
        actual is null || wanted.Data is null || IsReplaceable(actual, wanted) ? [.. shared, .. Replace(wanted, actual)] : [];

    private List<NftChange> Missing(PortmapTargets targets)
    {
        List<NftChange> missing = [];
        foreach (IpPrefix address in targets.Addresses)
        {
            IReadOnlyList<NftStatement> conditions = configuration.ConditionsOf(address.IsV6);
            IReadOnlyList<NftChange> chains = PortForwarding.Missing(View, _host.Namespace, address.IsV6, conditions);
            if (_host.IsPlan && chains.Count > 0)
            {
                PortForwarding.RequireReadable(View, address.IsV6, conditions);
            }

            missing.AddRange(chains);
            if (configuration.Snat)
            {
                missing.AddRange(Hairpin.Missing(View, _host.Namespace, address.IsV6, configuration.MasqueradeAll ? 0 : address.Length));
            }
        }

        return [.. missing.Distinct()]; // the table is everybody's
    }

    private NftElementAdd ElementOf(ForwardedPort port) =>
        PortForwarding.Add(_host.Namespace, port, configuration.ConditionsOf(port.IsV6), _comment);

    private List<NftElementAdd> Elements(PortmapTargets targets) => [.. PortElements(targets), .. HairpinElements(targets)];

    private List<NftElementAdd> PortElements(PortmapTargets targets)
    {
        List<NftElementAdd> elements = new(targets.Ports.Count + 4);
        foreach (ForwardedPort port in targets.Ports)
        {
            elements.Add(ElementOf(port));
        }

        return elements;
    }

    private List<NftElementAdd> HairpinElements(PortmapTargets targets)
    {
        List<NftElementAdd> elements = [];
        foreach (IpPrefix address in configuration.Snat ? targets.Addresses : [])
        {
            elements.AddRange(Hairpin.Add(_host.Namespace, address, configuration.MasqueradeAll, _comment));
        }

        return elements;
    }

    // Most containers that come without mappings have none: one look-up tells, where the addresses are known.
    private bool MayHavePorts()
    {
        List<IpPrefix> addresses = PortmapTargets.AddressesOf(call);
        return !configuration.Snat || addresses.Count == 0
            || HairpinElements(new PortmapTargets(addresses, [])).Exists(element => View.FindElement(element.Set, element.Key)?.Comment == FittedComment);
    }
}
