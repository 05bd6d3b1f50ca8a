using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>A command that plugins are looked up for.</summary>
public abstract class PluginCommand : CniCommand
{
    /// <summary>
    /// The folders to search for plugin programs. Default: the environment variable CNI_PATH, else those of <c>/opt/cni/bin</c> and
    /// <c>/usr/lib/cni</c> that exist.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? PluginPath { get; set; }

    /// <summary>Where plugins are taken from: native ones before programs (default), native ones only, or programs only.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public PluginSource PluginSource { get; set; }

    /// <summary>How long a plugin program may take: seconds, or a TimeSpan. Default: as long as it likes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TimeoutTransform]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Timeout <= TimeSpan.Zero)
        {
            Refuse(CniErrorIds.InvalidArgs, $"-Timeout {Timeout} leaves no time", "Give more than no seconds.", Timeout);
        }
    }

    /// <summary>The folders of plugin programs, absolute.</summary>
    private protected IReadOnlyList<string> PluginFolders
    {
        get
        {
            List<string> folders = [];
            foreach (string entry in PluginPath ?? [])
            {
                foreach (string folder in entry.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                {
                    folders.Add(ResolvePath(folder));
                }
            }

            return folders.Count > 0 ? folders : Defaults.PluginPath;
        }
    }

    /// <summary>How the runtime is to work.</summary>
    private protected virtual RuntimeOptions Options => RuntimeOptions.Default with
    {
        PluginPath = PluginFolders,
        PluginSource = PluginSource,
        Timeout = Timeout,
        Backend = RuleBackends.FromEnvironment(),
    };
}
