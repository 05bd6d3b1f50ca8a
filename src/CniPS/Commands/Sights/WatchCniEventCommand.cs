using System;
using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Namespaces;
using CniPS.Observation;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Tells what comes, changes and goes, as it happens: links, addresses, routes, neighbours, rules, leases and attachments.</summary>
[Cmdlet(VerbsCommon.Watch, "CniEvent")]
[OutputType(typeof(CniEvent))]
public sealed class WatchCniEventCommand : CacheFilterCommand
{
    private readonly HashSet<string> _networks = [], _containers = [], _namespaces = [];

    /// <summary>Namespaces to watch, by name or path, with wildcards. Default: the host's, and those of the attachments.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Namespace { get; set; }

    /// <summary>What to tell of. Default: everything. An overrun is told in any case.</summary>
    [Parameter]
    public EventKind[]? Kind { get; set; }

    /// <summary>Ends after so many events.</summary>
    [Parameter]
    [Alias("First")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = int.MaxValue;

    /// <summary>Ends after so long, in seconds or as a TimeSpan. Default: Ctrl+C.</summary>
    [Parameter]
    [TimeoutTransform]
    public TimeSpan Timeout { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (IsBound(nameof(Timeout)) && Timeout <= TimeSpan.Zero)
        {
            Refuse(ModuleErrorIds.InvalidValue, $"a time limit of {Timeout.TotalSeconds} seconds is none", "Give more than 0 seconds.", Timeout);
        }

        _networks.UnionWith(Network ?? []);
        _containers.UnionWith(ContainerId ?? []);
        _namespaces.UnionWith(Namespace ?? []);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Guard(Watch);
        base.EndProcessing();
    }

    private void Watch()
    {
        string folder = CacheFolder;
        using Machine.Loan machine = Machine.Borrow();
        ResultCache cache = Caches.Open(machine.Host, folder);
        KnownNetworks known = KnownNetworks.Find(ResolvePath(Defaults.ConfigurationFolder), cache);
        EventSelection selection = new()
        {
            Kinds = Kind ?? [],
            Network = Filter(_networks),
            Container = Filter(_containers),
            Namespace = _namespaces.Count == 0 ? null : Namespaces(),
        };
        using EventWatch watch = new(machine.Host, cache, folder, DataFolders(known), selection);
        int left = Count;
        foreach (ObservedEvent told in watch.Watch(IsBound(nameof(Timeout)) ? Timeout : null, Cancellation))
        {
            WriteObject(new CniEvent(told));
            if (--left == 0)
            {
                return;
            }
        }
    }

    private Func<string, bool> Namespaces()
    {
        Wildcards names = new([.. _namespaces]);
        return path => names.Fit(NamedNamespaces.NameOf(path), path);
    }

    private static Func<string, bool>? Filter(HashSet<string> texts)
    {
        Wildcards names = new([.. texts]);
        return texts.Count == 0 ? null : text => names.Fit(text);
    }

    private static IEnumerable<string> DataFolders(KnownNetworks known)
    {
        yield return LeaseInventory.DefaultDataFolder;
        foreach (NetworkConfigurationList list in known.Lists)
        {
            if (LeaseInventory.DataFolderOf(list) is { } folder)
            {
                yield return folder;
            }
        }
    }
}
