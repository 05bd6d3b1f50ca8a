using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips add --from</c>: many attachments at once, a JSON line in and a JSON line out for each, in their order.</summary>
/// <param name="session">What it works with.</param>
/// <param name="network">The network.</param>
internal sealed class BulkAddition(Session session, NetworkConfigurationList network)
{
    private readonly HashSet<AdditionLine> _untold = []; // made, and not told of yet
    private bool _failed, _stopped;

    /// <summary>Adds them.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CniException">The file can't be read; or standard output can't be written: what nobody was told of is taken back.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what was made is told.</exception>
    internal int Run(string file)
    {
        List<AdditionLine> lines = AdditionLine.ReadAll(file);
        using CniBulk bulk = new(session.Host, session.Options);
        try
        {
            bulk.Run(lines.ConvertAll(Task), outcome => Tell(lines[outcome.Index], outcome), session.Cancellation);
        }
        catch (CniException)
        {
            TakeBack();
            throw;
        }

        session.Cancellation.ThrowIfCancellationRequested();
        return _failed || _stopped ? Command.Failed : Command.Done;
    }

    private BulkTask<CniResult?> Task(AdditionLine line) => new(line.Attachment?.ContainerId ?? $"line {line.Number}", runtime =>
    {
        CniResult? result = runtime.Add(network, line.Attachment ?? throw line.Error!, session.Cancellation);
        lock (_untold)
        {
            _untold.Add(line);
        }

        return result;
    })
    {
        Observer = session.Observer,
    };

    private void Tell(AdditionLine line, BulkOutcome<CniResult?> outcome)
    {
        if (outcome.Error is OperationCanceledException)
        {
            _stopped = true;
            return;
        }

        _failed |= outcome.Error is not null;
        if (session.Plan && outcome.Error is null)
        {
            return; // its changes were printed
        }

        JsonLine.Print(writer => Write(writer, line, outcome));
        lock (_untold)
        {
            _untold.Remove(line);
        }
    }

    private void Write(Utf8JsonWriter writer, AdditionLine line, BulkOutcome<CniResult?> outcome)
    {
        writer.WriteNumber("line", line.Number);
        if (line.Attachment is { } attachment)
        {
            writer.Attachment(network.Name, attachment.ContainerId, attachment.InterfaceName);
            writer.WriteString("netns", attachment.NetNS);
        }

        if (outcome.Error is { } error)
        {
            writer.WritePropertyName("error");
            ErrorReport.Write(writer, error);
        }
        else if (outcome.Result is { } result)
        {
            writer.WritePropertyName("result");
            writer.WriteRawValue(result.ToJson());
        }
    }

    private void TakeBack()
    {
        if (session.Plan)
        {
            return;
        }

        foreach (AdditionLine line in _untold)
        {
            session.Runtime.Delete(network, line.Attachment!);
        }
    }
}
