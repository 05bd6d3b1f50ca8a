using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A container's interface on a network, as a caller asks for it (SPEC, section 2, "Parameters"; libcni's RuntimeConf).</summary>
public sealed record Attachment
{
    /// <summary>The container's id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The path of the container's network namespace. For DEL it may be empty, or gone.</summary>
    public required string NetNS { get; init; }

    /// <summary>The interface's name inside the container.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>CNI_ARGS.</summary>
    public CniArgs Args { get; init; } = CniArgs.Empty;

    /// <summary>Capability arguments: each plugin gets those whose capability it declares, as <c>runtimeConfig</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> CapabilityArgs { get; init; } = [];

    /// <summary>What tells it from the other attachments of its network.</summary>
    public AttachmentKey Key => new(ContainerId, InterfaceName);

    /// <summary>In words: <c>container blue, interface eth0</c>.</summary>
    public override string ToString() => $"container {ContainerId}, interface {InterfaceName}";
}
