using System.Management.Automation;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Writes an object in the specification's own JSON: a network as its configuration list, a result and an attachment as a result, a plan as
/// the result it predicts, an error as an error.
/// </summary>
[Cmdlet(VerbsData.ConvertTo, "CniJson")]
[OutputType(typeof(string))]
public sealed class ConvertToCniJsonCommand : CniCommand
{
    /// <summary>The object: of New-, Get-CniNetwork, Add-, Get-CniAttachment, Get-CniResult, a plan, or an error record.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The version of a result. Default: the one it was given in.</summary>
    [Parameter]
    [ValidateSet("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")]
    public string? CniVersion { get; set; }

    /// <summary>On one line.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>Shows values of a network's keys that look like credentials, such as a password: else they are masked.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => InputObject;

    /// <inheritdoc/>
    protected override void ProcessItem() => WriteObject(SpecificationJson.Of(InputObject, CniVersion, Compress, Force));
}
