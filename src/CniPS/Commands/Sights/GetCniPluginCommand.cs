using System.Management.Automation;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Lists the plugins there are: native ones, and programs in the folders of the path, with the versions that each speaks.</summary>
[Cmdlet(VerbsCommon.Get, "CniPlugin")]
[OutputType(typeof(CniPlugin))]
public sealed class GetCniPluginCommand : PluginCommand
{
    /// <summary>Types to show, with wildcards; or a network, for its plugins. A plain type that is not there is an error.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Type", "Plugins")]
    [PluginNameTransform]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        Wildcards names = new(Name);
        using Machine.Loan machine = Machine.Borrow();
        foreach (FoundPlugin found in PluginInventory.List(machine.Host, Options, type => names.Fit(type), Cancellation))
        {
            WriteObject(new CniPlugin(found));
        }

        foreach (string name in names.Missing)
        {
            Report(new CniException(
                RuntimeErrorIds.PluginNotFound, CniErrorCode.Internal, $"there is no plugin {name}, neither native nor in {string.Join(", ", PluginFolders)}")
            {
                Target = name,
                RecommendedAction = "Get-CniPlugin lists what there is; -PluginPath names other folders.",
            });
        }
    }
}
