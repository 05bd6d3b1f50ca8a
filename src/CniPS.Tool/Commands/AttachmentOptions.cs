using System.Collections.Generic;
using CniPS.Plugin.Options;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Commands;

/// <summary>The options that say which attachment is meant, and what it is to get: those of <c>add</c>, <c>check</c> and <c>del</c>.</summary>
internal static class AttachmentOptions
{
    internal static readonly Option Interface = new("--ifname", "NAME", "The interface inside the container (eth0).")
    {
        Short = "-i",
        Variable = "CNI_IFNAME",
        Completes = Completes.Interfaces,
    };

    internal static readonly Option ContainerId =
        new("--container-id", "ID", "The container's id (the namespace's name, else a hash of its path).") { Completes = Completes.Containers };

    private static readonly Option s_arguments = new("--args", "K=V;K=V", "Arguments for the plugins.") { Variable = "CNI_ARGS" };

    private static readonly Option s_capabilities =
        new("--capability-args", "JSON", "Capability arguments, such as {\"portMappings\": [...]}.") { Variable = "CAP_ARGS" };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Option> All { get; } = [Interface, ContainerId, s_arguments, s_capabilities];

    /// <summary>The attachment that is meant.</summary>
    /// <param name="netns">The namespace, by name or path; null where the container's id is given and it is not needed.</param>
    /// <param name="arguments">The options.</param>
    internal static Attachment ToAttachment(string? netns, Arguments arguments)
    {
        string path = netns is null ? "" : ContainerNamespace.PathOf(netns);
        string id = arguments.Get(ContainerId)
            ?? (netns is null ? throw new UsageException($"give <netns>, or {ContainerId.Synopsis}") : ContainerNamespace.DefaultContainerId(path));
        string interfaceName = arguments.Get(Interface) ?? CnitoolDefaults.InterfaceName;
        CniNames.ValidateContainerId(id);
        CniNames.ValidateInterfaceName(interfaceName);
        return new Attachment
        {
            ContainerId = id,
            NetNS = path,
            InterfaceName = interfaceName,
            CapabilityArgs = arguments.Get(s_capabilities) is { } json ? CapabilityArgs.Parse(json) : [],
            Args = CniArgs.ParseStrict(arguments.Get(s_arguments) ?? ""),
        };
    }
}
