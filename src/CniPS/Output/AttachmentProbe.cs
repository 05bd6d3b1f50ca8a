using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Output;

/// <summary>Looks whether an attachment is still there.</summary>
internal static class AttachmentProbe
{
    internal static Sighting Look(IHost host, string namespacePath, string interfaceName)
    {
        if (namespacePath.Length == 0)
        {
            return new Sighting(CniAttachmentState.Unknown);
        }

        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(namespacePath);
            return host.FindLink(ns, interfaceName) is not { } link
                ? new Sighting(CniAttachmentState.InterfaceGone)
                : new Sighting(CniAttachmentState.Alive) { Mac = link.Mac?.ToString(), HostInterface = OtherEnd(host, link) };
        }
        catch (LinuxException e)
        {
            return new Sighting(e.IsNotFound ? CniAttachmentState.NamespaceGone : CniAttachmentState.Unknown);
        }
        catch (NotANamespaceException)
        {
            return new Sighting(CniAttachmentState.NamespaceGone); // the file is left, without its mount
        }
    }

    // The index alone says little: it could be one of a third namespace. Two that point at each other are a pair.
    private static string? OtherEnd(IHost host, Link link)
    {
        Link? other = link.Kind == "veth" ? host.FindLink(host.Namespace, link.Peer) : null;
        return other is { Kind: "veth" } && other.Peer == link.Index ? other.Name : null;
    }
}

/// <summary>What was seen of an attachment.</summary>
/// <param name="State">What became of it.</param>
internal sealed record Sighting(CniAttachmentState State)
{
    /// <summary>The interface's hardware address, as it is now.</summary>
    internal string? Mac { get; init; }

    /// <summary>The other end of a veth, on the host.</summary>
    internal string? HostInterface { get; init; }
}
