using System.Management.Automation;
using CniPS.Completers;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>A command on a network's file.</summary>
public abstract class NetworkFileCommand : CniCommand
{
    /// <summary>The network: its name, the path of its file, or an object of Get-CniNetwork.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference Network { get; set; } = null!;

    /// <inheritdoc/>
    protected override object? ErrorTarget => Network.Text;

    /// <summary>The network as its file has it now.</summary>
    /// <exception cref="CniException">It is in no file, or the file can't be read.</exception>
    private protected NetworkConfigurationList Load()
    {
        if (Network.List is null)
        {
            return new NetworkSource(ResolvePath).Load(Network);
        }

        return Network.File is { } file ? NetworkConfigurationList.Load(file) : throw new CniException(
            ModuleErrorIds.NetworkWithoutFile, CniErrorCode.Unknown, $"network {Network.Text} is in no file")
        {
            RecommendedAction = "New-CniNetwork -OutFile writes one; Get-CniNetwork lists those that are in files.",
            Target = Network.Text,
        };
    }
}
