using System;
using System.Collections.Generic;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary><c>cnips del --all</c>: every attachment of a network that the cache has, at once; each is told of when it is gone.</summary>
/// <param name="session">What it works with.</param>
/// <param name="network">The network's name.</param>
internal sealed class BulkDeletion(Session session, string network)
{
    private bool _failed;

    /// <summary>Removes them.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; what is gone is told.</exception>
    internal int Run()
    {
        List<CachedAttachment> all = [];
        foreach (CachedAttachment cached in session.Runtime.Cache.List())
        {
            if (cached.Network == network)
            {
                all.Add(cached);
            }
        }

        using CniBulk bulk = new(session.Host, session.Options);
        bulk.Run(all.ConvertAll(Task), outcome => Tell(all[outcome.Index], outcome), session.Cancellation);
        session.Cancellation.ThrowIfCancellationRequested();
        return _failed ? Command.Failed : Command.Done;
    }

    private BulkTask<bool> Task(CachedAttachment cached) => new(cached.ContainerId, runtime =>
    {
        runtime.Delete(cached, session.Cancellation);
        return true;
    })
    {
        Observer = session.Observer,
    };

    private void Tell(CachedAttachment cached, BulkOutcome<bool> outcome)
    {
        if (outcome.Error is OperationCanceledException)
        {
            return;
        }

        _failed |= outcome.Error is not null;
        if (session.Json)
        {
            JsonLine.Print(writer =>
            {
                writer.Attachment(cached.Network, cached.ContainerId, cached.InterfaceName);
                if (outcome.Error is { } error)
                {
                    writer.WritePropertyName("error");
                    ErrorReport.Write(writer, error);
                }
            });
        }
        else if (outcome.Error is { } error)
        {
            ErrorReport.Print(error);
        }
        else
        {
            Terminal.Out.Line($"{(session.Plan ? "# would remove" : "removed")} {cached.ContainerId} {cached.InterfaceName} from {cached.Network}");
        }
    }
}
