using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether a plugin can be called with a configuration of some version, in the words of the Go plugins' own check.</summary>
public static class VersionSupport
{
    /// <summary>The version that brought CHECK.</summary>
    internal const string CheckSince = "0.4.0";

    /// <summary>The version that brought GC and STATUS.</summary>
    internal const string CollectSince = "1.1.0";

    /// <summary>Refuses what a plugin can't be asked.</summary>
    /// <param name="verb">What it is asked.</param>
    /// <param name="version">The configuration's version; empty for 0.1.0.</param>
    /// <param name="supported">The versions that the plugin speaks.</param>
    /// <exception cref="CniException">
    /// <see cref="CniErrorIds.IncompatibleVersion"/> or <see cref="CniErrorIds.VerbNotSupported"/>, code 1; a version that is none: code 6.
    /// </exception>
    public static void Require(CniVerb verb, string version, IReadOnlyList<string> supported)
    {
        version = version.Length == 0 ? CniVersion.Oldest : version;
        string? since = verb switch
        {
            CniVerb.Check => CheckSince,
            CniVerb.GarbageCollect or CniVerb.Status => CollectSince,
            _ => null,
        };
        if (since is not null)
        {
            RequireVerb(verb, version, since, supported);
        }

        foreach (string known in supported)
        {
            if (known == version)
            {
                return;
            }
        }

        throw new CniException(
            CniErrorIds.IncompatibleVersion,
            CniErrorCode.IncompatibleCniVersion,
            "incompatible CNI versions",
            $"config is {GoText.Quote(version)}, plugin supports {GoText.Quote(supported)}")
        {
            RecommendedAction = $"Set \"cniVersion\" to one of {string.Join(", ", supported)}.",
            Target = version,
        };
    }

    private static void RequireVerb(CniVerb verb, string version, string since, IReadOnlyList<string> supported)
    {
        CniVersion wanted = CniVersion.Parse(version);
        if (!wanted.AtLeast(since))
        {
            throw NotSupported($"config version does not allow {verb.ToCommand()}", since, version);
        }

        foreach (string known in supported)
        {
            if (CniVersion.Parse(known) >= wanted)
            {
                return;
            }
        }

        throw NotSupported($"plugin version does not allow {verb.ToCommand()}", since, version);
    }

    private static CniException NotSupported(string message, string since, string version) =>
        new(CniErrorIds.VerbNotSupported, CniErrorCode.IncompatibleCniVersion, message)
        {
            RecommendedAction = $"Raise \"cniVersion\" to {since} or later.",
            Target = version,
        };
}
