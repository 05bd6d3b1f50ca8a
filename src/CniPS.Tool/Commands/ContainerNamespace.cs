using System.IO;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Commands;

/// <summary>A container's network namespace as it is named on a command line.</summary>
internal static class ContainerNamespace
{
    /// <summary>The path of a namespace given by name or path: a path has a slash, or is a file here and no namespace's name.</summary>
    internal static string PathOf(string netns) =>
        netns.Contains('/') || (!NamedNamespaces.Exists(netns) && File.Exists(netns))
            ? Path.GetFullPath(netns)
            : NamedNamespaces.PathOf(netns);

    /// <summary>The container id of one who gives none: the namespace's name where that is an id, else cnitool's hash of its path.</summary>
    internal static string DefaultContainerId(string path) =>
        NamedNamespaces.NameOf(path) is { } name && CniNames.IsValidContainerId(name)
            ? name
            : CnitoolDefaults.ContainerIdOf(path);
}
