using System.Globalization;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The error for a host port that another container has.</summary>
internal static class PortTaken
{
    /// <param name="port">The port.</param>
    /// <param name="owner">Who has it.</param>
    /// <param name="why">By what that is known, or why it can't be told.</param>
    internal static CniException Error(ForwardedPort port, string owner, string? why = null) => new(
        CniErrorIds.PortTaken,
        CniErrorCode.Internal,
        string.Create(CultureInfo.InvariantCulture, $"host port {Describe(port)} is taken: {owner} has it{(why is null ? "" : $" ({why})")}"))
    {
        PluginType = "portmap",
        Target = Describe(port),
        RecommendedAction = "Choose another host port, or remove the container that has it. The port of one that is proven gone would have been taken over.",
    };

    /// <summary>What an element says of whom it serves; null where that is not to be read from it.</summary>
    internal static AttachmentClaim? ClaimOf(NftElement element) =>
        element.Comment?.Split(' ', 3) is [{ } network, { } interfaceName, { } container] && !container.Contains('~') && (element.Data as NftValue)?.Part(0).Address is { } address
            ? new AttachmentClaim(network) { ContainerId = container, InterfaceName = interfaceName, Addresses = [address] }
            : null;

    /// <summary><c>8080/tcp</c>, or <c>192.0.2.1:8080/tcp</c>.</summary>
    internal static string Describe(ForwardedPort port)
    {
        string at = port.HostAddress is { } address ? new System.Net.IPEndPoint(address, port.HostPort).ToString() : port.HostPort.ToString(CultureInfo.InvariantCulture);
        return $"{at}/{PortMapping.Word(port.Protocol)}";
    }

    /// <summary>Whom an element's comment names.</summary>
    internal static string Owner(string? comment) =>
        comment?.Split(' ') is [{ } network, { } interfaceName, { } container]
            ? $"container {container} (interface {interfaceName}, network {network})"
            : comment ?? "something that doesn't say what it is";
}
