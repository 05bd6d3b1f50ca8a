namespace CniPS.Runtime;

/// <summary>An attachment that GC removed.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="ContainerId">The container's id.</param>
/// <param name="InterfaceName">The interface's name inside the container.</param>
/// <param name="NetNS">The path of the container's network namespace, which may be gone.</param>
/// <param name="WasUnfinished">Whether it was what a killed ADD had left, and not a whole one.</param>
public sealed record CollectedAttachment(string Network, string ContainerId, string InterfaceName, string NetNS, bool WasUnfinished);
