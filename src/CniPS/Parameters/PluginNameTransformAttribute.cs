using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Takes, where plugins' types are wanted, also a <see cref="CniNetwork"/>, or one that came back from elsewhere: its plugins are meant. So a
/// network that is piped in is not taken by its property Name.
/// </summary>
public sealed class PluginNameTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValue.Unwrap(inputData) switch
    {
        CniNetwork network => network.Plugins,
        _ when PowerShellValue.Deserialized(inputData, typeof(CniNetwork))?.Properties[nameof(CniNetwork.Plugins)]?.Value is { } plugins => plugins,
        _ => inputData,
    };
}
