using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using System.Threading;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// What all cmdlets of the module share: they can be stopped, what goes wrong with one item of the pipeline is an error record and the next
/// item is tried, and paths are those of the session.
/// </summary>
public abstract class CniCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PipelineProgress _progress = new();
    private Exception? _refusal;

    /// <summary>What all cmdlets begin with.</summary>
    protected CniCommand() => Burst = new Burst(this);

    /// <summary>The items that come quicker than they are done.</summary>
    private protected Burst Burst { get; }

    /// <summary>Whether an item may be done while the next one is asked for already.</summary>
    internal virtual bool MayHold => true;

    /// <summary>Whether Ctrl+C was pressed, or a stream has refused.</summary>
    internal bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Is cancelled by Ctrl+C.</summary>
    protected CancellationToken Cancellation => _stop.Token;

    /// <summary>Whether verbose messages are seen, and so worth making.</summary>
    internal bool IsVerbose =>
        MyInvocation.BoundParameters.TryGetValue("Verbose", out object? verbose) ? (SwitchParameter)verbose
        : LanguagePrimitives.TryConvertTo(GetVariableValue("VerbosePreference"), out ActionPreference preference)
            && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>Handles one item of the pipeline.</summary>
    protected abstract void ProcessItem();

    /// <summary>Sessions with the machines that are asked instead of this one; null: this one.</summary>
    private protected virtual PSSession[]? Sessions => null;

    /// <summary>What an error record names as its target where the error itself names none.</summary>
    protected virtual object? ErrorTarget => null;

    /// <summary>Which item the one at hand is, in the words of errors.</summary>
    private protected virtual ItemPlace Place => new(ErrorTarget);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        Burst.Begin();
        Burst.TellDone();
        Guard(Sessions is null ? ProcessItem : AskOthers);
        if (Burst.IsIdle)
        {
            _progress.Advance(this, ErrorTarget);
        }

        Burst.End();
    }

    /// <summary>Writes what came of an item that was done meanwhile.</summary>
    internal void Tell(BurstItem item, BurstOutcome outcome)
    {
        Guard(
            () =>
            {
                if (item.Title is { } title)
                {
                    WriteVerbose(title);
                }

                outcome.Words?.Invoke();
                if (outcome.Error is { } error)
                {
                    ExceptionDispatchInfo.Throw(error);
                }

                outcome.Write?.Invoke();
            },
            item.Place);
        _progress.Advance(this, item.Place.Target);
    }

    private void AskOthers()
    {
        if (Sessions is not { Length: > 0 } sessions)
        {
            return; // none of those that were given is with the machine that this item is of
        }

        RemoteAnswer answer = new RemoteQuestion(MyInvocation).Ask(sessions, Cancellation);
        foreach (string warning in answer.Warnings)
        {
            WriteWarning(warning);
        }

        foreach (PSObject item in answer.Objects)
        {
            WriteObject(item);
        }

        foreach (ErrorRecord error in answer.Errors)
        {
            _progress.Failed++;
            WriteError(error);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Burst.TellAll();
        _progress.End(this);
    }

    /// <summary>Shows that a plugin is waited for.</summary>
    /// <param name="call">The call, as <c>ADD sleepy</c>.</param>
    /// <param name="elapsed">How long.</param>
    internal void ShowWaiting(string call, TimeSpan elapsed) => _progress.Wait(this, ErrorTarget, call, elapsed);

    /// <summary>Shows that items are waited for that are done together.</summary>
    /// <param name="place">The first of them.</param>
    /// <param name="what">What is under way.</param>
    /// <param name="elapsed">How long.</param>
    internal void ShowWaiting(ItemPlace place, string what, TimeSpan elapsed) => _progress.Wait(this, place.Target, what, elapsed);

    /// <summary>Does something, and reports what goes wrong.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="place">Which item it is; null: the one at hand.</param>
    private protected void Guard(Action work, ItemPlace? place = null)
    {
        try
        {
            work();
        }
        catch (Exception) when (_refusal is not null)
        {
            // What the stream said comes first.
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            Report(e, place);
        }
        catch (Exception e) when (e is not (RuntimeException or OperationCanceledException))
        {
            ThrowTerminatingError(ErrorRecords.From(e, place ?? Place)); // a defect: no other item can fare better
        }

        if (_refusal is not null)
        {
            ExceptionDispatchInfo.Throw(_refusal);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at the same moment.
        }
    }

    /// <summary>
    /// Writes to a stream in the midst of an operation. A stream may refuse (Ctrl+C, or a preference of Stop): then the operation is
    /// stopped, so that it takes back what it has done, and the refusal is thrown afterwards.
    /// </summary>
    internal void Tell(Action write)
    {
        try
        {
            if (_refusal is null)
            {
                write();
            }
        }
        catch (RuntimeException e)
        {
            _refusal = e;
            _stop.Cancel();
        }
    }

    /// <summary>Writes what went wrong with this item as a non-terminating error.</summary>
    private protected void Report(Exception e) => Report(e, null);

    /// <summary>Writes what went wrong with an item as a non-terminating error.</summary>
    /// <param name="e">What went wrong.</param>
    /// <param name="place">Which item it is; null: the one at hand, after all before it.</param>
    private protected void Report(Exception e, ItemPlace? place)
    {
        if (place is null)
        {
            Burst.TellAll();
        }

        _progress.Failed++;
        WriteError(ErrorRecords.From(e, place ?? Place));
    }

    /// <summary>Reports names that were asked for and are nothing. Of a pipeline's objects nobody says that there is something.</summary>
    private protected void ReportMissing(IEnumerable<CniException> errors)
    {
        foreach (CniException error in MyInvocation.ExpectingInput ? [] : errors)
        {
            Report(error);
        }
    }

    /// <summary>Refuses to write a picture to a file of this machine where others are asked: ends the command.</summary>
    private protected void RefusePictureOfOthers(string? path)
    {
        if (Sessions is not null && !string.IsNullOrEmpty(path))
        {
            Refuse(CniErrorIds.InvalidArgs, "-Path names a file here, and -Session asks other machines", "Leave out -Path: the picture's text goes down the pipeline, from each machine.", path);
        }
    }

    /// <summary>Ends the command: no other item can fare better.</summary>
    private protected void Refuse(string errorId, string message, string action, object? target = null) =>
        ThrowTerminatingError(ErrorRecords.From(
            new CniException(errorId, CniErrorCode.Unknown, message) { RecommendedAction = action, Target = target }, new ItemPlace(target)));

    /// <summary>The file system's path behind a path of the session: <c>~</c>, drives, and relative to <c>$PWD</c>.</summary>
    /// <exception cref="CniException">It is none: the drive or the provider is unknown.</exception>
    private protected string ResolvePath(string path)
    {
        try
        {
            return SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception e) when (e is SessionStateException or ProviderInvocationException or PSInvalidOperationException or PSNotSupportedException or ArgumentException)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.IOFailure, $"{path} is no path: {e.Message}", innerException: e)
            {
                Target = path,
                RecommendedAction = "Before a colon PowerShell looks for a drive: write ./ before a file's name with a colon in it.",
            };
        }
    }

    /// <summary>Whether a parameter was given, in whatever way.</summary>
    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Frees what the command holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the command holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Burst.Dispose();
            _stop.Dispose();
        }
    }
}
