using System.IO;
using System.Linq;
using System.Threading;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>CHECK of a list: every plugin in order, each with the cached result.</summary>
internal static class CheckOperation
{
    internal static CheckReport Run(
        Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        if (!Applies(services, list, attachment))
        {
            return new CheckReport([]);
        }

        using AttachmentGuard guard = AttachmentGuard.EnterAnyway(services, list.Name, attachment, cancellation);
        return Core(services, list, attachment, cancellation);
    }

    /// <summary>Whether a network is checked at all.</summary>
    /// <exception cref="CniException">A name is invalid, or the version has no CHECK.</exception>
    internal static bool Applies(Services services, NetworkConfigurationList list, Attachment attachment)
    {
        if (services.Options.LookFirst)
        {
            Requests.ValidateNames(list, attachment);
        }

        if (!CniVersion.Parse(list.CniVersion).AtLeast(VersionSupport.CheckSince))
        {
            throw new CniException(
                CniErrorIds.VerbNotSupported,
                CniErrorCode.IncompatibleCniVersion,
                $"configuration version {GoText.Quote(list.CniVersion)} does not support the CHECK command")
            {
                Verb = "CHECK",
                Target = list.Name,
                RecommendedAction = "Raise cniVersion to 0.4.0 or later.",
            };
        }

        return !list.DisableCheck;
    }

    /// <summary>CHECK, by one who holds the attachment's journal.</summary>
    internal static CheckReport Core(
        Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        CniResult? previous = PreviousResult(services, list, attachment);
        if (previous is null && services.Options.CollectDifferences && !BringTheirOwn(list))
        {
            return new CheckReport([NotAttached(list, attachment)]);
        }

        return Call(services, list, attachment, previous, cancellation);
    }

    private static CheckReport Call(
        Services services, NetworkConfigurationList list, Attachment attachment, CniResult? previous, CancellationToken cancellation)
    {
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer);
        PluginContext context = services.Context(new Transaction(services.Host, services.Observer), invoker, cancellation);
        try
        {
            for (int i = 0; i < list.Plugins.Count; i++)
            {
                PluginConfiguration plugin = list.Plugins[i];
                context.Later = [.. list.Plugins.Skip(i + 1)];
                cancellation.ThrowIfCancellationRequested();
                Call(services, plugin, Requests.Make(CniVerb.Check, list, plugin, attachment, previous, services.Options), invoker, context);
            }
        }
        catch (PluginCallException) when (services.Options.CollectDifferences && IsGone(attachment.NetNS))
        {
            context.Dispose();
            return new CheckReport([NamespaceGone(attachment.NetNS)]);
        }
        catch
        {
            context.Dispose();
            throw;
        }

        return new CheckReport(context.Differences, context);
    }

    private static void Call(
        Services services, PluginConfiguration plugin, PluginRequest request, PluginInvoker invoker, PluginContext context)
    {
        try
        {
            invoker.Invoke(plugin.Type, request, context);
        }
        catch (CniException e) when (!services.Options.LibcniMessages)
        {
            throw new PluginCallException(plugin, CniVerb.Check, e);
        }

        if (!services.Options.CollectDifferences && context.Differences.Count > 0)
        {
            Difference first = context.Differences[0];
            throw new CniException(RuntimeErrorIds.CheckFailed, CniErrorCode.Internal, first.Message)
            {
                PluginType = first.PluginType,
                Verb = "CHECK",
                Target = first.Subject,
            };
        }
    }

    private static CniResult? PreviousResult(Services services, NetworkConfigurationList list, Attachment attachment)
    {
        try
        {
            return services.Cache.FindResult(
                list.Name, attachment.ContainerId, attachment.InterfaceName, list.CniVersion, services.Options.KeepUnknownFields);
        }
        catch (CniException e)
        {
            throw new CniException(
                e.ErrorId, e.Code, $"failed to get network {GoText.Quote(list.Name)} cached result: {e.Msg}", e.Details, e.InnerException ?? e)
            {
                Verb = "CHECK",
                Target = e.Target,
                RecommendedAction = e.RecommendedAction,
            };
        }
    }

    // Of some callers the results are elsewhere, and come with the configuration.
    private static bool BringTheirOwn(NetworkConfigurationList list)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (!new JsonFields(plugin.Json, ignoreCase: true).TryGet("prevResult", out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsGone(string netNS) => netNS.Length > 0 && !File.Exists(netNS);

    private static Difference NamespaceGone(string netNS) =>
        new("namespace", netNS, null, $"the container's namespace {netNS} is gone") { IsFinal = true };

    private static Difference NotAttached(NetworkConfigurationList list, Attachment attachment) => new(
        "attachment",
        "a cached result",
        null,
        $"no result is cached for container {attachment.ContainerId}, interface {attachment.InterfaceName}, on network {list.Name}: it is not attached");
}
