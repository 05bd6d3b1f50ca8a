using System.Management.Automation;
using CniPS.Completers;
using CniPS.Output;

namespace CniPS.Commands;

/// <summary>Lists network namespaces: those with names, and on request those of processes.</summary>
[Cmdlet(VerbsCommon.Get, "CniNamespace")]
[OutputType(typeof(CniNamespace))]
public sealed class GetCniNamespaceCommand : CniCommand
{
    /// <summary>Names to show, with wildcards. A plain name that is not there is an error.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Namespace")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Looks through all processes as well: which are in which namespace, and in which namespaces without a name.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        Wildcards names = new(Name);
        foreach (CniNamespace ns in All ? NamespaceList.WithProcesses() : NamespaceList.Named())
        {
            Cancellation.ThrowIfCancellationRequested();
            if (names.Fit(ns.Name, ns.Path))
            {
                WriteObject(ns);
            }
        }

        foreach (string name in names.Missing)
        {
            Report(NamespaceErrors.NotFound(name));
        }
    }
}
