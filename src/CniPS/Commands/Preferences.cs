using System.Management.Automation;

namespace CniPS.Commands;

/// <summary>What a session prefers, where that leaves no more than one item to be under way.</summary>
/// <param name="command">The command.</param>
internal sealed class Preferences(CniCommand command)
{
    private const int BreakIntoDebugger = 6; // ActionPreference.Break, from PowerShell 7.0 on

    private bool? _stopAtErrors;

    /// <summary>Whether somebody is asked, or a word that is no error may end the pipeline in the midst of an item: then each is finished before the next is asked for.</summary>
    internal bool Interrupt =>
        IsPlanned || IsAsked || Halts(Of("Error"), stop: false) || Halts(Of("Warning"), stop: true) || Halts(Of("Information"), stop: true)
        || Halts(Of("Verbose"), stop: true) || Halts(Of("Debug"), stop: true);

    /// <summary>Whether the first error ends the pipeline.</summary>
    internal bool StopAtErrors => _stopAtErrors ?? false;

    private bool IsPlanned => Switch("WhatIf") ?? LanguagePrimitives.IsTrue(command.GetVariableValue("WhatIfPreference"));

    // What the module's commands do is of the medium level, as ShouldProcess has it where nothing is said.
    private bool IsAsked => Switch("Confirm")
        ?? (LanguagePrimitives.TryConvertTo(command.GetVariableValue("ConfirmPreference"), out ConfirmImpact impact)
            && impact is ConfirmImpact.Low or ConfirmImpact.Medium);

    private bool? Switch(string parameter) => command.MyInvocation.BoundParameters.TryGetValue(parameter, out object? value) ? LanguagePrimitives.IsTrue(value) : null;

    private ActionPreference Of(string stream)
    {
        ActionPreference preference =
            command.MyInvocation.BoundParameters.TryGetValue($"{stream}Action", out object? value) && LanguagePrimitives.TryConvertTo(value, out ActionPreference given)
            || LanguagePrimitives.TryConvertTo(command.GetVariableValue(stream == "Error" ? "ErrorActionPreference" : $"{stream}Preference"), out given)
            ? given
            : ActionPreference.Continue;
        if (stream == "Error")
        {
            _stopAtErrors = preference == ActionPreference.Stop;
        }

        return preference;
    }

    private static bool Halts(ActionPreference preference, bool stop) =>
        preference is ActionPreference.Inquire or ActionPreference.Suspend or (ActionPreference)BreakIntoDebugger || (stop && preference == ActionPreference.Stop);
}
