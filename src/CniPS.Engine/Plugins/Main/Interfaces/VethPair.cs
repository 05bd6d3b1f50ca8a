using System;
using System.Collections.Generic;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Makes the pair of virtual Ethernet interfaces that joins container and host.</summary>
internal static class VethPair
{
    /// <summary>Makes the pair under the first name for the host's end that is free.</summary>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="call">Whose pair.</param>
    /// <param name="container">Where the other end goes.</param>
    /// <param name="pair">The pair for a name of the host's end.</param>
    /// <returns>The host's end.</returns>
    /// <exception cref="CniException">The container has an interface of that name (<see cref="CniErrorIds.InterfaceExists"/>).</exception>
    internal static Link Add(PluginContext context, PluginCall call, NetworkNamespace container, Func<string, VethAdd> pair)
    {
        IHost host = context.Host;
        for (int attempt = 0; attempt < HostVeth.Candidates; attempt++)
        {
            string name = HostVeth.Name(call.Network, call.ContainerId, call.InterfaceName, attempt);
            try
            {
                IReadOnlyList<Applied> made = context.Apply(pair(name));
                return made[0].Link ?? host.FindLink(host.Namespace, name)
                    ?? throw new CniException(CniErrorIds.LinkNotReady, CniErrorCode.Internal, $"link {name} vanished as soon as it was made");
            }
            catch (ChangeException e) when (e.InnerException is LinuxException { IsExists: true })
            {
                if (host.FindLink(container, call.InterfaceName) is not null)
                {
                    throw Exists(call.InterfaceName, name, e);
                }
            }
        }

        throw new CniException(CniErrorIds.InterfaceExists, CniErrorCode.Internal, "failed to find a unique veth name");
    }

    /// <summary>Refuses a container that has an interface of the name; for plugins that do other things before they make the pair.</summary>
    internal static void RefuseExisting(PluginContext context, PluginCall call, NetworkNamespace container)
    {
        if (context.Host.FindLink(container, call.InterfaceName) is not null)
        {
            throw Exists(call.InterfaceName, HostVeth.Name(call.Network, call.ContainerId, call.InterfaceName, 0), null);
        }
    }

    private static CniException Exists(string name, string peer, Exception? cause) =>
        new(
            CniErrorIds.InterfaceExists,
            CniErrorCode.Internal,
            $"container veth name (\"{name}\") peer provided (\"{peer}\") already exists",
            innerException: cause)
        {
            Target = name,
            RecommendedAction = "Give the attachment another -Interface, or remove the interface that is there.",
        };
}
