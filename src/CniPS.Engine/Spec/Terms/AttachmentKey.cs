namespace CniPS.Spec;

/// <summary>What tells one attachment on a network from another (SPEC, section 2, "GC": <c>cni.dev/valid-attachments</c>).</summary>
/// <param name="ContainerId">The container's id.</param>
/// <param name="InterfaceName">The interface's name inside the container.</param>
public sealed record AttachmentKey(string ContainerId, string InterfaceName);
