using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Takes names where they are typed or piped as texts, and of a <see cref="CniNetwork"/> (or one that came back from elsewhere) its name. Any
/// other object is refused, so that one that is piped in is bound by its properties, and not by what it reads like.
/// </summary>
public sealed class NamesTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (PowerShellValue.Unwrap(inputData) is null)
        {
            return null!;
        }

        List<string> names = [];
        foreach (object? item in PowerShellValue.Unwrap(inputData) is IEnumerable several and not string and not IDictionary ? several : new[] { inputData })
        {
            names.Add(NameOf(item) ?? throw new PSInvalidCastException($"{item ?? "null"} is no name."));
        }

        return names.ToArray();
    }

    private static string? NameOf(object? item) => PowerShellValue.Unwrap(item) is CniNetwork network ? network.Name
        : PowerShellValue.Deserialized(item, typeof(CniNetwork))?.Properties[nameof(CniNetwork.Name)]?.Value as string
        ?? PowerShellValue.AsText(item);
}
