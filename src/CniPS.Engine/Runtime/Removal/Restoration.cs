using System;
using System.Threading;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Makes an attachment again as the cache has it, with the same addresses and the same MAC address, after it was taken off for another.</summary>
internal static class Restoration
{
    /// <summary>Takes off what is left of it, and adds it. The caller holds the attachment's journal, or its network's exclusive lock.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="old">The attachment.</param>
    /// <exception cref="CniException">It can't be made; what was made of it is undone, and the cache has it still.</exception>
    internal static void Run(Services services, CachedAttachment old)
    {
        NetworkConfigurationList list = old.Configuration ?? throw new CniException(
            RuntimeErrorIds.CacheUnreadable, CniErrorCode.DecodingFailure, $"the configuration in {old.Path} can't be read") { Target = old.Path };
        Attachment attachment = old.ToAttachment();
        AttachmentRemoval.Run(services, list, attachment, CancellationToken.None, forget: false); // what is in the way still, ADD will say
        Transaction transaction = new(services.Host, services.Observer) { Noting = thing => SharedRecord.Note(services, list.Name, [thing]) };
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer);
        using PluginContext context = services.Context(transaction, invoker, CancellationToken.None);
        try
        {
            (NetworkConfigurationList asked, Attachment asking) = KeptIdentity.Ask(list, attachment, old.Result);
            CniResult? result = Addition.Run(services, asked, asking, context, invoker, null);
            CachedResult.Write(services, transaction, list, attachment, result, old.Path);
        }
        catch (Exception) when (!services.Host.IsPlan)
        {
            transaction.Rollback();
            throw;
        }
    }
}
