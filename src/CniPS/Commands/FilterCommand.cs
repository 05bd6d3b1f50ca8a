using System.Management.Automation;
using CniPS.Completers;

namespace CniPS.Commands;

/// <summary>A command that shows what is of some networks and containers. Default: of all.</summary>
public abstract class FilterCommand : CniCommand
{
    /// <summary>The networks, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NamesTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Network { get; set; }

    /// <summary>The containers, with wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string[]? ContainerId { get; set; }
}
