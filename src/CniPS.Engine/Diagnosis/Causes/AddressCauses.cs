using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with addresses.</summary>
internal static class AddressCauses
{
    /// <summary>An attachment's interface lacks an address that it was given, or has it with another prefix; null where all is well.</summary>
    internal static Cause? OfAttachment(NamespaceView view, Link link, CachedAttachment attachment)
    {
        foreach (IpPrefix expected in from ip in attachment.Result?.Ips ?? [] where ip.Address is not null select ip.Address!.Value)
        {
            InterfaceAddress? held = view.Addresses.FirstOrDefault(held => held.LinkIndex == link.Index && held.Address.Address.Equals(expected.Address));
            AddressAdd add = new(view.Namespace, link.Id, expected, expected.IsV6);
            if (held is null)
            {
                return expected.IsV6 && view.Number($"net/ipv6/conf/{link.Name}/disable_ipv6") != 0
                    ? Cause.Mended(
                        "FamilyDisabled", view.Name, $"IPv6 is switched off on {link.Name} in {view.Name}, so that it lacks its address {expected}",
                        new SysctlWrite(view.Namespace, $"net/ipv6/conf/{link.Name}/disable_ipv6", "0"), add)
                    : Cause.Mended("AddressGone", view.Name, $"{link.Name} in {view.Name} lacks its address {expected}", add);
            }

            if (held.Address.Length != expected.Length)
            {
                return Cause.Mended(
                    "AddressPrefixWrong", view.Name, $"{link.Name} in {view.Name} has {held.Address} where it was given {expected}",
                    new AddressDelete(view.Namespace, link.Id, held.Address), add);
            }

            if (held.IsDuplicate)
            {
                return new Cause(
                    "AddressDuplicate", view.Name, $"{link.Name} in {view.Name} may not use {expected.Address}: somebody else on its network has it",
                    $"give one of both another address: Update-CniAttachment -Network {attachment.Network} -ContainerId {attachment.ContainerId}");
            }
        }

        return null;
    }

    /// <summary>Nobody has an address.</summary>
    internal static Cause Nobody(NamespaceView view, Link link, IPAddress address) =>
        new("AddressUnknown", view.Name, $"nobody whom {link.Name} in {view.Name} leads to has {address}", BridgeCauses.In(view, $"ip neigh show {address} dev {link.Name}"));

    /// <summary>A namespace doesn't have the address that was to be tried.</summary>
    internal static Cause NotThere(NamespaceView view, IPAddress address) =>
        new("AddressGone", view.Name, $"no interface in {view.Name} has {address}", BridgeCauses.In(view, $"ip addr add {address} dev <interface>"));
}
