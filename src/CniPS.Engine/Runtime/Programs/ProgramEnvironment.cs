using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The environment of a plugin program (SPEC, section 2, "Parameters").</summary>
internal static class ProgramEnvironment
{
    /// <summary>The six variables of a call; each is set, though it be empty.</summary>
    internal static KeyValuePair<string, string>[] Variables(PluginRequest request) =>
    [
        new("CNI_COMMAND", request.Verb.ToCommand()),
        new("CNI_CONTAINERID", request.ContainerId),
        new("CNI_NETNS", request.NetNS),
        new("CNI_ARGS", request.Args.ToString()),
        new("CNI_IFNAME", request.InterfaceName),
        new("CNI_PATH", string.Join(Path.PathSeparator, request.Path)),
    ];

    /// <summary>The whole environment: what is inherited, the trace that the call belongs to, what is locked for it, then the call's own.</summary>
    internal static List<KeyValuePair<string, string>> Of(PluginRequest request, RuntimeOptions options, NamespaceId host)
    {
        List<KeyValuePair<string, string>> all = new(64);
        if (options.Environment is { } given)
        {
            foreach ((string name, string value) in given)
            {
                Inherit(all, name, value, options);
            }
        }
        else
        {
            foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                Inherit(all, (string)entry.Key, entry.Value as string ?? "", options);
            }
        }

        (options.TraceContext ?? TraceContext.Current)?.WriteTo(all);
        if (options.Locks)
        {
            NetworkLock.Tell(all, request, host);
        }

        all.AddRange(Variables(request));
        return all;
    }

    /// <summary>
    /// What is remembered of it once the program has ended, in traces and errors: the call's own variables, PATH, and the trace that the call
    /// belonged to, unless that is the session's. Everything else is the session's, and may be secret.
    /// </summary>
    internal static KeyValuePair<string, string>[] Kept(IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        List<KeyValuePair<string, string>> kept = [];
        foreach ((string name, string value) in environment)
        {
            if (name.StartsWith("CNI_", StringComparison.Ordinal) || name == "PATH"
                || (name == "TRACEPARENT" && value != Environment.GetEnvironmentVariable(name)))
            {
                kept.Add(new(name, value));
            }
        }

        return [.. kept];
    }

    private static void Inherit(List<KeyValuePair<string, string>> all, string name, string value, RuntimeOptions options)
    {
        if (!options.HideCniVariables || !name.StartsWith("CNI_", StringComparison.Ordinal))
        {
            all.Add(new(name, value));
        }
    }
}
