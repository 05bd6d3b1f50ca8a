using System;
using System.Management.Automation;

namespace CniPS;

/// <summary>What stands behind the objects that PowerShell hands over.</summary>
internal static class PowerShellValue
{
    /// <summary>The object itself, without PowerShell's wrapping.</summary>
    internal static object? Unwrap(object? value) =>
        value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;

    /// <summary>A text, or a number as it was typed (<c>007</c>, <c>1e5</c>); null for anything else.</summary>
    internal static string? AsText(object? value) => Unwrap(value) switch
    {
        string text => text,
        int or long or double or decimal or uint or ulong or System.Numerics.BigInteger =>
            (string)LanguagePrimitives.ConvertTo(value, typeof(string), System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>An object of a type that went through Clixml or a remote session, or null.</summary>
    internal static PSObject? Deserialized(object? value, Type type) =>
        value is PSObject dead && dead.TypeNames.Contains("Deserialized." + type.FullName) ? dead : null;
}
