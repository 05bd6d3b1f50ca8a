using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Changes a network in its file: the version, whether it is checked, keys of its plugins. All that is not named stays as it is written,
/// unknown keys too. What is attached already stays as it was made.
/// </summary>
[Cmdlet(VerbsCommon.Set, "CniNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed class SetCniNetworkCommand : NetworkFileCommand
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
    public bool? DisableCheck { get; set; }

    /// <summary>Whether GC does nothing.</summary>
    [Parameter]
    public bool? DisableGC { get; set; }

    /// <summary>Emits the network as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string file = Load().Source!;
        NetworkEditor editor = new(File.ReadAllBytes(file), file);
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            editor.SetPlugin(Plugin, Convert.ToString(entry.Key, System.Globalization.CultureInfo.InvariantCulture) ?? "", entry.Value);
        }

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

        NetworkConfigurationList changed = editor.ToList();
        RefuseErrors(editor.Bytes, file);
        FileWrite change = NetworkFile.Write(editor.Bytes, file);
        if (!ShouldProcess(change.Text, $"Change network {changed.Name} in {file}?", "Confirm"))
        {
            return;
        }

        using Machine.Loan machine = Machine.Borrow();
        NetworkFile.Apply(machine.Host, change);
        if (PassThru)
        {
            WriteObject(new CniNetwork(changed, path: file));
        }
    }

    // What Test-CniNetwork calls an error now, and did not before: one that was there already can be mended key by key.
    private void RefuseErrors(ReadOnlyMemory<byte> bytes, string file)
    {
        using Machine.Loan machine = Machine.Borrow();
        NetworkChecker checker = new(machine.Host, RuntimeOptions.Default with { PluginPath = Defaults.PluginPath });
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        HashSet<string> before = [];
        foreach (NetworkProblem problem in checker.CheckText(File.ReadAllBytes(file), file, folder, Cancellation))
        {
            before.Add(problem.Id + problem.Message);
        }

        foreach (NetworkProblem problem in checker.CheckText(bytes, file, folder, Cancellation))
        {
            if (problem.Severity == ProblemSeverity.Error && !before.Contains(problem.Id + problem.Message))
            {
                throw problem.ToException();
            }
        }
    }
}
