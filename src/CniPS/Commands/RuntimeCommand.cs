using System;
using System.Management.Automation;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>A command that runs a network's plugins, with a cache of results, and that can show what it would do.</summary>
public abstract class RuntimeCommand : PluginCommand
{
    private RuntimeFeed? _feed;

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <summary>The cache's folder, absolute.</summary>
    private protected string CacheFolder => ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);

    /// <inheritdoc/>
    private protected override RuntimeOptions Options => base.Options with { CacheFolder = CacheFolder };

    /// <summary>A runtime with this command's options.</summary>
    private protected CniRuntime CreateRuntime(IHost host, IOperationObserver observer) =>
        new(host, Options, host.IsPlan ? observer : Traces.Recorder.Observe(observer));

    /// <summary>How many items are worked on at a time where they come in a burst; 0: as the engine sees fit.</summary>
    private protected virtual int AtOnce => 0;

    /// <inheritdoc/>
    internal override bool MayHold => AtOnce != 1;

    /// <summary>Gives the item at hand to the engine, where it is one of a burst.</summary>
    /// <param name="containerId">Whose container it is on.</param>
    /// <param name="work">Does it, on a thread of the engine's; what it returns writes what came of it, on the pipeline's.</param>
    /// <returns>Whether it did; if not, the item is to be done now.</returns>
    private protected bool DoTogether(string containerId, Func<CniRuntime, BurstItem, Action> work)
    {
        if (!Burst.Takes)
        {
            return false;
        }

        RuntimeOptions options = Options;
        BurstItem item = Burst.Hold(_feed ??= new RuntimeFeed(options, AtOnce), Place);
        _feed.Give(new BulkTask<Action>(containerId, runtime => item.Do(() => work(runtime, item)))
        {
            Options = options,
            Observer = new CommandObserver(this),
            Recorder = Traces.Recorder,
        });
        return true;
    }

    /// <summary>What is said of an item before it is done, as <see cref="Cmdlet.ShouldProcess(string)"/> says it.</summary>
    private protected string Announcement(string target) => $"Performing the operation \"{MyInvocation.MyCommand.Name}\" on target \"{target}\".";

    /// <summary>Asks whether to go on; with -WhatIf it answers no, after showing every change as the command it stands for.</summary>
    private protected bool Confirm(string target, IHost host, Action<CniRuntime> operation)
    {
        Planned = null;
        string action = Announcement(target);
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

    /// <summary>What -WhatIf has planned; null where nothing was.</summary>
    private protected PlanRecorder? Planned { get; private set; }

    private void Plan(IHost host, Action<CniRuntime> operation)
    {
        Planned = new PlanRecorder();
        try
        {
            operation(CreateRuntime(new PlannedHost(host), Planned));
        }
        finally
        {
            foreach (PlanStep step in Planned.Steps)
            {
                ShouldProcess(step.Change.Brief, null, null);
            }

            foreach (string warning in Planned.Warnings)
            {
                WriteWarning(warning);
            }
        }
    }
}
