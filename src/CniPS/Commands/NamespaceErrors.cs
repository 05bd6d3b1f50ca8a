using System;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>What the commands on namespaces share.</summary>
internal static class NamespaceErrors
{
    /// <summary>Refuses what can't be a name, before it becomes a path.</summary>
    internal static void RefuseInvalid(string name)
    {
        if (!NamedNamespaces.IsValidName(name))
        {
            throw new CniException(CniErrorIds.InvalidName, CniErrorCode.Unknown, $"\"{name}\" is no name of a namespace")
            {
                RecommendedAction = "Give 1 to 255 bytes without \"/\".",
                Target = name,
            };
        }
    }

    internal static CniException NotFound(string text) =>
        new(ModuleErrorIds.NamespaceNotFound, CniErrorCode.UnknownContainer, NamespaceReference.GoneProcess(text) is { } process
            ? $"there is no process {process} (any more)"
            : $"there is no network namespace {text}")
        {
            RecommendedAction = "Get-CniNamespace lists what there is, with -All those of processes as well.",
            Target = text,
        };
}
