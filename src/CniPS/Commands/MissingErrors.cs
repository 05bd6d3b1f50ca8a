using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// The errors of those who ask for something by a name that is nothing: the same from every command. What is known, and of which there is
/// nothing to be shown just now, is none of them.
/// </summary>
internal sealed class MissingErrors(ResultCache cache, string configurationFolder)
{
    /// <summary>The networks among names that nothing has fitted of which nobody knows.</summary>
    internal IEnumerable<CniException> Networks(Wildcards names)
    {
        KnownNetworks? known = names.Missing.Any() ? KnownNetworks.Find(configurationFolder, cache) : null;
        foreach (string name in names.Missing)
        {
            if (known?.Knows(name) == false)
            {
                yield return new CniException(CniErrorIds.NetworkNotFound, CniErrorCode.InvalidNetworkConfig, $"there is no network {name}")
                {
                    RecommendedAction = "Get-CniNetwork lists what there is.",
                    Target = name,
                };
            }
        }
    }

    /// <summary>The containers that have no attachment.</summary>
    internal IEnumerable<CniException> Containers(Wildcards names) => Attachments(names, "container", static (cached, name) => cached.ContainerId == name);

    /// <summary>The interfaces that no attachment has.</summary>
    internal IEnumerable<CniException> Interfaces(Wildcards names) => Attachments(names, "interface", static (cached, name) => cached.InterfaceName == name);

    /// <summary>The interfaces of the host that are not there.</summary>
    /// <param name="names">The names.</param>
    /// <param name="host">The machine.</param>
    internal static IEnumerable<CniException> HostInterfaces(Wildcards names, IHost host) =>
        from name in names.Missing
        where host.FindLink(host.Namespace, name) is null
        select new CniException(ModuleErrorIds.InterfaceNotFound, CniErrorCode.Unknown, $"there is no interface {name} on the host")
        {
            RecommendedAction = "Get-CniAttachment shows the interfaces of the host that lead to containers.",
            Target = name,
        };

    /// <summary>The namespaces that are not there, and not in the cache either.</summary>
    /// <param name="names">The names, or paths.</param>
    /// <param name="resolve">Makes a path absolute.</param>
    internal IEnumerable<CniException> Namespaces(Wildcards names, Func<string, string> resolve)
    {
        foreach (string name in names.Missing)
        {
            string path = new NamespaceReference(name).ToPath(resolve);
            if (!System.IO.File.Exists(path) && cache.List().All(cached => cached.NetNS != path))
            {
                yield return NamespaceErrors.NotFound(name);
            }
        }
    }

    private IEnumerable<CniException> Attachments(Wildcards names, string what, Func<CachedAttachment, string, bool> isOf)
    {
        foreach (string name in names.Missing)
        {
            if (!cache.List().Any(cached => isOf(cached, name)))
            {
                yield return new CniException(
                    RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"there is no {what} {name} in the cache {cache.Folder}")
                {
                    RecommendedAction = "Get-CniAttachment lists what there is.",
                    Target = name,
                };
            }
        }
    }
}
