using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Plugins;

/// <summary>An attachment's masquerading by nf_tables: one nf_tables element for each of its addresses, with a comment that names it.</summary>
internal sealed class NftablesMasquerade
{
    private readonly PluginContext _context;
    private readonly IHost _host;
    private readonly string _comment;

    internal NftablesMasquerade(PluginContext context, PluginCall call)
    {
        _context = context;
        _host = context.Host;
        _comment = AttachmentComment.Of(call);
    }

    private INftablesView View => _host.Nftables(_host.Namespace);

    /// <summary>Masquerades an address. Without a lock, where the shared chains are as they should be and nobody has the address.</summary>
    internal void Add(IpPrefix address)
    {
        try
        {
            if (Masquerade.Missing(View, _host.Namespace, address).Count == 0)
            {
                _context.Apply(Masquerade.Add(_host.Namespace, address, _comment));
                return;
            }
        }
        catch (ChangeException e) when (e.InnerException is LinuxException { IsNotFound: true } or LinuxException { IsExists: true })
        {
            // Its chain has just gone, or a leftover holds the address: both are seen to below.
        }

        using (_host.LockNamespace(_host.Namespace, exclusive: true, _context.Cancellation))
        {
            IReadOnlyList<NftChange> missing = Masquerade.Missing(View, _host.Namespace, address);
            if (missing.Count > 0)
            {
                _context.Transaction.ApplyShared(new SharedMasquerade(address.Network), missing);
            }

            _context.Apply(Masquerade.Assign(View, _host.Namespace, address, _comment));
        }
    }

    /// <summary>Whether an address is masqueraded in this attachment's name, by rules that are there.</summary>
    internal bool Has(IpPrefix address) => IsOwn(address) && Masquerade.Missing(View, _host.Namespace, address).Count == 0;

    private bool IsOwn(IpPrefix address) => Masquerade.FindOwner(View, address) == NftComment.Fit(_comment);

    /// <summary>What makes an address masqueraded again.</summary>
    internal IReadOnlyList<Change> Repair(IpPrefix address) =>
        [.. Masquerade.Missing(View, _host.Namespace, address), .. Masquerade.Assign(View, _host.Namespace, address, _comment)];

    /// <summary>What masquerades no more: the addresses that are known, as far as they are this attachment's, or whatever is its own.</summary>
    internal IReadOnlyList<Change> Remove(IReadOnlyList<IpPrefix>? known)
    {
        List<Change> changes = [];
        foreach (IpPrefix address in known ?? Masquerade.FindOwned(View, _comment))
        {
            if (known is null || IsOwn(address))
            {
                changes.Add(Masquerade.Remove(_host.Namespace, address));
            }
        }

        return changes;
    }

    /// <summary>GC: masquerades no more what belongs to none of the valid attachments of a network.</summary>
    internal static void RemoveInvalid(PluginContext context, string network, ValidAttachments valid)
    {
        IHost host = context.Host;
        ListedComments listed = new(valid, network);
        foreach (MasqueradedAddress address in Masquerade.List(host.Nftables(host.Namespace)))
        {
            if (address.Owner is { } owner && listed.IsGarbage(owner, address.Address.Address))
            {
                AttachmentClaim claim = AttachmentComment.Read(owner, network);
                CollectedThing thing = new(CollectedKind.Rule, network, $"masquerading of {address.Address}", claim.ContainerId, claim.InterfaceName);
                context.Collect(thing, Masquerade.Remove(host.Namespace, address.Address));
            }
        }
    }
}
