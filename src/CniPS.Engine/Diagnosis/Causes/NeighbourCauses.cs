using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>What is wrong with what a namespace knows of its neighbours.</summary>
internal static class NeighbourCauses
{
    internal static Cause Wrong(NamespaceView view, Link link, Neighbour known, MacAddress right) => new(
        "NeighbourWrong",
        view.Name,
        $"{view.Name} has {known.Address} on {link.Name} written down as {known.Mac}, but it is {right}",
        BridgeCauses.In(view, $"ip neigh del {known.Address} dev {link.Name}"));

    internal static Cause Unanswered(NamespaceView view, Link link, IPAddress address) => new(
        "NeighbourFailed",
        view.Name,
        $"nobody on the network of {link.Name} in {view.Name} answers for {address}",
        $"look for who should have {address} there, or for a better route: {BridgeCauses.In(view, $"ip route get {address}")}");

    internal static Cause Duplicate(NamespaceView view, string one, string other, IPAddress address) => new(
        "AddressDuplicate", view.Name, $"both {one} and {other} have {address}: who answers first gets the packets", $"give one of {one} and {other} another address");
}
