using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with what a namespace knows of its neighbours.</summary>
internal static class NeighbourCauses
{
    internal static Cause Wrong(NamespaceView view, Link link, Neighbour known, MacAddress right) => Cause.Mended(
        "NeighbourWrong",
        view.Name,
        $"{view.Name} has {known.Address} on {link.Name} written down as {known.Mac}, but it is {right}",
        new NeighbourDelete(view.Namespace, link.Id, known.Address));

    internal static Cause Unanswered(NamespaceView view, Link link, IPAddress address) => new(
        "NeighbourFailed",
        view.Name,
        $"nobody on the network of {link.Name} in {view.Name} answers for {address}",
        $"look for who should have {address} there, or for a better route: {BridgeCauses.In(view, $"ip route get {address}")}");

    /// <summary>Two on this machine have an address. One whom no network gave it has it in the wrong.</summary>
    internal static Cause Duplicate(MachineView machine, NamespaceView view, NamespaceView one, NamespaceView other, IPAddress address)
    {
        string message = $"both {one.Name} and {other.Name} have {address}: who answers first gets the packets";
        bool isOnes = IsGiven(machine, one, address), isOthers = IsGiven(machine, other, address);
        NamespaceView? wrong = isOnes == isOthers ? null : isOnes ? other : one;
        return wrong?.Addresses.FirstOrDefault(held => held.Address.Address.Equals(address)) is { } held && wrong.Find(held.LinkIndex) is { } link
            ? Cause.Mended("AddressDuplicate", view.Name, message, new AddressDelete(wrong.Namespace, link.Id, held.Address)) with { IsBeyondProbe = true }
            : new Cause("AddressDuplicate", view.Name, message, $"give one of {one.Name} and {other.Name} another address") { IsBeyondProbe = true };
    }

    /// <summary>Somebody who isn't on this machine, as far as can be seen, says that an address is his, too.</summary>
    internal static Cause Stranger(NamespaceView view, Link link, NamespaceView holder, MacAddress stranger, IPAddress address) => new(
        "AddressDuplicate",
        view.Name,
        $"{holder.Name} has {address}, but {stranger} on the network of {link.Name} in {view.Name} says that it is his: who answers first gets the packets",
        $"look for {stranger}, and give one of both another address") { IsBeyondProbe = true };

    private static bool IsGiven(MachineView machine, NamespaceView view, IPAddress address) =>
        machine.AttachmentsIn(view).Any(attachment => attachment.Result?.Ips.Any(ip => ip.Address?.Address.Equals(address) == true) == true);
}
