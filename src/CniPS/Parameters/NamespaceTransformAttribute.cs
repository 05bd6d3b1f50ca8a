using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace CniPS;

/// <summary>
/// Takes a namespace's name or path, a process or its id, a <see cref="CniNamespace"/>, or one that came back from elsewhere. What it does
/// not understand it leaves as it is, so that a pipeline object can still bind by its properties.
/// </summary>
public sealed class NamespaceTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValue.Unwrap(inputData) switch
    {
        CniNamespace ns => new NamespaceReference(ns.Path),
        Process process => new NamespaceReference($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/ns/net"),
        _ when PowerShellValue.Deserialized(inputData, typeof(CniNamespace))?.Properties[nameof(CniNamespace.Path)]?.Value is string path =>
            new NamespaceReference(path),
        IList list => list.Cast<object>().Select(item => Transform(engineIntrinsics, item)).ToArray(), // where several are taken
        _ when PowerShellValue.AsText(inputData) is { } text => new NamespaceReference(text),
        _ => inputData,
    };
}
