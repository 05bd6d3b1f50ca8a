using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with addresses.</summary>
internal static class AddressCauses
{
    /// <summary>An attachment's interface lacks an address that it was given, or has it with another prefix; null where all is well.</summary>
    internal static Cause? OfAttachment(MachineView machine, NamespaceView view, Link link, CachedAttachment attachment)
    {
        foreach (IpPrefix expected in from ip in attachment.Result?.Ips ?? [] where ip.Address is not null select ip.Address!.Value)
        {
            InterfaceAddress? held = view.Addresses.FirstOrDefault(held => held.LinkIndex == link.Index && held.Address.Address.Equals(expected.Address));
            AddressAdd add = new(view.Namespace, link.Id, expected, expected.IsV6);
            if (held is null)
            {
                return Gone(machine, view, link, expected, add);
            }

            if (held.Address.Length != expected.Length)
            {
                return Cause.Mended(
                    "AddressPrefixWrong", view.Name, $"{link.Name} in {view.Name} has {held.Address} where it was given {expected}",
                    [new AddressDelete(view.Namespace, link.Id, held.Address), add, .. AttachmentDrift.Of(machine, view, link, expected.Family).Where(static change => change is RouteAdd)]);
            }

            if (held.IsDuplicate)
            {
                return Duplicate(machine, view, link, held, add);
            }
        }

        return null;
    }

    // Somebody else had it when it came, so that the kernel doesn't use it (RFC 4862, 5.4.5): he has to give it up, and then it is to be given again.
    private static Cause Duplicate(MachineView machine, NamespaceView view, Link link, InterfaceAddress held, AddressAdd add) =>
        machine.HolderOf(held.Address.Address) is { } other && other != view
            ? NeighbourCauses.Duplicate(machine, view, view, other, held.Address.Address)
            : Cause.Mended(
                "AddressDuplicate", view.Name, $"{link.Name} in {view.Name} doesn't use {held.Address}: somebody else on its network had it when it came (dadfailed)",
                [
                    new AddressDelete(view.Namespace, link.Id, held.Address), add with { NoDuplicateDetection = false },
                    .. AttachmentDrift.Of(machine, view, link, held.Address.Family).Where(static change => change is RouteAdd),
                ]) with { IsBeyondProbe = true };

    /// <summary>A link lacks an address that it was given: with what went with it.</summary>
    internal static Cause Gone(MachineView machine, NamespaceView view, Link link, IpPrefix expected, AddressAdd add)
    {
        IReadOnlyList<Change> lost = AttachmentDrift.Of(machine, view, link, expected.Family);
        bool isChecked = lost.Any(change => change is AddressAdd known && known.Address == expected);
        string key = AttachmentDrift.DisableIPv6(link);
        bool isOff = expected.IsV6 && view.Number(key) != 0;
        IReadOnlyList<Change> repair = isChecked ? lost : isOff ? [new SysctlWrite(view.Namespace, key, "0"), add] : [add];
        return isOff
            ? Cause.Mended("FamilyDisabled", view.Name, $"IPv6 is switched off on {link.Name} in {view.Name}, so that it lacks its address {expected}", repair)
            : Cause.Mended("AddressGone", view.Name, $"{link.Name} in {view.Name} lacks its address {expected}", repair);
    }

    /// <summary>IPv6 is switched off everywhere in a namespace; null where it isn't.</summary>
    internal static Cause? FamilyOff(NamespaceView view, IPAddress destination)
    {
        const string All = "net/ipv6/conf/all/disable_ipv6";
        return view.Number(All) == 0 ? null
            : Cause.Mended("FamilyDisabled", view.Name, $"IPv6 is switched off in {view.Name}, so that it has no route to {destination}", new SysctlWrite(view.Namespace, All, "0"));
    }

    /// <summary>Nobody has an address.</summary>
    internal static Cause Nobody(NamespaceView view, Link link, IPAddress address) =>
        new("AddressUnknown", view.Name, $"nobody whom {link.Name} in {view.Name} leads to has {address}", BridgeCauses.In(view, $"ip neigh show {address} dev {link.Name}"));

    /// <summary>A namespace doesn't have the address that was to be tried.</summary>
    internal static Cause NotThere(NamespaceView view, IPAddress address) =>
        new("AddressGone", view.Name, $"no interface in {view.Name} has {address}", BridgeCauses.In(view, $"ip addr add {address} dev <interface>"));
}
