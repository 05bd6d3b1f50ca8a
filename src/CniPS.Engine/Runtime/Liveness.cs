using System;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether a cached attachment is still there.</summary>
public static class Liveness
{
    /// <summary>Whether the namespace that it was made in is there, and has an interface of its name.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachment">The attachment.</param>
    /// <exception cref="CniException">This process may not look (<see cref="CniErrorIds.KernelRefused"/>).</exception>
    public static bool IsAlive(IHost host, CachedAttachment attachment)
    {
        if (attachment.NetNS.Length == 0)
        {
            return false;
        }

        try
        {
            using NetworkNamespace ns = NetworkNamespace.Open(attachment.NetNS);
            return host.FindLink(ns, attachment.InterfaceName) is not null;
        }
        catch (Exception e) when (e is LinuxException { IsPermission: false } or NotANamespaceException)
        {
            return false;
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }
}
