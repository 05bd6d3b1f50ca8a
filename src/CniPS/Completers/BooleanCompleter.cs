using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CniPS.Completers;

/// <summary>Completes yes and no where leaving a parameter out is neither.</summary>
public sealed class BooleanCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        foreach ((string text, string toolTip) in new[] { ("$true", "yes"), ("$false", "no") })
        {
            if (text.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            {
                yield return new CompletionResult(text, text, CompletionResultType.ParameterValue, toolTip);
            }
        }
    }
}
