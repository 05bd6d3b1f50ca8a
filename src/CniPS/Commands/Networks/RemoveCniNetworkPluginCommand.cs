using System.Management.Automation;
using CniPS.Completers;

namespace CniPS.Commands;

/// <summary>
/// Takes a plugin out of a network. A network that is in a file is changed there; one that is in none is emitted without it. What is attached already
/// stays as it was made.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "CniNetworkPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class RemoveCniNetworkPluginCommand : NetworkEditCommand
{
    /// <summary>The plugin's type; of several the last one goes.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Type")]
    [ArgumentCompleter(typeof(NetworkPluginCompleter))]
    public string Plugin { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessItem() => Edit(editor => editor.RemovePlugin(Plugin));
}
