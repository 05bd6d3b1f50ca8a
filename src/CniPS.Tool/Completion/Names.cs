using System;
using System.IO;
using CniPS.Linux;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins.Catalog;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Completion;

/// <summary>The names of what is there, as candidates. What may not be looked at offers none.</summary>
/// <param name="networkFolder">The folder of networks.</param>
/// <param name="cacheFolder">The cache.</param>
internal sealed class Names(string networkFolder, string cacheFolder)
{
    /// <summary>Networks of the folder.</summary>
    internal void AddNetworks(Candidates candidates) => Try(() =>
    {
        foreach (NetworkConfigurationList list in new NetworkConfigurationFolder(networkFolder).LoadAll(static _ => { }))
        {
            candidates.Add(list.Name, list.Source ?? "");
        }
    });

    /// <summary>Networks of the cache.</summary>
    internal void AddCachedNetworks(Candidates candidates) => Cached(cached => candidates.Add(cached.Network, "in the cache"));

    /// <summary>Containers in the cache.</summary>
    internal void AddContainers(Candidates candidates, string? network) => Cached(cached =>
    {
        if ((network ?? cached.Network) == cached.Network)
        {
            candidates.Add(cached.ContainerId, $"on {cached.Network}");
        }
    });

    /// <summary>Interfaces in the cache.</summary>
    internal void AddInterfaces(Candidates candidates, string? network, string? containerId) => Cached(cached =>
    {
        if ((network ?? cached.Network) == cached.Network && (containerId ?? cached.ContainerId) == cached.ContainerId)
        {
            candidates.Add(cached.InterfaceName, $"of {cached.ContainerId} on {cached.Network}");
        }
    });

    /// <summary>Named namespaces.</summary>
    internal static void AddNamespaces(Candidates candidates, bool asPaths) => Try(() =>
    {
        foreach (string name in NamedNamespaces.List())
        {
            candidates.Add(asPaths ? NamedNamespaces.PathOf(name) : name, asPaths ? name : NamedNamespaces.PathOf(name));
        }
    });

    /// <summary>The plugins that are built in.</summary>
    internal static void AddPlugins(Candidates candidates)
    {
        foreach (string type in NativePlugins.Types)
        {
            candidates.Add(type, "built in");
        }
    }

    private void Cached(Action<CachedAttachment> add) => Try(() =>
    {
        using var host = new LinuxHost();
        foreach (CachedAttachment cached in new CniRuntime(host, RuntimeOptions.Default with { CacheFolder = cacheFolder }).Cache.List())
        {
            add(cached);
        }
    });

    private static void Try(Action look)
    {
        try
        {
            look();
        }
        catch (Exception e) when (e is CniException or LinuxException or IOException or UnauthorizedAccessException)
        {
            // Nobody to tell it to: the shell is in the midst of a line.
        }
    }
}
