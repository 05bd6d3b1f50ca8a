using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS;

/// <summary>What a command line says of an attachment that should be there already; what is null was not given.</summary>
internal sealed record AttachmentQuery(NetworkReference Network, string InterfaceName)
{
    internal string? ContainerId { get; init; }

    internal string? NamespacePath { get; init; }

    internal CniArgs? Args { get; init; }

    internal IReadOnlyList<KeyValuePair<string, JsonElement>>? CapabilityArgs { get; init; }

    /// <summary>The container that is meant; null where neither it nor a namespace is given.</summary>
    internal string? Container => ContainerId ?? (NamespacePath is { } path ? ContainerIds.Of(path) : null);
}
