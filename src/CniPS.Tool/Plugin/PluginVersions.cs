using System;
using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Tool.Plugin;

/// <summary>The versions of the specification that a plugin speaks, and what that means for a request.</summary>
/// <param name="supported">The versions.</param>
internal sealed class PluginVersions(IReadOnlyList<string> supported)
{
    /// <summary>Refuses a verb that the version doesn't have, and a version that the plugin doesn't speak.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="version">The configuration's version.</param>
    /// <exception cref="CniException">Code 1, or 6 for what is no version.</exception>
    internal void Check(CniVerb verb, string version)
    {
        string? since = verb switch
        {
            CniVerb.Check => "0.4.0",
            CniVerb.GarbageCollect or CniVerb.Status => "1.1.0",
            _ => null,
        };
        if (since is not null)
        {
            CheckVerb(verb, CniVersion.Parse(version), CniVersion.Parse(since));
        }

        foreach (string candidate in supported)
        {
            // The text counts, not the number: 1.0 is not 1.0.0.
            if (candidate == version)
            {
                return;
            }
        }

        throw Incompatible(
            "incompatible CNI versions", $"config is \"{version}\", plugin supports [{string.Join(' ', Quoted())}]");
    }

    private void CheckVerb(CniVerb verb, CniVersion version, CniVersion since)
    {
        if (version < since)
        {
            throw Incompatible($"config version does not allow {verb.ToCommand()}");
        }

        foreach (string candidate in supported)
        {
            if (CniVersion.Parse(candidate) >= version)
            {
                return;
            }
        }

        throw Incompatible($"plugin version does not allow {verb.ToCommand()}");
    }

    private string[] Quoted()
    {
        string[] quoted = new string[supported.Count];
        for (int i = 0; i < quoted.Length; i++)
        {
            quoted[i] = $"\"{supported[i]}\"";
        }

        return quoted;
    }

    private static CniException Incompatible(string message, string? details = null) =>
        new(CniErrorIds.IncompatibleVersion, CniErrorCode.IncompatibleCniVersion, message, details);
}
