using System.Collections;
using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>What GC removed: the attachments, and everything.</summary>
public sealed class GarbageReport : IReadOnlyList<CollectedAttachment>
{
    private readonly IReadOnlyList<CollectedAttachment> _attachments;

    internal GarbageReport(IReadOnlyList<CollectedAttachment> attachments, IReadOnlyList<CollectedThing> things)
    {
        _attachments = attachments;
        Things = things;
    }

    /// <summary>Everything that was removed, in order: attachments with all that was theirs, then what belonged to none.</summary>
    public IReadOnlyList<CollectedThing> Things { get; }

    /// <summary>How many attachments were removed.</summary>
    public int Count => _attachments.Count;

    /// <summary>An attachment that was removed.</summary>
    /// <param name="index">Its place.</param>
    public CollectedAttachment this[int index] => _attachments[index];

    /// <inheritdoc/>
    public IEnumerator<CollectedAttachment> GetEnumerator() => _attachments.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
