using System;
using System.IO;
using System.Management.Automation;
using System.Text;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// Takes a network's name or file, a file object, a <see cref="CniNetwork"/>, or one that came back from elsewhere. What it does not
/// understand it leaves as it is, so that a pipeline object can still bind by its properties.
/// </summary>
public sealed class NetworkTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValue.Unwrap(inputData) switch
    {
        CniNetwork network => new NetworkReference(network.Configuration) { File = network.Path },
        NetworkConfigurationList list => new NetworkReference(list),
        FileInfo file => new NetworkReference(file.FullName),
        _ when Revive(inputData) is { } list => new NetworkReference(list) { File = list.Source },
        _ when PowerShellValue.AsText(inputData) is { } text => new NetworkReference(text),
        _ => inputData,
    };

    private static NetworkConfigurationList? Revive(object inputData)
    {
        PSObject? dead = PowerShellValue.Deserialized(inputData, typeof(CniNetwork));
        return dead?.Properties[nameof(CniNetwork.Json)]?.Value is string json
            ? json.Contains(Credentials.Mask, StringComparison.Ordinal) ? throw Masked(json) : NetworkConfigurationList.ParseAny(Encoding.UTF8.GetBytes(json), dead.Properties[nameof(CniNetwork.Path)]?.Value as string)
            : null;
    }

    // It would be a network with asterisks for a password.
    private static CniException Masked(string json) =>
        new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, "the network came back without its credentials: they are masked")
        {
            RecommendedAction = "Export what Get-CniNetwork -Force emits.",
            Target = json,
        };
}
