using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using CniPS.Spec;

namespace CniPS;

/// <summary>Takes CNI_ARGS as <c>'K=V;K=V'</c> or as a hashtable.</summary>
public sealed class CniArgsTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValue.Unwrap(inputData) switch
    {
        string text => CniArgs.ParseStrict(text.Trim()),
        IDictionary table => FromTable(table),
        _ => inputData,
    };

    private static CniArgs FromTable(IDictionary table)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach ((string key, object? value) in JsonValue.Entries(table))
        {
            string text = PowerShellValue.Unwrap(value) switch
            {
                bool flag => flag ? "1" : "0",
                object other => (string)LanguagePrimitives.ConvertTo(other, typeof(string), CultureInfo.InvariantCulture),
                null => "",
            };

            // There is no way to escape them, so they would become other pairs.
            if (key.Length == 0 || key.AsSpan().IndexOfAny('=', ';') >= 0 || text.AsSpan().IndexOfAny('=', ';') >= 0)
            {
                throw new ArgumentTransformationMetadataException(
                    $"CNI_ARGS can't hold \"{key}\" = \"{text}\": neither may have \"=\" or \";\" in it.");
            }

            pairs.Add(new(key, text));
        }

        return new CniArgs(pairs);
    }
}
