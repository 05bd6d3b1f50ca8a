using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>
/// An attachment's masquerading, by whichever backend. Adding goes by the one that is configured; removing looks into both, and for what the Go
/// plugins made: the configuration may have changed since ADD, and another implementation may have done it.
/// </summary>
internal sealed class AttachmentMasquerade
{
    private readonly PluginContext _context;
    private readonly PluginCall _call;
    private readonly RuleBackend? _named;

    /// <summary>Takes what it works with.</summary>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="call">The call.</param>
    /// <param name="named">The backend that the network names; null where it leaves that to what is set for all.</param>
    internal AttachmentMasquerade(PluginContext context, PluginCall call, RuleBackend? named)
    {
        _context = context;
        _call = call;
        _named = named;
    }

    private RuleBackend Backend => _named ?? _context.Backend ?? RuleBackend.Nftables;

    /// <summary>Masquerades what a container's addresses send out of their subnets.</summary>
    internal void Add(IReadOnlyList<CniIPConfig> ips)
    {
        Add(AddressesOf(ips));
    }

    private void Add(List<IpPrefix> addresses)
    {
        if (Backend == RuleBackend.Iptables)
        {
            _context.Apply(new IptablesMasquerade(_context, _call).Add(addresses));
            return;
        }

        NftablesMasquerade nftables = new(_context, _call);
        foreach (IpPrefix address in addresses)
        {
            nftables.Add(address);
        }
    }

    /// <summary>
    /// CHECK: every address must be masqueraded in this attachment's name, by any backend: the configuration may have changed since ADD, and a Go
    /// plugin may have done it.
    /// </summary>
    internal void Check(IReadOnlyList<CniIPConfig> ips, List<Difference> differences)
    {
        foreach (IpPrefix address in AddressesOf(ips))
        {
            if (!Has(address))
            {
                differences.Add(new Difference($"masquerading of {address.Address}", "on", null, $"{address.Address} is not masqueraded")
                {
                    Repair = Repair(address),
                });
            }
        }
    }

    /// <summary>
    /// DEL: masquerades no more, neither what this configuration would have nor what the Go plugins left. After a killed ADD only the former: what
    /// a Go plugin made may be in use.
    /// </summary>
    /// <param name="failures">Gets what could not be removed.</param>
    internal void Remove(List<Exception> failures)
    {
        IReadOnlyList<IpPrefix>? known = _call.ResultAddresses;
        Failures.Try(failures, () => _context.Apply(
        [
            .. new NftablesMasquerade(_context, _call).Remove(known),
            .. _context.OnlyOwn ? [] : GoNftablesMasquerade.Remove(_context, _call),
        ]));
        if (!_context.OnlyOwn || Backend == RuleBackend.Iptables)
        {
            Failures.Try(failures, () => _context.Apply(new IptablesMasquerade(_context, _call).Remove(known)));
        }
    }

    /// <summary>GC: masquerades no more what belongs to none of the valid attachments of a network.</summary>
    internal static void RemoveInvalid(PluginContext context, string network, ValidAttachments valid)
    {
        NftablesMasquerade.RemoveInvalid(context, network, valid);
        List<Change> changes =
        [
            .. GoNftablesMasquerade.RemoveInvalid(context, network, valid),
            .. IptablesMasquerade.RemoveInvalid(context, network, valid),
        ];
        context.Apply(changes);
    }

    /// <summary>Whether any of an attachment's addresses is masqueraded, by whichever backend.</summary>
    internal static bool IsThere(PluginContext context, PluginCall call)
    {
        AttachmentMasquerade any = new(context, call, null);
        foreach (IpPrefix address in call.ResultAddresses ?? [])
        {
            if (any.Has(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Masquerades by another backend what is masqueraded; what is not stays so.</summary>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="call">The call.</param>
    /// <param name="to">The backend.</param>
    /// <returns>What takes away the rules of the others.</returns>
    internal static IReadOnlyList<Change> Convert(PluginContext context, PluginCall call, RuleBackend to)
    {
        AttachmentMasquerade target = new(context, call, to);
        List<IpPrefix> addresses = [];
        foreach (IpPrefix address in call.ResultAddresses ?? [])
        {
            if (target.Has(address))
            {
                addresses.Add(address);
            }
        }

        if (addresses.Count == 0)
        {
            return [];
        }

        target.Add(addresses);
        return
        [
            .. GoNftablesMasquerade.Remove(context, call),
            .. to == RuleBackend.Iptables ? new NftablesMasquerade(context, call).Remove(addresses) : new IptablesMasquerade(context, call).Remove(addresses),
        ];
    }

    private bool Has(IpPrefix address) => new NftablesMasquerade(_context, _call).Has(address)
        || new IptablesMasquerade(_context, _call).Has(address)
        || GoNftablesMasquerade.Has(_context, _call);

    // Where the container has a chain of iptables already, as from a Go plugin, that is where its rules belong.
    private IReadOnlyList<Change> Repair(IpPrefix address) => Backend == RuleBackend.Iptables || new IptablesMasquerade(_context, _call).HasChain(address.IsV6)
        ? new IptablesMasquerade(_context, _call).Add([address])
        : new NftablesMasquerade(_context, _call).Repair(address);

    private static List<IpPrefix> AddressesOf(IReadOnlyList<CniIPConfig> ips)
    {
        List<IpPrefix> addresses = new(ips.Count);
        foreach (CniIPConfig ip in ips)
        {
            if (ip.Address is { } address)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }
}
