using System;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Takes, where names with wildcards are wanted, also what <see cref="NamespaceTransformAttribute"/> takes: a process or a
/// <see cref="CniNamespace"/> becomes its path. So a process that is piped in is not taken by its property Name.
/// </summary>
public sealed class NamespaceNameTransformAttribute : ArgumentTransformationAttribute
{
    private static readonly NamespaceTransformAttribute s_single = new();

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (PowerShellValue.Unwrap(inputData) is not object?[] several)
        {
            return Text(engineIntrinsics, inputData) is string text ? new[] { text } : inputData;
        }

        object?[] texts = Array.ConvertAll(several, one => Text(engineIntrinsics, one));
        return Array.TrueForAll(texts, static text => text is string) ? Array.ConvertAll(texts, static text => (string)text!) : inputData;
    }

    private static object? Text(EngineIntrinsics engineIntrinsics, object? one) =>
        one is not null && s_single.Transform(engineIntrinsics, one) is NamespaceReference reference ? reference.Text : one;
}
