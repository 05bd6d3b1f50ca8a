using System;
using System.Text;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>ADD of every plugin of a list in order, each with the result of the one before.</summary>
internal static class Addition
{
    /// <summary>Calls ADD of each plugin.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="list">The network.</param>
    /// <param name="attachment">The attachment.</param>
    /// <param name="context">The calls' surroundings.</param>
    /// <param name="invoker">Calls them.</param>
    /// <param name="journal">Is told of programs before they are started; null where nothing is written down.</param>
    /// <returns>The last plugin's result; null where there are no plugins.</returns>
    /// <exception cref="CniException">One failed.</exception>
    /// <exception cref="PlanEndsException">A plan depends on what a program would answer.</exception>
    internal static CniResult? Run(
        Services services, NetworkConfigurationList list, Attachment attachment, PluginContext context, PluginInvoker invoker, JournalFile? journal)
    {
        CniResult? result = null;
        for (int i = 0; i < list.Plugins.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            PluginConfiguration plugin = list.Plugins[i];
            int index = i;
            invoker.Starting = journal is null ? null : type => Journal(() => journal.Append(Intent.StartedLine(index, type).Span));
            try
            {
                ResolvedPlugin resolved = invoker.Resolve(plugin.Type, services.Options.PluginPath);
                if (!services.Options.LookFirst)
                {
                    Requests.ValidateNames(list, attachment);
                }

                result = invoker.Invoke(resolved, Requests.Make(CniVerb.Add, list, plugin, attachment, result, services.Options), context);
            }
            catch (CniException e)
            {
                throw new PluginCallException(plugin, CniVerb.Add, e);
            }
            catch (PlanEndsException)
            {
                WarnOfPlansEnd(services, list, i);
                throw;
            }
        }

        return result;
    }

    /// <summary>Writes to a journal.</summary>
    /// <exception cref="CniException">The kernel refused.</exception>
    internal static void Journal(Action write)
    {
        try
        {
            write();
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }

    private static void WarnOfPlansEnd(Services services, NetworkConfigurationList list, int index)
    {
        StringBuilder text = new($"What {list.Plugins[index].Type} would answer is not known: the plan ends here.");
        for (int i = index + 1; i < list.Plugins.Count; i++)
        {
            text.Append(i == index + 1 ? " After it: " : ", ").Append(list.Plugins[i].Type);
        }

        services.Observer?.Warn(text.ToString());
    }
}
