using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Lists the networks of a configuration folder in the order in which a container runtime reads them; the first one is the default. A file
/// that can't be read is an error, and hides no other.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CniNetwork")]
[OutputType(typeof(CniNetwork))]
public sealed class GetCniNetworkCommand : CniCommand
{
    /// <summary>Names to show, with wildcards. A plain name that is not there is an error.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Network")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public string[]? Name { get; set; }

    /// <summary>The folder, or a file. Default: the environment variable NETCONFPATH, else <c>/etc/cni/net.d</c>.</summary>
    [Parameter(Position = 1)]
    public string? Path { get; set; }

    /// <summary>
    /// Shows values of keys that look like credentials, such as a password, in Json: else they are masked. For an object that goes elsewhere,
    /// by Export-Clixml or from a remote session, and is to be a network there.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => Path;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string path = ResolvePath(string.IsNullOrEmpty(Path) ? Defaults.ConfigurationFolder : Path);
        if (IsBound(nameof(Path)) && !Directory.Exists(path) && !File.Exists(path))
        {
            throw new CniException(CniErrorIds.NetworkNotFound, CniErrorCode.IOFailure, $"there is no {path}")
            {
                RecommendedAction = "Check the path.",
                Target = path,
            };
        }

        Wildcards names = new(Name);
        bool isDefault = !File.Exists(path); // the first one of a folder
        HashSet<string>? used = Name is null || File.Exists(path) ? null : UsedFiles(path);
        foreach (NetworkConfigurationList list in Load(path))
        {
            if (used?.Contains(list.Source!) != false && names.Fit(list.Name))
            {
                WriteObject(new CniNetwork(list, isDefault, reveals: Force));
            }

            isDefault = false;
        }

        ReportMissing(names, path);
    }

    // Who names a network means the one that every other command takes by that name.
    private static HashSet<string> UsedFiles(string folder)
    {
        HashSet<string> files = [];
        foreach (NetworkConfigurationList list in new NetworkConfigurationFolder(folder).LoadUsed())
        {
            files.Add(list.Source!);
        }

        return files;
    }

    private IEnumerable<NetworkConfigurationList> Load(string path) =>
        File.Exists(path) ? [NetworkConfigurationList.Load(path)] : new NetworkConfigurationFolder(path).LoadAll(Report);

    private void ReportMissing(Wildcards names, string path)
    {
        foreach (string name in names.Missing)
        {
            Report(new CniException(CniErrorIds.NetworkNotFound, CniErrorCode.InvalidNetworkConfig, $"there is no network {name} in {path}")
            {
                RecommendedAction = "Get-CniNetwork lists what there is; -Path names another folder.",
                Target = name,
            });
        }
    }
}
