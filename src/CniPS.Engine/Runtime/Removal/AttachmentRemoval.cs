using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An attachment's way back: DEL of every plugin in reverse order, each with the cached result; then the result is forgotten.</summary>
internal static class AttachmentRemoval
{
    /// <summary>Removes it, for one who holds the attachment's journal, or its network's exclusive lock.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="list">The network, where the cache doesn't have it.</param>
    /// <param name="attachment">The attachment.</param>
    /// <param name="cancellation">Stops it between two plugins.</param>
    /// <param name="forget">Whether it leaves the cache as well.</param>
    /// <param name="known">What is at its place in the cache, where that was looked at already.</param>
    /// <returns>What went wrong; the result stays cached then.</returns>
    internal static List<CniException> Run(
        Services services,
        NetworkConfigurationList list,
        Attachment attachment,
        CancellationToken cancellation,
        bool forget = true,
        CacheLookup? known = null)
    {
        known ??= services.Options.UseCachedConfiguration ? services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName) : null;
        CachedAttachment? cached = services.Options.UseCachedConfiguration ? known?.Attachment : null;
        list = cached?.Configuration is { } made && made.Name == list.Name ? made : list; // what ADD made is what is to be removed, whatever the network's file says by now
        CniVersion version = CniVersion.Parse(list.CniVersion);
        attachment = Complete(services, cached, attachment);
        Transaction transaction = new(services.Host, services.Observer);
        CniResult? previous = version.AtLeast(VersionSupport.CheckSince) ? PreviousResult(services, transaction, list, attachment, known) : null;

        List<CniException> failures = [];
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer);
        using PluginContext context = services.Context(transaction, invoker, cancellation);
        Deletion.Run(services, list, attachment, previous, context, invoker, null, failures);
        if (failures.Count == 0 && forget)
        {
            Forget(services, transaction, list, attachment, known);
        }

        return failures;
    }

    // What the caller doesn't give is as it was at ADD.
    private static Attachment Complete(Services services, CachedAttachment? cached, Attachment attachment) => cached is null ? attachment : attachment with
    {
        NetNS = NamespaceOf(services, attachment, cached),
        Args = attachment.Args.IsEmpty ? cached.Args : attachment.Args,
        CapabilityArgs = attachment.CapabilityArgs.Count > 0 ? attachment.CapabilityArgs : cached.CapabilityArgs,
    };

    // Plugins remove what has the interface's name in the namespace that they are given: that must not be another container's, as of a process
    // that was given the same id. And a file that was a namespace's once is nobody's.
    private static string NamespaceOf(Services services, Attachment attachment, CachedAttachment cached)
    {
        string path = attachment.NetNS.Length > 0 ? attachment.NetNS : cached.NetNS;
        if (!NamespaceGlance.IsOfProcessPath(path))
        {
            return NamespaceGlance.IsNoNamespace(path) ? "" : path;
        }

        NamespaceGlance glance = NamespaceGlance.At(services.Host, path, AttachmentEvidence.Of(cached));
        return glance is { Kind: GlanceKind.Foreign, MayBeAnothers: true } ? "" : path;
    }

    private static CniResult? PreviousResult(
        Services services, Transaction transaction, NetworkConfigurationList list, Attachment attachment, CacheLookup? known)
    {
        try
        {
            return ResultCache.ResultOf(
                known ?? services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName), list.CniVersion, services.Options.KeepUnknownFields);
        }
        catch (CniException e) when (e.ErrorId == RuntimeErrorIds.CacheUnreadable && e.InnerException is not LinuxException)
        {
            // It was read, and is no result. One that the kernel wouldn't read may be sound: without it, DEL would leave half.
            if (services.Options.SetAsideCorruptCache)
            {
                SetAside(services, transaction, list, attachment, e);
            }
            else
            {
                Forget(services, transaction, list, attachment, known);
            }

            return null;
        }
    }

    private static void SetAside(Services services, Transaction transaction, NetworkConfigurationList list, Attachment attachment, CniException cause)
    {
        CacheLookup corrupt = services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName);
        if (corrupt.Content is null)
        {
            return;
        }

        string folder = services.OwnFolder("corrupt");
        string time = DateTime.UtcNow.ToString("yyyyMMddTHHmmssfff", CultureInfo.InvariantCulture);
        string path = Path.Join(folder, $"{FileNames.Of(list.Name, attachment.ContainerId, attachment.InterfaceName)},{time}");
        services.Observer?.Warn($"The cached result {corrupt.Path} can't be used ({cause.Message}); DEL goes on without it, and it is set aside as {path}.");
        services.MakeFolder(folder);
        Services.Apply(transaction, new FileMove(corrupt.Path, path));
    }

    private static void Forget(Services services, Transaction transaction, NetworkConfigurationList list, Attachment attachment, CacheLookup? known)
    {
        try
        {
            CacheLookup cached = services.Cache.LookAgain(known ?? default, list.Name, attachment.ContainerId, attachment.InterfaceName);
            if (cached.Content is not null && !cached.IsForeign)
            {
                Services.Apply(transaction, new FileDelete(cached.Path));
            }
        }
        catch (CniException) when (!services.Options.ContinueDelete)
        {
            // libcni doesn't look whether it could
        }
    }
}
