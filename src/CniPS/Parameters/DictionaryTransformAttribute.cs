using System.Collections.Specialized;
using System.Management.Automation;

namespace CniPS;

/// <summary>Takes an object with properties, as ConvertFrom-Json makes it, where a hashtable is wanted.</summary>
public sealed class DictionaryTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (PowerShellValue.Unwrap(inputData) is not PSObject custom)
        {
            return inputData;
        }

        OrderedDictionary table = [];
        foreach ((string key, object? value) in JsonValue.Entries(custom))
        {
            table.Add(key, value);
        }

        return table;
    }
}
