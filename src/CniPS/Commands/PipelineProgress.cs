using System;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace CniPS.Commands;

/// <summary>
/// Shows how far a long pipeline is, and what is waited for: nothing in the first second, then now and then. At the end, one verbose line sums it up.
/// </summary>
internal sealed class PipelineProgress
{
    private const int FirstId = 0x434e49; // so that no other command's progress is overwritten

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _shown;
    private int _done;
    private int? _total;
    private bool _isTotalAsked;

    /// <summary>How many errors were reported.</summary>
    internal int Failed { get; set; }

    /// <summary>One more item is done.</summary>
    /// <param name="command">The command.</param>
    /// <param name="item">The item.</param>
    internal void Advance(PSCmdlet command, object? item)
    {
        _done++;
        if (command.MyInvocation.ExpectingInput && IsTime(_watch.Elapsed))
        {
            Show(command, item?.ToString(), null);
        }
    }

    /// <summary>A plugin is waited for.</summary>
    /// <param name="command">The command.</param>
    /// <param name="item">The item that is worked on.</param>
    /// <param name="call">The call, as <c>ADD sleepy</c>.</param>
    /// <param name="elapsed">How long it has been waited for.</param>
    internal void Wait(PSCmdlet command, object? item, string call, TimeSpan elapsed)
    {
        if (IsTime(elapsed))
        {
            Show(command, item?.ToString(), string.Create(CultureInfo.InvariantCulture, $"{call}: {elapsed.TotalSeconds:0} s"));
        }
    }

    /// <summary>All are done.</summary>
    internal void End(CniCommand command)
    {
        if (_shown > TimeSpan.Zero)
        {
            command.WriteProgress(Record(command, "done", ProgressRecordType.Completed));
        }

        if (_done > 1 && command.MyInvocation.ExpectingInput && command.IsVerbose)
        {
            double seconds = _watch.Elapsed.TotalSeconds;
            string failed = Failed == 0 ? "" : $", {Failed} errors";
            command.WriteVerbose(string.Create(
                CultureInfo.InvariantCulture, $"{command.MyInvocation.MyCommand.Name}: {_done} items{failed}, {seconds:0.0} s, {seconds * 1000 / _done:0.0} ms each."));
        }
    }

    private bool IsTime(TimeSpan elapsed) => elapsed > s_patience && _watch.Elapsed - _shown > s_pause;

    private void Show(PSCmdlet command, string? item, string? operation)
    {
        _shown = _watch.Elapsed;
        if (!_isTotalAsked && command.MyInvocation.ExpectingInput)
        {
            _isTotalAsked = true;
            _total = PipelineTotal.Of(command);
        }

        _total = _done > _total ? null : _total; // it was not one for one
        string many = !command.MyInvocation.ExpectingInput ? "" : _total is { } all ? $"{_done} of {all}" : $"{_done} done";
        string status = string.IsNullOrEmpty(item) ? many : many.Length == 0 ? item : $"{many}: {item}";
        ProgressRecord record = Record(command, status.Length > 0 ? status : "working", ProgressRecordType.Processing);
        record.CurrentOperation = operation;
        if (_total is { } total)
        {
            record.PercentComplete = (int)(100L * _done / total);
            record.SecondsRemaining = _done == 0 ? -1 : (int)(_watch.Elapsed.TotalSeconds / _done * (total - _done));
        }

        command.WriteProgress(record);
    }

    private static ProgressRecord Record(PSCmdlet command, string status, ProgressRecordType type) =>
        new(FirstId + command.MyInvocation.PipelinePosition, command.MyInvocation.MyCommand.Name, status) { RecordType = type };
}
