using System;
using System.Globalization;
using System.Management.Automation;

namespace CniPS;

/// <summary>Takes a number as seconds, where PowerShell would take it as ticks. Anything else is left to PowerShell.</summary>
public sealed class TimeoutTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PowerShellValue.AsText(inputData) is { } text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(seconds)
            : inputData;
}
