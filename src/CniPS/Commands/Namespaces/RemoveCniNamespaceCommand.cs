using System;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Removes the names of network namespaces, as <c>ip netns delete</c> does; each namespace ends as soon as no process is in it. One without
/// a name is refused.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "CniNamespace", SupportsShouldProcess = true)]
[OutputType(typeof(CniNamespace))]
public sealed class RemoveCniNamespaceCommand : CniCommand
{
    private NamespaceFeed? _feed;

    /// <summary>The namespaces: names, paths, or objects of New-CniNamespace or Get-CniNamespace.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference[] Namespace { get; set; } = [];

    /// <summary>Emits the namespaces that were removed; with -WhatIf, that would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        foreach (NamespaceReference ns in Namespace)
        {
            Guard(() => Remove(ns));
            Burst.End();
            Burst.Begin();
        }
    }

    private void Remove(NamespaceReference ns)
    {
        string path = ns.ToPath(ResolvePath);
        string name = NamedNamespaces.NameOf(path) ?? throw NotNamed(ns);
        string command = $"ip netns delete {ShellText.Quote(name)}";
        if (Burst.Takes)
        {
            CniNamespace? removed = PassThru ? new CniNamespace(path, NetworkNamespace.TryIdentify(path)) : null;
            BurstItem item = Burst.Hold(_feed ??= new NamespaceFeed(NamespaceBatch.Remove, Refusal), Place);
            item.Title = command;
            _feed.Give(item, name, () => Emit(removed));
            return;
        }

        if (!File.Exists(path))
        {
            throw NamespaceErrors.NotFound(name);
        }

        CniNamespace found = new(path, NetworkNamespace.TryIdentify(path));
        bool goOn = ShouldProcess(command, $"Remove network namespace {name}?", "Confirm", out ShouldProcessReason reason);
        if (goOn)
        {
            NamedNamespaces.Remove(name);
        }

        if (PassThru && (goOn || reason == ShouldProcessReason.WhatIf))
        {
            WriteObject(found);
        }
    }

    private void Emit(CniNamespace? removed)
    {
        if (removed is not null)
        {
            WriteObject(removed);
        }
    }

    private static Exception Refusal(string name, LinuxException e) => e.IsNotFound ? NamespaceErrors.NotFound(name) : e;

    private static CniException NotNamed(NamespaceReference ns) =>
        new(ModuleErrorIds.NamespaceNotNamed, CniErrorCode.Unknown, $"the namespace {ns} has no name that could be removed")
        {
            RecommendedAction = "It ends with the last process in it.",
            Target = ns.Text,
        };
}
