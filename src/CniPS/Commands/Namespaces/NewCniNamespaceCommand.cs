using System;
using System.Management.Automation;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Makes network namespaces with names, as <c>ip netns add</c> does, with <c>lo</c> up.</summary>
[Cmdlet(VerbsCommon.New, "CniNamespace", SupportsShouldProcess = true)]
[OutputType(typeof(CniNamespace))]
public sealed class NewCniNamespaceCommand : CniCommand
{
    private NamespaceFeed? _feed;

    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Namespace")]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        foreach (string name in Name)
        {
            Guard(() => Make(name));
            Burst.End();
            Burst.Begin();
        }
    }

    private void Make(string name)
    {
        NamespaceErrors.RefuseInvalid(name);
        if (Burst.Takes)
        {
            BurstItem item = Burst.Hold(_feed ??= new NamespaceFeed(NamespaceBatch.Create, Refusal), Place);
            item.Title = $"ip netns add {ShellText.Quote(name)}";
            _feed.Give(item, name, () =>
            {
                string path = NamedNamespaces.PathOf(name);
                if (IsVerbose)
                {
                    WriteVerbose(LoopbackStart(NetworkNamespace.Closed(path)).Text);
                }

                WriteObject(new CniNamespace(path, NetworkNamespace.TryIdentify(path)));
            });
            return;
        }

        if (!ShouldProcess($"ip netns add {ShellText.Quote(name)}", $"Make network namespace {name}?", "Confirm", out ShouldProcessReason reason))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                ShouldProcess($"ip -n {ShellText.Quote(name)} link set lo up", null, null);
            }

            return;
        }

        using Machine.Loan machine = Machine.Borrow();
        try
        {
            using NetworkNamespace made = NamedNamespaces.Create(name);
            StartLoopback(machine.Host, made);
            WriteObject(new CniNamespace(made.Path, made.Id));
        }
        catch (LinuxException e)
        {
            throw Refusal(name, e);
        }
    }

    private static Exception Refusal(string name, LinuxException e) => !e.IsExists
        ? e
        : new CniException(ModuleErrorIds.NamespaceExists, CniErrorCode.Unknown, $"there is a namespace {name} already", innerException: e)
        {
            RecommendedAction = "Take another name, or remove it first with Remove-CniNamespace.",
            Target = name,
        };

    private static LinkSet LoopbackStart(NetworkNamespace made) => new(made, new LinkId("lo", 1)) { Up = true };

    // What listens on localhost wants it, in a namespace as on a machine.
    private void StartLoopback(IHost host, NetworkNamespace made)
    {
        LinkSet change = LoopbackStart(made);
        try
        {
            host.Apply([change]);
        }
        catch (ChangeException)
        {
            NamedNamespaces.Remove(made.Name!);
            throw;
        }

        WriteVerbose(change.Text);
    }
}
