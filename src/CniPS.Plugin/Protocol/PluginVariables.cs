using System;
using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugin.Protocol;

/// <summary>The environment of a plugin program (SPEC, section 2, "Parameters"), checked as the Go library skel checks it.</summary>
internal sealed class PluginVariables
{
    private const string ContainerIdName = "CNI_CONTAINERID", NetNSName = "CNI_NETNS", InterfaceName = "CNI_IFNAME", PathName = "CNI_PATH";

    private readonly Func<string, string?> _read;

    /// <summary>Reads CNI_COMMAND, and nothing else yet.</summary>
    /// <param name="read">Gives a variable's value, or null.</param>
    internal PluginVariables(Func<string, string?> read)
    {
        _read = read;
        Command = Value("CNI_COMMAND");
    }

    /// <summary>CNI_COMMAND; empty where there is none.</summary>
    internal string Command { get; }

    /// <summary>Whether the container's namespace may be the plugin's own.</summary>
    internal static bool MayBeHostNamespace(Func<string, string?> read) =>
        read("CNI_NETNS_OVERRIDE") is "1" or [('T' or 't'), ('R' or 'r'), ('U' or 'u'), ('E' or 'e')];

    /// <summary>
    /// Refuses an environment that lacks what the verb needs, or has it in a wrong form. An empty variable counts as missing, and a wrong
    /// form is told before what is missing.
    /// </summary>
    /// <exception cref="CniException">Code 4.</exception>
    internal void Check()
    {
        bool attachment = Command is "ADD" or "DEL" or "CHECK";
        List<string>? missing = Command.Length == 0 ? ["CNI_COMMAND"] : null;
        if (attachment && IsThere(ContainerIdName, ref missing))
        {
            CniNames.ValidateContainerId(Value(ContainerIdName));
        }

        if (Command is "ADD" or "CHECK")
        {
            IsThere(NetNSName, ref missing);
        }

        if (attachment && IsThere(InterfaceName, ref missing))
        {
            CniNames.ValidateInterfaceName(Value(InterfaceName));
        }

        if (attachment || Command is "GC" or "STATUS")
        {
            IsThere(PathName, ref missing);
        }

        if (missing is not null)
        {
            throw new CniException(
                CniErrorIds.InvalidArgs,
                CniErrorCode.InvalidEnvironmentVariables,
                $"required env variables [{string.Join(',', missing)}] missing");
        }
    }

    /// <summary>The request that the variables and standard input make up.</summary>
    internal PluginRequest ToRequest(CniVerb verb, ReadOnlyMemory<byte> config) => new()
    {
        Verb = verb,
        ContainerId = Value(ContainerIdName),
        NetNS = Value(NetNSName),
        InterfaceName = Value(InterfaceName),
        Args = CniArgs.Unread(Value("CNI_ARGS")),
        Path = Value(PathName) is { Length: > 0 } path ? path.Split(':') : [],
        Config = config,
    };

    private string Value(string name) => _read(name) ?? "";

    private bool IsThere(string name, ref List<string>? missing)
    {
        bool there = Value(name).Length > 0;
        if (!there)
        {
            (missing ??= []).Add(name);
        }

        return there;
    }
}
