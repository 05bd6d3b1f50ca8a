using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS;

/// <summary>The container ids of those who give none.</summary>
internal static class ContainerIds
{
    /// <summary>The namespace's name, else what cnitool makes of its path: <c>cnitool-</c> and ten bytes of its SHA-512.</summary>
    internal static string Of(string namespacePath) =>
        NamedNamespaces.NameOf(namespacePath)
        ?? CnitoolDefaults.ContainerIdOf(namespacePath);
}
