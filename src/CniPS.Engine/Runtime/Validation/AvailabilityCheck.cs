using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether the plugins of a network are there and speak its version.</summary>
internal sealed class AvailabilityCheck
{
    private readonly RuntimeOptions _options;
    private readonly PluginInvoker _invoker;
    private readonly Dictionary<string, IReadOnlyList<string>?> _versions = new(StringComparer.Ordinal);

    internal AvailabilityCheck(IHost host, RuntimeOptions options, IOperationObserver? observer)
    {
        _options = options with { Timeout = options.Timeout ?? PluginInventory.VersionTimeout };
        _invoker = new PluginInvoker(host, _options, observer);
    }

    internal void Check(NetworkConfigurationList list, ProblemCollector problems, CancellationToken cancellation)
    {
        bool isNamed = list.CniVersion.Length > 0;
        string version = isNamed ? list.CniVersion : CniVersion.Oldest;
        List<PluginUse> deaf = [];
        foreach (PluginUse use in PluginUse.Of(list))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Versions(use, problems, cancellation) is { } spoken && !Contains(spoken, version))
            {
                deaf.Add(use);
            }
        }

        // Of a version that nobody can speak, reading has told already.
        foreach (PluginUse use in CniVersion.IsKnown(version) ? deaf : [])
        {
            problems.Add(
                CniErrorIds.IncompatibleVersion,
                ProblemSeverity.Error,
                use.Configuration,
                use.Place,
                $"plugin {use.Type} does not speak version {version}, only {string.Join(", ", _versions[use.Type]!)}",
                BestCommon() is { } best
                    ? $"Set \"cniVersion\" to {best}, the highest that all plugins of this network speak."
                    : "There is no version that all plugins of this network speak: update the plugin.");
        }
    }

    private IReadOnlyList<string>? Versions(PluginUse use, ProblemCollector problems, CancellationToken cancellation)
    {
        try
        {
            if (!_versions.TryGetValue(use.Type, out IReadOnlyList<string>? versions))
            {
                _versions[use.Type] = null; // asked once, whatever the answer
                _versions[use.Type] = versions = _invoker.Version(use.Type, _options.PluginPath, cancellation).SupportedVersions;
            }

            return versions;
        }
        catch (CniException e)
        {
            problems.Add(new CniException(e.ErrorId, e.Code, e.Message, innerException: e)
            {
                Position = use.Configuration.Locate(use.Place),
                PluginType = use.Type,
                RecommendedAction = e.RecommendedAction,
                Target = use.Configuration.Context.Error(use.Place, "").Target,
            });
            return null;
        }
    }

    private string? BestCommon()
    {
        for (int i = CniVersion.All.Count - 1; i >= 0; i--)
        {
            string candidate = CniVersion.All[i];
            bool isCommon = true;
            foreach (IReadOnlyList<string>? versions in _versions.Values)
            {
                isCommon &= versions is null || Contains(versions, candidate);
            }

            if (isCommon)
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool Contains(IReadOnlyList<string> versions, string version)
    {
        foreach (string candidate in versions)
        {
            if (candidate == version)
            {
                return true;
            }
        }

        return false;
    }
}
