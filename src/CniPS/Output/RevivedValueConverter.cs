using System;
using System.Collections;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Makes addresses and capability arguments again of what came back through Clixml or a remote session, so that the former are still ordered by
/// number, and the latter still a text. (CniPS.Types.ps1xml
/// says that it is to be done.)
/// </summary>
public sealed class RevivedValueConverter : PSTypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) =>
        PowerShellValue.Deserialized(sourceValue, destinationType) is not null
        || (destinationType == typeof(CniCapabilityArgs) && sourceValue is Hashtable); // as PowerShell unwraps it

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        string text = sourceValue?.ToString() ?? "";
        return destinationType == typeof(CniCapabilityArgs) ? new CniCapabilityArgs(JsonValue.ToProperties(sourceValue))
            : destinationType == typeof(CniPrefix) ? CniPrefix.Parse(text)
            : CniIPAddress.Parse(text);
    }

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
