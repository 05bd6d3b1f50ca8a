using System.IO;
using System.Management.Automation;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Makes a network: from settings, from plugin tables, from JSON, or from a file. Nothing on the machine changes, unless -OutFile writes it.
/// </summary>
[Cmdlet(VerbsCommon.New, "CniNetwork", DefaultParameterSetName = FromSettings, SupportsShouldProcess = true)]
[OutputType(typeof(CniNetwork))]
public sealed partial class NewCniNetworkCommand : CniCommand
{
    private const string FromSettings = "Settings";
    private const string FromPlugin = "Plugin";
    private const string FromJson = "Json";
    private const string FromPath = "Path";

    /// <summary>The network's name: a letter or digit, then letters, digits, <c>_</c>, <c>.</c>, <c>-</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromSettings)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromPlugin)]
    [Alias("Network")]
    public string Name { get; set; } = "";

    /// <summary>The plugins' configurations as tables, in the order of ADD.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromPlugin)]
    public object[] Plugin { get; set; } = [];

    /// <summary>Makes CHECK do nothing.</summary>
    [Parameter(ParameterSetName = FromPlugin)]
    public SwitchParameter DisableCheck { get; set; }

    /// <summary>The version of the specification.</summary>
    [Parameter(ParameterSetName = FromSettings)]
    [Parameter(ParameterSetName = FromPlugin)]
    [ValidateSet("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")]
    public string CniVersion { get; set; } = "1.0.0";

    /// <summary>A configuration list, or a single plugin's configuration, as text. Lines from a pipeline are one text.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromJson)]
    [AllowEmptyString]
    public string Json { get; set; } = "";

    /// <summary>A file with a configuration list, or a single plugin's configuration.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = FromPath)]
    [Alias("PSPath")]
    public string Path { get; set; } = "";

    /// <summary>The file to write the network to, such as <c>/etc/cni/net.d/10-mybridge.conflist</c>.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Overwrites the file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private readonly StringBuilder _json = new();

    /// <inheritdoc/>
    protected override object? ErrorTarget => ParameterSetName == FromPath ? Path : Name;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        switch (ParameterSetName)
        {
            case FromJson: _json.AppendLine(Json); break; // the end of the text comes with the end of the pipeline
            case FromPath: Emit(NetworkConfigurationList.Load(ResolvePath(Path))); break;
            case FromPlugin: Emit(NetworkText.FromPlugins(Name, CniVersion, Plugin, DisableCheck)); break;
            default: Emit(Sound(Describe().ToList())); break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == FromJson)
        {
            Guard(() => Emit(NetworkConfigurationList.ParseAny(Encoding.UTF8.GetBytes(_json.ToString()))));
        }

        base.EndProcessing();
    }

    // What its plugins would refuse at ADD, they refuse here.
    private static NetworkConfigurationList Sound(NetworkConfigurationList list)
    {
        foreach (NetworkProblem problem in NetworkChecker.CheckPlugins(list))
        {
            if (problem.Severity == ProblemSeverity.Error)
            {
                throw problem.ToException();
            }
        }

        return list;
    }

    private void Emit(NetworkConfigurationList list)
    {
        if (string.IsNullOrEmpty(OutFile))
        {
            WriteObject(new CniNetwork(list));
        }
        else if (Write(list, ResolvePath(OutFile)) is { } file)
        {
            WriteObject(new CniNetwork(list, path: file));
        }
    }

    private string? Write(NetworkConfigurationList list, string file)
    {
        CniNames.ValidateNetworkName(list.Name);
        FileChange[] changes = NetworkFile.Create(list, file, ResolvePath(Defaults.ConfigurationFolder));
        if (!ConfirmAll(changes, $"Write network {list.Name} to {file}?"))
        {
            return null;
        }

        if (File.Exists(file) && !Force)
        {
            throw NetworkFile.Exists(file);
        }

        using Machine.Loan machine = Machine.Borrow();
        NetworkFile.Apply(machine.Host, changes);
        return file;
    }

    // One question for all; with -WhatIf each is shown.
    private bool ConfirmAll(FileChange[] changes, string question)
    {
        bool goOn = ShouldProcess(changes[0].Text, question, "Confirm", out ShouldProcessReason reason);
        foreach (FileChange change in reason == ShouldProcessReason.WhatIf ? changes[1..] : [])
        {
            ShouldProcess(change.Text, null, null);
        }

        return goOn;
    }
}
