using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What a collection has removed so far, and what failed.</summary>
/// <param name="network">The network.</param>
/// <param name="recorder">Is told the changes.</param>
internal sealed class CollectionNotes(string network, ChangeRecorder recorder)
{
    private readonly List<CniException> _failures = [];
    private readonly List<CollectedAttachment> _removed = [];
    private readonly List<CollectedThing> _things = [];

    /// <summary>What was removed.</summary>
    internal GarbageReport Report() => new(_removed, _things);

    /// <summary>What was removed, if nothing failed.</summary>
    /// <exception cref="GarbageException">Something did; it holds the report.</exception>
    internal GarbageReport End() => _failures.Count == 0 ? Report() : throw Failed();

    /// <summary>Leaves out the changes since the last that were noted.</summary>
    internal void Drop() => recorder.Take();

    /// <summary>Notes an attachment that is removed, and the changes that did it.</summary>
    internal void Removed(CollectedAttachment attachment)
    {
        _removed.Add(attachment);
        _things.Add(new CollectedThing(
            attachment.WasUnfinished ? CollectedKind.UnfinishedAttachment : CollectedKind.Attachment,
            attachment.Network,
            $"{attachment.ContainerId}/{attachment.InterfaceName}",
            attachment.ContainerId,
            attachment.InterfaceName) { Changes = recorder.Take() });
    }

    /// <summary>Whether an attachment is among what was removed.</summary>
    internal bool HasRemoved(AttachmentKey key) => _removed.Exists(removed => new AttachmentKey(removed.ContainerId, removed.InterfaceName) == key);

    /// <summary>Notes changes that belong to no attachment, as far as the plugins have not said whose they were.</summary>
    internal void Noted(IReadOnlyList<CollectedThing> told)
    {
        HashSet<Change> known = new(ReferenceEqualityComparer.Instance);
        foreach (CollectedThing thing in told)
        {
            _things.Add(thing);
            known.UnionWith(thing.Changes);
        }

        foreach (Change change in recorder.Take())
        {
            if (!known.Contains(change))
            {
                _things.Add(CollectedThing.Of(change, network));
            }
        }
    }

    /// <summary>Notes a failure.</summary>
    internal void Fail(string message, CniException cause) => _failures.Add(
        new CniException(cause.ErrorId, cause.Code, message, innerException: cause)
        {
            PluginType = cause.PluginType,
            Verb = cause.Verb ?? "GC",
            Target = cause.Target,
            RecommendedAction = cause.RecommendedAction,
        });

    private GarbageException Failed()
    {
        CniException failure = _failures.Count == 1
            ? _failures[0]
            : Failures.Combine(
                _failures, RuntimeErrorIds.CollectionIncomplete, "GC", "\n", "Everything else was collected. Mend the causes and collect again.", target: network);
        return new GarbageException(failure, Report())
        {
            PluginType = failure.PluginType,
            Verb = failure.Verb,
            Target = failure.Target,
            RecommendedAction = failure.RecommendedAction,
        };
    }
}
