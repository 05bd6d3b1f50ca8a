using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether every plugin of a list is there and speaks its version (libcni's ValidateNetworkList).</summary>
internal static class ValidateOperation
{
    /// <returns>The capabilities that the plugins want, sorted, each once.</returns>
    internal static IReadOnlyList<string> Run(Services services, NetworkConfigurationList list, CancellationToken cancellation)
    {
        PluginInvoker invoker = new(services.Host, services.Options, services.Observer);
        SortedSet<string> capabilities = new(StringComparer.Ordinal);
        List<CniException> failures = [];
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                RequireVersion(invoker, services.Options, list, plugin, cancellation);
            }
            catch (CniException e)
            {
                failures.Add(e);
            }

            foreach ((string capability, bool wanted) in plugin.Capabilities)
            {
                if (wanted)
                {
                    capabilities.Add(capability);
                }
            }
        }

        return failures.Count == 0 ? [.. capabilities] : throw Failed(list, failures);
    }

    private static void RequireVersion(
        PluginInvoker invoker, RuntimeOptions options, NetworkConfigurationList list, PluginConfiguration plugin, CancellationToken cancellation)
    {
        string version = list.CniVersion.Length == 0 ? CniVersion.Oldest : list.CniVersion;
        PluginVersionInfo info = invoker.Version(plugin.Type, options.PluginPath, cancellation);
        foreach (string supported in info.SupportedVersions)
        {
            if (supported == version)
            {
                return;
            }
        }

        throw new CniException(
            CniErrorIds.IncompatibleVersion,
            CniErrorCode.IncompatibleCniVersion,
            $"plugin {plugin.Type} does not support config version {GoText.Quote(version)}")
        {
            PluginType = plugin.Type,
            Verb = "VERSION",
            Target = version,
            RecommendedAction = $"It speaks {string.Join(", ", info.SupportedVersions)}: set \"cniVersion\" to one of them.",
        };
    }

    private static CniException Failed(NetworkConfigurationList list, List<CniException> failures)
    {
        StringBuilder text = new("[");
        foreach (CniException failure in failures)
        {
            text.Append(text.Length == 1 ? "" : " ").Append(failure.Message);
        }

        return new CniException(
            RuntimeErrorIds.NetworkNotRunnable, CniErrorCode.Internal, text.Append(']').ToString(), innerException: new AggregateException(failures))
        {
            Target = list.Name,
            RecommendedAction = failures[0].RecommendedAction,
        };
    }
}
