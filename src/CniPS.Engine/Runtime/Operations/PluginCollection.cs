using System.Collections.Generic;
using System.Threading;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>GC of every plugin of a network, in order; what is wrong with one keeps no other from its own.</summary>
/// <param name="services">What the operation works with.</param>
/// <param name="list">The network.</param>
/// <param name="notes">Where it is noted.</param>
/// <param name="cancellation">Stops it between two.</param>
internal sealed class PluginCollection(
    Services services, NetworkConfigurationList list, CollectionNotes notes, CancellationToken cancellation)
{
    /// <summary>Calls them.</summary>
    /// <param name="valid">The attachments that are valid; null to name none.</param>
    /// <param name="judge">Judges what no cache knows; null where nobody does.</param>
    internal void Run(IReadOnlyList<AttachmentKey>? valid, IAttachmentJudge? judge)
    {
        bool hasVerb = CniVersion.TryParse(list.CniVersion, out CniVersion version) && version.AtLeast(VersionSupport.CollectSince);
        if (!hasVerb && !services.Options.CollectAlways)
        {
            return;
        }

        notes.Drop(); // what deletions that failed have changed is told with the error
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer) { OnlyNative = !hasVerb };
        using PluginContext context = services.Context(
            new Transaction(services.Host, services.Observer), invoker, cancellation, attachments: new AttachmentRegister(services, list.Name), judge: judge);
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            cancellation.ThrowIfCancellationRequested();
            PluginRequest request = new()
            {
                Verb = CniVerb.GarbageCollect,
                Path = services.Options.PluginPath,
                Config = plugin.ToGCRequest(list.Name, hasVerb ? list.CniVersion : VersionSupport.CollectSince, valid),
            };
            try
            {
                invoker.Invoke(plugin.Type, request, context);
            }
            catch (CniException e)
            {
                notes.Fail($"failed to GC plugin {plugin.Type}: {e.Message}", e);
            }
        }

        notes.Noted(context.Collected);
    }
}
