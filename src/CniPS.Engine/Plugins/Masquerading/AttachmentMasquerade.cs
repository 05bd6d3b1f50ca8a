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
    private readonly MasqueradeBackend _backend;

    internal AttachmentMasquerade(PluginContext context, PluginCall call, MasqueradeBackend backend)
    {
        _context = context;
        _call = call;
        _backend = backend;
    }

    /// <summary>Masquerades what a container's addresses send out of their subnets.</summary>
    internal void Add(IReadOnlyList<CniIPConfig> ips)
    {
        List<IpPrefix> addresses = AddressesOf(ips);
        if (_backend == MasqueradeBackend.Iptables)
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
        if (_backend == MasqueradeBackend.Iptables || !_context.OnlyOwn)
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

    private bool Has(IpPrefix address) => new NftablesMasquerade(_context, _call).Has(address)
        || new IptablesMasquerade(_context, _call).Has(address)
        || GoNftablesMasquerade.Has(_context, _call);

    private IReadOnlyList<Change> Repair(IpPrefix address) => _backend == MasqueradeBackend.Iptables
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
