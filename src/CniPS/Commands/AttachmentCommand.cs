using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Text.Json;
using CniPS.Completers;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>The parameters that stand on all of Add-, Test- and Remove-CniAttachment, and the runtime they make.</summary>
public abstract class AttachmentCommand : CniCommand
{
    /// <summary>
    /// The network: its name, the path of its file (with a <c>/</c> in it, as in <c>./mybridge.conf</c>), or an object of New-CniNetwork or
    /// Get-CniNetwork.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference Network { get; set; } = null!;

    /// <summary>The container's namespace: its name, path, process id, or an object of New-CniNamespace or Get-CniNamespace.</summary>
    public abstract NamespaceReference? Namespace { get; set; }

    /// <summary>The container's id. Default: the namespace's name, else cnitool's hash of its path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? ContainerId { get; set; }

    /// <summary>The interface's name in the container.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string Interface { get; set; } = Defaults.Interface;

    /// <summary>Capability arguments: a table of what the network's plugins declare, such as <c>@{ portMappings = @(…) }</c>.</summary>
    [Parameter]
    [DictionaryTransform]
    public IDictionary? CapabilityArgs { get; set; }

    /// <summary>CNI_ARGS: a hashtable, or <c>'K=V;K=V'</c>.</summary>
    [Parameter]
    [CniArgsTransform]
    public CniArgs? CniArgs { get; set; }

    /// <summary>
    /// The folders to search for plugin programs. Default: the environment variable CNI_PATH, else those of <c>/opt/cni/bin</c> and
    /// <c>/usr/lib/cni</c> that exist.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[]? PluginPath { get; set; }

    /// <summary>Where plugins are taken from: native ones before programs (default), native ones only, or programs only.</summary>
    [Parameter]
    public PluginSource PluginSource { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <summary>How long a plugin program may take: seconds, or a TimeSpan. Default: as long as it likes.</summary>
    [Parameter]
    [TimeoutTransform]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => ContainerId ?? Namespace?.Text ?? Network.Text;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Timeout <= TimeSpan.Zero)
        {
            Refuse(CniErrorIds.InvalidArgs, $"-Timeout {Timeout} leaves no time", "Give more than no seconds.", Timeout);
        }
    }

    /// <summary>Finds configurations as this session names them.</summary>
    private protected NetworkSource Networks => new(ResolvePath);

    /// <summary>The cache's folder, absolute.</summary>
    private protected string CacheFolder => ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);

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

    /// <summary>The capability arguments as JSON; null where none were given.</summary>
    private protected IReadOnlyList<KeyValuePair<string, JsonElement>>? Capabilities =>
        CapabilityArgs is null ? null : JsonValue.ToProperties(CapabilityArgs);

    /// <summary>The container's id as given; null where it is not. One that is given but empty is refused by whoever checks it.</summary>
    private protected string? GivenContainerId => IsBound(nameof(ContainerId)) ? ContainerId ?? "" : null;

    /// <summary>The namespace's path; null where none was given.</summary>
    private protected string? NamespacePath => string.IsNullOrEmpty(Namespace?.Text) ? null : Namespace.ToPath(ResolvePath);

    /// <summary>A runtime with this command's options.</summary>
    private protected CniRuntime CreateRuntime(IHost host, IOperationObserver observer) => new(host, RuntimeOptions.Default with
    {
        CacheFolder = CacheFolder,
        PluginPath = PluginFolders,
        PluginSource = PluginSource,
        Timeout = Timeout,
    }, host.IsPlan ? observer : Traces.Recorder.Observe(observer));

    /// <summary>Asks whether to go on; with -WhatIf it answers no, after showing every change as the command it stands for.</summary>
    private protected bool Confirm(string target, IHost host, Action<CniRuntime> operation)
    {
        string action = $"Performing the operation \"{MyInvocation.MyCommand.Name}\" on target \"{target}\".";
        if (ShouldProcess(action, $"{action}\nContinue?", "Confirm", out ShouldProcessReason reason))
        {
            return true;
        }

        if (reason == ShouldProcessReason.WhatIf)
        {
            Plan(host, operation);
        }

        return false;
    }

    private void Plan(IHost host, Action<CniRuntime> operation)
    {
        PlanObserver plan = new();
        try
        {
            operation(CreateRuntime(new PlannedHost(host), plan));
        }
        finally
        {
            plan.Steps.ForEach(step => ShouldProcess(step, null, null));
            plan.Warnings.ForEach(WriteWarning);
        }
    }
}
