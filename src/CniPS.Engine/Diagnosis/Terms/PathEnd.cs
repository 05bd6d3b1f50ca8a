using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>One end of a way: who it is, and which addresses it has.</summary>
/// <param name="Name">As it was called.</param>
/// <param name="View">Its namespace; null for one that is not on this machine, or gone.</param>
/// <param name="Attachments">Its attachments.</param>
internal sealed record PathEnd(string Name, NamespaceView? View, IReadOnlyList<CachedAttachment> Attachments)
{
    /// <summary>The address that was given; null where a whole namespace was.</summary>
    internal IPAddress? Address { get; init; }

    /// <summary>Why it can't be an end at all; null for nothing.</summary>
    internal Cause? Fault { get; init; }

    /// <summary>Its addresses of a family, those of its attachments first, whether or not they are there.</summary>
    internal IReadOnlyList<IPAddress> Addresses(AddressFamily family)
    {
        if (Address is not null)
        {
            return Address.AddressFamily == family ? [Address] : [];
        }

        IEnumerable<IPAddress> given = from attachment in Attachments
                                       from ip in attachment.Result?.Ips ?? []
                                       where ip.Address is not null
                                       select ip.Address!.Value.Address;
        IEnumerable<IPAddress> held = from address in View?.Addresses ?? []
                                      where address.IsGlobal && View!.Find(address.LinkIndex)?.IsLoopback == false
                                      select address.Address.Address;
        return [.. given.Concat(held).Where(address => address.AddressFamily == family && !IPAddress.IsLoopback(address)).Distinct()];
    }

    /// <summary>The subnets of its addresses.</summary>
    internal IEnumerable<IpPrefix> Subnets => (View?.Addresses ?? []).Select(static address => address.Address.Network)
        .Concat(from attachment in Attachments from ip in attachment.Result?.Ips ?? [] where ip.Address is not null select ip.Address!.Value.Network);
}
