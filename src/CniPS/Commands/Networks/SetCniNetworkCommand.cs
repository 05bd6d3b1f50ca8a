using System.Collections;
using System.Management.Automation;
using CniPS.Completers;

namespace CniPS.Commands;

/// <summary>
/// Changes a network in its file: the version, whether it is checked, keys of its plugins. All that is not named stays as it is written,
/// unknown keys too. What is attached already stays as it was made.
/// </summary>
[Cmdlet(VerbsCommon.Set, "CniNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class SetCniNetworkCommand : NetworkEditCommand
{
    /// <summary>
    /// Keys of a plugin and their new values: <c>@{ mtu = 1400; 'ipam.subnet' = '10.1.0.0/24' }</c>. A dot goes into an object; <c>$null</c>
    /// removes a key.
    /// </summary>
    [Parameter(Position = 1)]
    [DictionaryTransform]
    public IDictionary? Property { get; set; }

    /// <summary>The plugin whose keys are meant, by its type. Default: the first one.</summary>
    [Parameter]
    [Alias("Type")]
    [ArgumentCompleter(typeof(NetworkPluginCompleter))]
    public string? Plugin { get; set; }

    /// <summary>The version of the specification.</summary>
    [Parameter]
    [ValidateSet("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")]
    public string? CniVersion { get; set; }

    /// <summary>Whether CHECK does nothing.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BooleanCompleter))]
    public bool? DisableCheck { get; set; }

    /// <summary>Whether GC does nothing.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BooleanCompleter))]
    public bool? DisableGC { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem() => EditFile(editor =>
    {
        editor.SetPlugin(Plugin, Property);
        if (CniVersion is not null)
        {
            editor.SetList("cniVersion", CniVersion);
        }

        if (DisableCheck is not null)
        {
            editor.SetList("disableCheck", DisableCheck);
        }

        if (DisableGC is not null)
        {
            editor.SetList("disableGC", DisableGC);
        }
    });
}
