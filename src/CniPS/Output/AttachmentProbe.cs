using CniPS.Facts;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>Looks whether an attachment is still there.</summary>
internal static class AttachmentProbe
{
    /// <summary>Looks.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="namespacePath">The container's namespace.</param>
    /// <param name="interfaceName">The container's interface.</param>
    /// <param name="made">What ADD made of it; null where that isn't known.</param>
    internal static Sighting Look(IHost host, string namespacePath, string interfaceName, ResultFacts? made = null)
    {
        if (namespacePath.Length == 0)
        {
            return new Sighting(CniAttachmentState.Unknown);
        }

        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(namespacePath);
            if (host.FindLink(ns, interfaceName) is not { } link)
            {
                return new Sighting(CniAttachmentState.InterfaceGone);
            }

            string? mac = link.Mac?.ToString(), other = OtherEnd(host, ns, link);
            CniAttachmentState state = IsAnother(made, mac, other) ? CniAttachmentState.Foreign : CniAttachmentState.Alive;
            return new Sighting(state) { Mac = mac, HostInterface = other };
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

    // A MAC alone can be changed, and a link renamed: both together are another interface, as of a container that was made anew.
    private static bool IsAnother(ResultFacts? made, string? mac, string? other) =>
        made is { Mac: { Length: > 0 } expectedMac }
        && mac != expectedMac
        && (made.HostInterface is not { } expectedOther || other != expectedOther);

    // Where the kernel says that it is: an index alone could be one of a third namespace.
    private static string? OtherEnd(IHost host, NetworkNamespace ns, Link link)
    {
        bool leadsToHost = link.PeerNamespaceId is { } number ? ns.NumberOf(host.Namespace) == number : ns.Id == host.Namespace.Id;
        return link.Kind == "veth" && leadsToHost ? host.FindLink(host.Namespace, link.Peer)?.Name : null;
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
