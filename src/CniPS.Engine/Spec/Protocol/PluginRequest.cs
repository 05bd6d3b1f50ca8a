using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>
/// One call of one plugin, whole: what a program gets in its environment and on stdin (SPEC, section 2, "Parameters"), and all that a
/// native plugin may look at.
/// </summary>
public sealed record PluginRequest
{
    /// <summary>CNI_COMMAND.</summary>
    public required CniVerb Verb { get; init; }

    /// <summary>CNI_CONTAINERID; empty for GC, STATUS and VERSION.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>CNI_NETNS: the path of the container's network namespace; for DEL it may be empty or gone.</summary>
    public string NetNS { get; init; } = "";

    /// <summary>CNI_IFNAME: the interface to make inside the container.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>CNI_ARGS.</summary>
    public CniArgs Args { get; init; } = CniArgs.Empty;

    /// <summary>CNI_PATH: the folders to search for plugin programs.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>stdin: the plugin's configuration with name, cniVersion, prevResult and runtimeConfig; one JSON object.</summary>
    public required ReadOnlyMemory<byte> Config
    {
        get => _config;
        init
        {
            _config = value;
            _configuration = null;
        }
    }

    /// <summary>The configuration, parsed once for all native plugins that share the request.</summary>
    /// <exception cref="CniException">It is malformed.</exception>
    internal PluginConfiguration Configuration
    {
        get => _configuration ??= PluginConfiguration.ParseRequest(_config);
        init => _configuration = value; // after Config, which it is parsed from
    }

    /// <summary>DEL: whether something was left out of the configuration because it can't be read; ADD may have made more than the rest says.</summary>
    internal bool IsReduced { get; init; }

    private readonly ReadOnlyMemory<byte> _config;
    private PluginConfiguration? _configuration;
}
