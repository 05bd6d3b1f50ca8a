using System;
using System.Collections;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CniPS.Commands;

/// <summary>
/// How many items a pipeline has, as far as that can be told beforehand: given in <c>$CniProgressTotal</c>, or by what stands at its beginning, a range, a
/// list or a variable, where everything in between gives one for one as a rule.
/// </summary>
internal static class PipelineTotal
{
    private const string Given = "CniProgressTotal";

    /// <summary>The number; null where it is not known.</summary>
    internal static int? Of(PSCmdlet command)
    {
        if (LanguagePrimitives.TryConvertTo(command.GetVariableValue(Given), out int given) && given > 0)
        {
            return given;
        }

        InvocationInfo call = command.MyInvocation;
        bool isInFile = File.Exists(call.ScriptName);
        Ast script = isInFile ? Parser.ParseFile(call.ScriptName, out _, out _) : Parser.ParseInput(call.Line ?? "", out _, out _);
        foreach (PipelineAst pipeline in script.FindAll(static ast => ast is PipelineAst { PipelineElements.Count: > 1 }, searchNestedScriptBlocks: true).Cast<PipelineAst>())
        {
            // The expression at the beginning is not counted in the position.
            int at = call.PipelinePosition;
            if (pipeline.PipelineElements[0] is CommandExpressionAst first && at < pipeline.PipelineElements.Count
                && Name(pipeline.PipelineElements[at]) == call.InvocationName
                && (!isInFile || pipeline.PipelineElements[at].Extent.StartLineNumber == call.ScriptLineNumber)
                && pipeline.PipelineElements.Skip(1).Take(at - 1).All(IsOneForOne))
            {
                return Count(first.Expression, command);
            }
        }

        return null;
    }

    private static string? Name(CommandBaseAst element) => (element as CommandAst)?.GetCommandName();

    private static bool IsOneForOne(CommandBaseAst element) =>
        Name(element) is { } name && (name is "%" || name.Equals("ForEach-Object", StringComparison.OrdinalIgnoreCase) || name.Contains("-Cni", StringComparison.OrdinalIgnoreCase));

    private static int? Count(ExpressionAst expression, PSCmdlet command) => expression switch
    {
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Count(inner.Expression, command),
        BinaryExpressionAst { Operator: TokenKind.DotDot, Left: ConstantExpressionAst { Value: int from }, Right: ConstantExpressionAst { Value: int to } } => Math.Abs(to - from) + 1,
        ArrayLiteralAst list => list.Elements.Count,
        VariableExpressionAst variable => (PowerShellValue.Unwrap(command.GetVariableValue(variable.VariablePath.UserPath)) as ICollection)?.Count,
        _ => null,
    };
}
