using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Plugins.Meta;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Turns the rules of an attachment into their other form, while the container runs: first the new ones are made, then the cached configuration
/// names them, then the old ones go. It is a transaction. What is not there is not made: that is what CHECK and Repair are for.
/// </summary>
internal sealed class ConvertOperation
{
    private readonly Services _services;
    private readonly CachedAttachment _attachment;
    private readonly RuleBackend _to;
    private readonly CancellationToken _cancellation;

    internal ConvertOperation(Services services, CachedAttachment attachment, RuleBackend to, CancellationToken cancellation)
    {
        _services = services;
        _attachment = attachment;
        _to = to;
        _cancellation = cancellation;
    }

    /// <returns>The plugins that have rules of the attachment, and whose rules are in that form now.</returns>
    internal IReadOnlyList<string> Run(NetworkConfigurationList list)
    {
        Attachment attachment = _attachment.ToAttachment();
        using AttachmentGuard guard = AttachmentGuard.Enter(_services, list.Name, attachment, _cancellation);
        Transaction transaction = new(_services.Host, _services.Observer) { Noting = thing => SharedRecord.Note(_services, list.Name, [thing]) };
        PluginInvoker invoker = new(_services.Host, _services.Options, _services.Observer);
        using PluginContext context = _services.Context(transaction, invoker, _cancellation);
        List<string> types = [];
        try
        {
            IConvertsRules?[] converters = [.. Converters(list, attachment, context)];
            NetworkConfigurationList named = BackendNaming.Name(list, _services.Options, i => converters[i]?.BackendKey, _to.Word());
            List<Change> removal = [];
            for (int i = 0; i < converters.Length; i++)
            {
                if (converters[i] is { } converter)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    removal.AddRange(converter.Convert(CallOf(named, named.Plugins[i], attachment), context, _to));
                    types.Add(list.Plugins[i].Type);
                }
            }

            if (types.Count > 0)
            {
                CachedResult.Reconfigure(_services, transaction, _attachment, named.Bytes);
                Remove(transaction, removal);
            }
        }
        catch (Exception e) when (!_services.Host.IsPlan)
        {
            IReadOnlyList<Exception> notUndone = transaction.Rollback();
            throw e is OperationCanceledException && notUndone.Count == 0 ? e : Failed(e, notUndone);
        }

        if (types.Count > 0 && _to == RuleBackend.Iptables)
        {
            RemoveUnused(transaction);
        }

        return types;
    }

    // Those of the plugins that have rules of the attachment; null for the others.
    private IEnumerable<IConvertsRules?> Converters(NetworkConfigurationList list, Attachment attachment, PluginContext context)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            yield return NativePlugins.Find(plugin.Type) is IConvertsRules converter && converter.HasRules(CallOf(list, plugin, attachment), context)
                ? converter
                : null;
        }
    }

    private PluginCall CallOf(NetworkConfigurationList list, PluginConfiguration plugin, Attachment attachment) =>
        new(Requests.Make(CniVerb.Check, list, plugin, attachment, _attachment.Result?.ConvertTo(list.CniVersion), _services.Options));

    private void Remove(Transaction transaction, List<Change> removal)
    {
        IHost host = _services.Host;
        if (!host.IsPlan && IptablesUndo.Of(host.Iptables(host.Namespace), removal) is { Count: > 0 } undo)
        {
            transaction.OnRollback(() => host.Apply([.. undo]));
        }

        transaction.Apply(removal);
    }

    // Of our own tables nothing is to stay that nobody uses, if this was the last: the Go plugins know nothing of them.
    private void RemoveUnused(Transaction transaction)
    {
        foreach (SharedThing thing in (SharedThing[])[new SharedMasquerade(default), new SharedPorts(), new SharedNftablesFirewall()])
        {
            try
            {
                transaction.RemoveUnused(thing);
            }
            catch (Exception e) when (e is ChangeException or LinuxException)
            {
                // In use again meanwhile, most likely; GC looks again.
                _services.Observer?.Warn($"failed to remove the unused {thing.Kind}: {e.Message}");
            }
        }
    }

    private CniException Failed(Exception cause, IReadOnlyList<Exception> notUndone)
    {
        string left = notUndone.Count == 0 ? "its rules are as they were" : $"its rules are as they were, except: {notUndone[0].Message}";
        CniException? cni = cause as CniException;
        return new CniException(
            cni?.ErrorId ?? RuntimeErrorIds.ConversionFailed,
            cni?.Code ?? CniErrorCode.Internal,
            $"failed to turn the rules of {_attachment.ToAttachment()}, network {_attachment.Network}, into those of {_to.Word()}: {cause.Message} ({left})",
            innerException: cause)
        {
            PluginType = cni?.PluginType,
            Verb = "CONVERT",
            Target = _attachment.ToAttachment(),
            RecommendedAction = cni?.RecommendedAction ?? "Test-CniAttachment shows whether all is well. Mend the cause and try again.",
        };
    }
}
