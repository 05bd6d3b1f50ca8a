using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Files;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// What is left of ADDs of plugin programs that were killed (<see cref="PluginJournal"/>). Such a call means that its whole attachment is half made:
/// the plugins before it in the list have ended, and their part is nobody's either.
/// </summary>
public static class UnfinishedCalls
{
    /// <summary>GC of one plugin program: takes away its part of the attachments that are half made, whichever plugin was killed.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where journals are kept, and where delegates come from.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="request">The call.</param>
    /// <param name="observer">Is told what is taken away.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <exception cref="CniException">Something can't be taken away; everything else was.</exception>
    public static void Collect(
        IHost host, RuntimeOptions options, string type, PluginRequest request, IOperationObserver? observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (ValidAttachments.Read(request.Configuration, judge: null) is not { } valid)
        {
            return;
        }

        Services services = new(host, options, observer);
        List<CniException> failures = [];
        foreach (string path in Of(services, request.Configuration.Name ?? ""))
        {
            Try(failures, path, (file, intent) =>
            {
                if (valid.Contains(intent.Attachment.ContainerId, intent.Attachment.InterfaceName))
                {
                    return;
                }

                if (intent.Network == request.Configuration.Name && !LeftoverCleaner.HadFinished(services, intent))
                {
                    bool own = intent.WasStarted(0, type);
                    Undo(services, type, intent, own ? intent.Config : Own(request.Configuration), cancellation);
                    if (own)
                    {
                        file.Clear();
                    }
                }
            });
        }

        Throw(failures);
    }

    /// <summary>The runtime's GC: every native plugin of the list takes away its part.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="list">The network.</param>
    /// <param name="removed">Is told each attachment.</param>
    /// <param name="failures">Gets what could not be taken away.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    internal static void Collect(
        Services services, NetworkConfigurationList list, Action<Attachment> removed, List<CniException> failures, CancellationToken cancellation)
    {
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer);
        foreach (string path in services.Host.IsPlan ? [] : Of(services, list.Name))
        {
            Try(failures, path, (file, intent) =>
            {
                if (intent.Network != list.Name)
                {
                    return;
                }

                bool finished = LeftoverCleaner.HadFinished(services, intent);
                for (int i = list.Plugins.Count - 1; i >= 0 && !finished; i--)
                {
                    string type = list.Plugins[i].Type;
                    if (invoker.IsNative(type))
                    {
                        bool own = intent.WasStarted(0, type);
                        Undo(services, type, intent, own ? intent.Config : list.Plugins[i].ToRequest(list.Name, list.CniVersion), cancellation, list);
                    }
                    else if (intent.WasStarted(0, type))
                    {
                        return; // that program's own GC does it, and forgets it
                    }
                }

                file.Clear();
                if (!finished)
                {
                    removed(intent.Attachment);
                }
            });
        }
    }

    /// <summary>The attachments that are half made, as far as their journals stand yet: what is left of them for programs to take away.</summary>
    internal static HashSet<AttachmentKey> HalfMade(Services services, string network)
    {
        HashSet<AttachmentKey> found = [];
        List<CniException> unread = []; // who collects them has told why
        foreach (string path in services.Host.IsPlan ? [] : Of(services, network))
        {
            Try(unread, path, (_, intent) =>
            {
                if (intent.Network == network && !LeftoverCleaner.HadFinished(services, intent))
                {
                    found.Add(intent.Attachment.Key);
                }
            });
        }

        return found;
    }

    /// <summary>Takes away what a killed call left.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="type">The plugin.</param>
    /// <param name="leftover">What stands in its journal.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    internal static void Undo(Services services, string type, ReadOnlyMemory<byte> leftover, CancellationToken cancellation)
    {
        if (Intent.TryRead(leftover) is { } intent)
        {
            Undo(services, type, intent, intent.Config, cancellation);
        }
    }

    /// <summary>A call's configuration without what belongs to the one call: the result so far, and the attachments that GC must keep.</summary>
    internal static ReadOnlyMemory<byte> Own(PluginConfiguration configuration) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        JsonBytes.CopyProperties(writer, configuration.Json, ["prevResult", "cni.dev/valid-attachments", "cni.dev/attachments"]);
        writer.WriteEndObject();
    });

    private static void Undo(
        Services services, string type, Intent intent, ReadOnlyMemory<byte> config, CancellationToken cancellation, NetworkConfigurationList? list = null)
    {
        RuntimeOptions options = services.Options with { PluginSource = intent.Source, PluginPath = intent.PluginPath };
        PluginInvoker invoker = new(services.Host, options, services.Observer);
        using PluginContext context = services.Context(
            new Transaction(services.Host, services.Observer), invoker, cancellation, onlyOwn: true);
        if (list is not null)
        {
            context.AskLeased = () => LeaseInventory.AddressesOf(services.Host, list, intent.Attachment.Key);
        }

        PluginRequest request = new()
        {
            Verb = CniVerb.Delete,
            ContainerId = intent.Attachment.ContainerId,
            NetNS = intent.Attachment.NetNS,
            InterfaceName = intent.Attachment.InterfaceName,
            Args = intent.Attachment.Args,
            Path = intent.PluginPath,
            Config = config,
        };
        invoker.Invoke(new ResolvedPlugin(type, NativePlugins.Find(type), null), request, context);
    }

    private static IEnumerable<string> Of(Services services, string network)
    {
        string folder = services.OwnFolder(PluginJournal.Folder);
        foreach (string name in services.Host.ListFiles(folder))
        {
            if (name.StartsWith(network + ",", StringComparison.Ordinal) || name.StartsWith("sha512,", StringComparison.Ordinal))
            {
                yield return Path.Join(folder, name);
            }
        }
    }

    // One that is stuck does not stop the others. A journal in use is of a call under way; an empty one goes as it is closed.
    private static void Try(List<CniException> failures, string path, Action<JournalFile, Intent> take)
    {
        try
        {
            using JournalFile? file = JournalFile.TryOpen(path);
            if (file is not null && Intent.TryRead(file.Leftover) is { } intent)
            {
                take(file, intent);
            }
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            failures.Add(e as CniException ?? KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect));
        }
    }

    private static void Throw(List<CniException> failures)
    {
        if (failures.Count > 0)
        {
            throw failures.Count == 1 ? failures[0] : Failures.Combine(
                failures, RuntimeErrorIds.CollectionIncomplete, "GC", "; ", "Everything else was collected. Mend the causes and collect again.");
        }
    }
}
