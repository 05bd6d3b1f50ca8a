using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Output;

/// <summary>Looks whether an attachment is still there.</summary>
internal static class AttachmentProbe
{
    internal static CniAttachmentState Look(IHost host, string namespacePath, string interfaceName)
    {
        if (namespacePath.Length == 0)
        {
            return CniAttachmentState.Unknown;
        }

        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(namespacePath);
            return host.FindLink(ns, interfaceName) is null ? CniAttachmentState.InterfaceGone : CniAttachmentState.Alive;
        }
        catch (LinuxException e)
        {
            return e.IsNotFound ? CniAttachmentState.NamespaceGone : CniAttachmentState.Unknown;
        }
        catch (NotANamespaceException)
        {
            return CniAttachmentState.NamespaceGone; // the file is left, without its mount
        }
    }
}
