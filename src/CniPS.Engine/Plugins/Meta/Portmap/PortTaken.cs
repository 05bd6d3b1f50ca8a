using System.Globalization;
using CniPS.Linux.Changes;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The error for a host port that another container has.</summary>
internal static class PortTaken
{
    internal static CniException Error(ForwardedPort port, string owner) => new(
        CniErrorIds.PortTaken,
        CniErrorCode.Internal,
        string.Create(CultureInfo.InvariantCulture, $"host port {Describe(port)} is taken: {owner} has it"))
    {
        PluginType = "portmap",
        Target = Describe(port),
        RecommendedAction = "Choose another host port, or remove the container that has it. Clear-CniNetwork frees the ports of those that are gone.",
    };

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
