using System;
using System.Collections.Generic;
using System.Diagnostics;
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
/// Runs a program inside network namespaces. Its output comes line by line, its input from the pipeline, and <c>$LASTEXITCODE</c> is set, as if it
/// had been called directly. For a namespace with a name this is <c>ip netns exec</c>, else <c>nsenter</c>.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "CniCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class InvokeCniCommandCommand : CniCommand
{
    private readonly List<PSObject?> _input = [];
    private SteppablePipeline? _program;
    private bool _isGiven;

    /// <summary>The namespaces: names, paths, process ids, or objects of New-CniNamespace or Get-CniNamespace.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference[] Namespace { get; set; } = [];

    /// <summary>The program and its arguments, best behind a <c>--</c>: <c>Invoke-CniCommand blue -- ip -brief addr</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromRemainingArguments = true)]
    [Alias("ArgumentList")]
    [AllowEmptyString]
    public object[] Command { get; set; } = [];

    /// <summary>The program's standard input, where the namespace is named on the command line.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Gives the program the terminal: for shells, editors, top. Nothing that it prints comes into the pipeline.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => string.Join(", ", Array.ConvertAll(Namespace, ns => ns.Text));

    private bool IsFed => _isGiven && MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isGiven = IsBound(nameof(Namespace)); // else namespaces come down the pipeline, and not the input
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (!IsFed)
        {
            RunAll();
        }
        else if (Namespace.Length > 1)
        {
            _input.Add(InputObject); // each is to have all of it
        }
        else if (_program is not null || TryStart(Namespace[0]))
        {
            _program?.Process(InputObject);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (IsFed)
        {
            Guard(() =>
            {
                if (Namespace.Length > 1)
                {
                    RunAll();
                }
                else if (_program is not null || (MyInvocation.PipelineLength > 1 && _input.Count == 0 && TryStart(Namespace[0])))
                {
                    _program?.End();
                }
            });
        }

        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _program?.Dispose();
        }

        base.Dispose(disposing);
    }

    // What is wrong with one is an error, and the next is tried.
    private void RunAll()
    {
        foreach (NamespaceReference ns in Namespace)
        {
            Guard(() => Run(ns));
        }
    }

    private void Run(NamespaceReference ns)
    {
        if (Prepare(ns) is not { } words)
        {
            return;
        }

        if (Interactive)
        {
            RunAtTerminal(words);
            return;
        }

        using SteppablePipeline program = Script(words, ns, isOneOfSeveral: !_isGiven || Namespace.Length > 1).GetSteppablePipeline(MyInvocation.CommandOrigin);
        program.Begin(this);
        _input.ForEach(item => program.Process(item));
        program.End();
    }

    private bool TryStart(NamespaceReference ns)
    {
        if (Prepare(ns) is not { } words)
        {
            return false;
        }

        _program = Script(words, ns, isOneOfSeveral: false).GetSteppablePipeline(MyInvocation.CommandOrigin);
        _program.Begin(this);
        return true;
    }

    // The words to run; null with -WhatIf.
    private List<string>? Prepare(NamespaceReference ns)
    {
        string path = ns.ToPath(ResolvePath);
        if (!File.Exists(path))
        {
            throw NamespaceErrors.NotFound(ns.Text);
        }

        string? statement = PSObject.AsPSObject(MyInvocation).Properties["Statement"]?.Value as string; // since PowerShell 7.4
        List<string> command = ProgramWords.Of(Command, statement, MyInvocation.InvocationName);
        RequireProgram(command);
        List<string> words = [.. Enter(path), .. command];
        string shown = string.Join(' ', words.ConvertAll(ShellText.Quote));
        return ShouldProcess(shown, $"Run {shown}?", "Confirm") ? words : null;
    }

    // As a script, so that PowerShell itself runs the program: its output, its errors, Ctrl+C. Quoted, so that it expands nothing.
    // As a pipeline that is stepped through, since only that is linked to this command's own streams, such as with 2>&1.
    private ScriptBlock Script(List<string> words, NamespaceReference ns, bool isOneOfSeveral)
    {
        StringBuilder call = new("&");
        foreach (string word in words)
        {
            call.Append(' ').Append(Quote(word));
        }

        if (isOneOfSeveral)
        {
            call.Append(" | Microsoft.PowerShell.Core\\ForEach-Object { Microsoft.PowerShell.Utility\\Add-Member -InputObject $_ -NotePropertyName Namespace -PassThru -NotePropertyValue ")
                .Append(Quote(NamedNamespaces.NameOf(ns.ToPath(ResolvePath)) ?? ns.Text)).Append(" }");
        }

        return InvokeCommand.NewScriptBlock(call.ToString());
    }

    // PowerShell gives a program the terminal only where it knows that nobody wants its output, which a cmdlet can't know.
    private void RunAtTerminal(List<string> words)
    {
        ProcessStartInfo start = new(words[0]) { UseShellExecute = false, WorkingDirectory = SessionState.Path.CurrentFileSystemLocation.ProviderPath };
        words.GetRange(1, words.Count - 1).ForEach(start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        using System.Threading.CancellationTokenRegistration stop = Cancellation.Register(() => process.Kill(entireProcessTree: true));
        process.WaitForExit();
        SessionState.PSVariable.Set("global:LASTEXITCODE", process.ExitCode);
        Cancellation.ThrowIfCancellationRequested();
    }

    private void RequireProgram(List<string> command)
    {
        string program = command.Count > 0 ? command[0] : "";
        if (program.Contains('/') ? !File.Exists(ResolvePath(program)) : Find(program) is null)
        {
            throw new CniException(ModuleErrorIds.ProgramNotFound, CniErrorCode.Unknown, $"there is no program {program}")
            {
                RecommendedAction = "Check its name, or install its package. What a shell knows itself needs the shell: sh -c 'COMMAND'.",
                Target = program,
            };
        }
    }

    private List<string> Enter(string path) =>
        NamedNamespaces.NameOf(path) is { } name && Find("ip") is { } ip ? [ip, "netns", "exec", name]
        : Find("nsenter") is { } nsenter ? [nsenter, $"--net={path}", "--"]
        : throw new CniException(ModuleErrorIds.ProgramNotFound, CniErrorCode.Unknown, "neither nsenter nor ip is installed")
        {
            RecommendedAction = "Install the package util-linux or iproute2.",
            Target = "nsenter",
        };

    private static string Quote(string word) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(word)}'";

    private string? Find(string program) =>
        program.Length == 0 ? null : InvokeCommand.GetCommand(WildcardPattern.Escape(program), CommandTypes.Application)?.Definition;
}
