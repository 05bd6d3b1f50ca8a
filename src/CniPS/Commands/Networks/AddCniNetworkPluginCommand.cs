using System.Collections;
using System.Management.Automation;
using CniPS.Completers;

namespace CniPS.Commands;

/// <summary>
/// Puts another plugin into a network: behind all others, or before one. A network that is in a file is changed there; one that is in none is emitted
/// with it. What is attached already stays as it was made.
/// </summary>
[Cmdlet(VerbsCommon.Add, "CniNetworkPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class AddCniNetworkPluginCommand : NetworkEditCommand
{
    /// <summary>The plugin's type.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Type")]
    [ArgumentCompleter(typeof(PluginCompleter))]
    public string Plugin { get; set; } = "";

    /// <summary>Its keys and their values, such as <c>@{ mtu = 1400; 'sysctl' = @{ … } }</c>. A dot goes into an object.</summary>
    [Parameter(Position = 2)]
    [DictionaryTransform]
    public IDictionary? Property { get; set; }

    /// <summary>The capabilities that it declares. Default: those that a native plugin makes use of.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? Capability { get; set; }

    /// <summary>The plugin of the network that it comes before, by its type. Default: it comes behind all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NetworkPluginCompleter))]
    public string? Before { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem() => Edit(editor =>
    {
        editor.AddPlugin(Plugin, Capability ?? DeclaredCapabilities.Of(Plugin), Before);
        editor.SetPlugin(Plugin, Property);
    });
}
