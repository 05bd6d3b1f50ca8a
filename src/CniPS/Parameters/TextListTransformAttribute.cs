using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Takes a list in whatever form it comes: as one, as the one text that a CSV has of it (words with spaces or commas between them), as objects that
/// are such words when they are a text.
/// </summary>
public sealed class TextListTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Words(inputData);

    internal static string[] Words(object inputData)
    {
        if (PowerShellValue.Unwrap(inputData) is null)
        {
            return [];
        }

        List<string> words = [];
        foreach (object? item in PowerShellValue.Unwrap(inputData) is IEnumerable several and not string and not IDictionary ? several : new[] { inputData })
        {
            string text = Convert.ToString(PowerShellValue.Unwrap(item), CultureInfo.InvariantCulture) ?? "";
            words.AddRange(text.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. words];
    }
}
