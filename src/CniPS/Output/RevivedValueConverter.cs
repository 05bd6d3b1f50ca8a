using System;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Makes addresses again of what came back through Clixml or a remote session, so that they are still ordered by number. (CniPS.Types.ps1xml
/// says that it is to be done.)
/// </summary>
public sealed class RevivedValueConverter : PSTypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        PowerShellValue.Deserialized(sourceValue, destinationType) is not null;

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        string text = sourceValue?.ToString() ?? "";
        return destinationType == typeof(CniPrefix) ? CniPrefix.Parse(text) : CniIPAddress.Parse(text);
    }

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
