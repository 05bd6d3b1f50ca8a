using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>What kind of thing GC removed.</summary>
public enum CollectedKind
{
    /// <summary>An attachment that was cached and not valid any more.</summary>
    Attachment,

    /// <summary>What a killed ADD had left.</summary>
    UnfinishedAttachment,

    /// <summary>An address that was given out.</summary>
    Lease,

    /// <summary>A link of the host.</summary>
    Link,

    /// <summary>A rule, element or chain of a packet filter.</summary>
    Rule,

    /// <summary>A file.</summary>
    File,

    /// <summary>Something else: an address of a link, a kernel parameter.</summary>
    Setting,
}

/// <summary>Something that GC removed.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Name">The thing's name: an address, a link, a file.</param>
/// <param name="ContainerId">The container it belonged to; null where that is not known, or it was shared.</param>
/// <param name="InterfaceName">The interface it belonged to; likewise.</param>
public sealed record CollectedThing(CollectedKind Kind, string Network, string Name, string? ContainerId, string? InterfaceName)
{
    /// <summary>The changes that removed it, in order.</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What can be told from a change alone.</summary>
    internal static CollectedThing Of(Change change, string network)
    {
        (CollectedKind kind, string name) = change switch
        {
            LinkDelete link => (CollectedKind.Link, link.Link.Name),
            NftChange or IptablesChange => (CollectedKind.Rule, Object(change.Operation)),
            FileChange file => (CollectedKind.File, file.Path),
            _ => (CollectedKind.Setting, Object(change.Operation)),
        };
        return new CollectedThing(kind, network, name, null, null) { Changes = [change] };
    }

    private static string Object(string operation)
    {
        const string Delete = "delete ";
        return operation.StartsWith(Delete, System.StringComparison.Ordinal) ? operation[Delete.Length..] : operation;
    }
}
