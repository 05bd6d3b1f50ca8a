using System;
using System.Diagnostics;
using System.Management.Automation;

namespace CniPS.Commands;

/// <summary>Shows how far a long pipeline is: nothing in the first second, then now and then.</summary>
internal sealed class PipelineProgress
{
    private const int FirstId = 0x434e49; // so that no other command's progress is overwritten

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _shown;
    private int _done;

    /// <summary>One more item is done.</summary>
    internal void Advance(PSCmdlet command)
    {
        _done++;
        if (command.MyInvocation.ExpectingInput && _watch.Elapsed > s_patience && _watch.Elapsed - _shown > s_pause)
        {
            _shown = _watch.Elapsed;
            command.WriteProgress(Record(command, ProgressRecordType.Processing));
        }
    }

    /// <summary>All are.</summary>
    internal void End(PSCmdlet command)
    {
        if (_shown > TimeSpan.Zero)
        {
            command.WriteProgress(Record(command, ProgressRecordType.Completed));
        }
    }

    private ProgressRecord Record(PSCmdlet command, ProgressRecordType type) =>
        new(FirstId + command.MyInvocation.PipelinePosition, command.MyInvocation.MyCommand.Name, $"{_done} done") { RecordType = type };
}
