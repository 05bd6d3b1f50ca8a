using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace CniPS.Tests.Hosting;

/// <summary>A console that nobody looks at: it keeps what is written to it and what it is asked for.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly Guid _id = Guid.NewGuid();

    internal RecordingUserInterface Console { get; } = new();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId => _id;

    public override string Name => "CniPS.Tests";

    public override PSHostUserInterface UI => Console;

    public override Version Version => new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}

/// <summary>
/// Keeps what is written straight to the console apart from what the streams bring there. It answers no question: whoever asks for a
/// parameter is refused, as where nobody sits at it.
/// </summary>
internal sealed class RecordingUserInterface : PSHostUserInterface
{
    /// <summary>Lines that were written to the console itself, as <c>-WhatIf</c> does.</summary>
    internal List<string> Lines { get; } = [];

    /// <summary>The parameters that were asked for.</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>The questions that were asked, and answered with no.</summary>
    internal List<string> Questions { get; } = [];

    public override PSHostRawUserInterface? RawUI => null;

    internal void Clear()
    {
        Lines.Clear();
        Asked.Clear();
        Questions.Clear();
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        foreach (FieldDescription description in descriptions)
        {
            Asked.Add(description.Name);
        }

        throw new HostException("nobody sits at this console");
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Add(message);
        for (int i = 0; i < choices.Count; i++)
        {
            if (choices[i].Label.Replace("&", "", StringComparison.Ordinal) == "No")
            {
                return i;
            }
        }

        throw new NotSupportedException(message);
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw new NotSupportedException();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException();

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    public override void Write(string value) => Lines.Add(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Lines.Add(value);

    public override void WriteLine(string value) => Lines.Add(value);

    public override void WriteErrorLine(string value) => Lines.Add(value);

    // What the streams bring: PowerShell hands it on to whoever called as well.
    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }
}
