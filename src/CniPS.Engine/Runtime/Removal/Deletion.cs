using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>DEL of every plugin of a list, the last one first.</summary>
internal static class Deletion
{
    /// <summary>Calls DEL of each plugin.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="list">The network.</param>
    /// <param name="attachment">The attachment.</param>
    /// <param name="previous">Its result, in the list's version, if it is known.</param>
    /// <param name="context">The calls' surroundings.</param>
    /// <param name="invoker">Calls them.</param>
    /// <param name="intent">When cleaning up: what was intended; programs that were not started are passed over.</param>
    /// <param name="failures">Gets what went wrong.</param>
    internal static void Run(
        Services services,
        NetworkConfigurationList list,
        Attachment attachment,
        CniResult? previous,
        PluginContext context,
        PluginInvoker invoker,
        Intent? intent,
        List<CniException> failures)
    {
        context.AskLeased = () => LeaseInventory.AddressesOf(services.Host, list, attachment.Key);
        for (int i = list.Plugins.Count - 1; i >= 0; i--)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            PluginConfiguration plugin = list.Plugins[i];
            int index = i;
            invoker.WasStarted = intent is null ? null : type => intent.WasStarted(index, type);
            try
            {
                invoker.Invoke(plugin.Type, Requests.Make(CniVerb.Delete, list, plugin, attachment, previous, services.Options), context);
            }
            catch (CniException e) when (services.Options.ContinueDelete && e.Code == CniErrorCode.UnknownContainer)
            {
                services.Observer?.Warn($"{plugin.Type}: {e.Message}; nothing to remove."); // SPEC, section 5: no clean-up is needed
            }
            catch (CniException e)
            {
                failures.Add(new PluginCallException(plugin, CniVerb.Delete, e));
                if (!services.Options.ContinueDelete)
                {
                    return;
                }
            }
        }
    }
}
