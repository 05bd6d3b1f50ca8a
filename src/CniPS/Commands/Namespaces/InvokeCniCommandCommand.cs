using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using CniPS.Completers;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Runs a program inside a network namespace. Its output comes line by line, and <c>$LASTEXITCODE</c> is set, as if it had been called
/// directly. For a namespace with a name this is <c>ip netns exec</c>, else <c>nsenter</c>.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "CniCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class InvokeCniCommandCommand : CniCommand
{
    /// <summary>The namespace: its name, path, process id, or an object of New-CniNamespace or Get-CniNamespace.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference Namespace { get; set; } = null!;

    /// <summary>The program and its arguments, best behind a <c>--</c>: <c>Invoke-CniCommand blue -- ip -brief addr</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [Alias("ArgumentList")]
    [AllowEmptyString]
    public string[] Command { get; set; } = [];

    /// <inheritdoc/>
    protected override object? ErrorTarget => Namespace.Text;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string path = Namespace.ToPath(ResolvePath);
        if (!File.Exists(path))
        {
            throw NamespaceErrors.NotFound(Namespace.Text);
        }

        // As a script, so that PowerShell itself runs the program: its output, its errors, Ctrl+C. Quoted, so that it expands nothing.
        // As a pipeline that is stepped through, since only that is linked to this command's own streams, such as with 2>&1.
        List<string> words = [.. Enter(path), .. Command];
        string shown = string.Join(' ', words.ConvertAll(ShellText.Quote));
        if (!ShouldProcess(shown, $"Run {shown}?", "Confirm"))
        {
            return;
        }

        StringBuilder call = new("&");
        foreach (string word in words)
        {
            call.Append(" '").Append(CodeGeneration.EscapeSingleQuotedStringContent(word)).Append('\'');
        }

        using SteppablePipeline program = InvokeCommand.NewScriptBlock(call.ToString()).GetSteppablePipeline(MyInvocation.CommandOrigin);
        program.Begin(this);
        program.End();
    }

    private List<string> Enter(string path) =>
        NamedNamespaces.NameOf(path) is { } name && Find("ip") is { } ip ? [ip, "netns", "exec", name]
        : Find("nsenter") is { } nsenter ? [nsenter, $"--net={path}", "--"]
        : throw new CniException(ModuleErrorIds.ProgramNotFound, CniErrorCode.Unknown, "neither nsenter nor ip is installed")
        {
            RecommendedAction = "Install the package util-linux or iproute2.",
            Target = "nsenter",
        };

    private string? Find(string program) => InvokeCommand.GetCommand(program, CommandTypes.Application)?.Definition;
}
