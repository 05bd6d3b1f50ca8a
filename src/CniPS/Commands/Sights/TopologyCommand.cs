using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Pictures;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>A command that draws: what is to be in the picture, collected from the whole pipeline.</summary>
public abstract class TopologyCommand : CniCommand
{
    private readonly List<AttachmentFilter> _filters = [];
    private readonly List<OperationPlan> _plans = [];
    private readonly HashSet<string> _given = [];
    private string _cacheFolder = Defaults.CachePath;

    /// <summary>Networks to show, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>Namespaces to show, by name or path, with wildcards.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Namespace { get; set; }

    /// <summary>Containers to show, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? ContainerId { get; set; }

    /// <summary>Interfaces to show, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string[]? Interface { get; set; }

    /// <summary>Plans (of <c>-WhatIf -PassThru</c>): what they would add and remove is drawn in other colours.</summary>
    [Parameter(ValueFromPipeline = true)]
    public CniPlan[] Plan { get; set; } = [];

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => CachePath;

    /// <inheritdoc/>
    protected override void BeginProcessing() => _given.UnionWith(MyInvocation.BoundParameters.Keys);

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        // A plan has the properties of its attachment; whoever pipes it wants to see it among everything, unless the command line says otherwise.
        bool isPiped = IsBound(nameof(Plan)) && !_given.Contains(nameof(Plan));
        _filters.Add(new AttachmentFilter(
            Of(nameof(Network), Network), Of(nameof(Namespace), Namespace), Of(nameof(ContainerId), ContainerId), Of(nameof(Interface), Interface)));
        _cacheFolder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        foreach (CniPlan plan in Plan)
        {
            _plans.Add(plan.Plan);
        }

        string[]? Of(string name, string[]? value) => isPiped && !_given.Contains(name) ? null : value;
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        // An empty pipeline has nothing to draw; no pipeline at all means everything.
        if (_filters.Count > 0)
        {
            Draw(Look());
        }
    });

    /// <summary>Draws.</summary>
    private protected abstract void Draw(NetworkTopology topology);

    private NetworkTopology Look()
    {
        using Machine.Loan machine = Machine.Borrow();
        NetworkTopology all = PlannedTopology.Read(machine.Host, RuntimeOptions.Default with { CacheFolder = _cacheFolder }, _plans);
        foreach (string warning in all.Warnings)
        {
            WriteWarning(warning);
        }

        if (_filters.Exists(filter => filter.IsEverything))
        {
            return all;
        }

        NetworkTopology some = all.Select((ns, link) => _filters.Exists(filter => filter.Fits(ns, link)));
        foreach (AttachmentFilter filter in _filters)
        {
            foreach (string name in filter.Missing)
            {
                WriteWarning($"There is nothing of {name} to be shown.");
            }
        }

        return some;
    }
}
