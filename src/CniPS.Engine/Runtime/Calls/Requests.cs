using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Makes the requests of an operation (SPEC, section 3, "Deriving request configuration from plugin configuration").</summary>
internal static class Requests
{
    /// <summary>ADD, CHECK or DEL of one plugin of a list.</summary>
    internal static PluginRequest Make(
        CniVerb verb, NetworkConfigurationList list, PluginConfiguration plugin, Attachment attachment, CniResult? previous, RuntimeOptions options)
    {
        PluginRequest request = new()
        {
            Verb = verb,
            ContainerId = attachment.ContainerId,
            NetNS = attachment.NetNS,
            InterfaceName = attachment.InterfaceName,
            Args = attachment.Args,
            Path = options.PluginPath,
            Config = default,
        };
        if (previous is null && attachment.CapabilityArgs.Count == 0)
        {
            PreparedRequest ready = plugin.Prepare(list.Name, list.CniVersion);
            return request with { Config = ready.Bytes, Configuration = ready.Parsed };
        }

        return request with { Config = plugin.ToRequest(list.Name, list.CniVersion, previous, attachment.CapabilityArgs) };
    }

    /// <summary>STATUS of one plugin of a list.</summary>
    internal static PluginRequest Status(NetworkConfigurationList list, PluginConfiguration plugin, RuntimeOptions options) => new()
    {
        Verb = CniVerb.Status,
        Path = options.PluginPath,
        Config = plugin.ToRequest(list.Name, list.CniVersion),
    };

    /// <summary>Refuses names that must reach neither a path nor the kernel.</summary>
    /// <exception cref="CniException"><see cref="CniErrorIds.InvalidName"/>.</exception>
    internal static void ValidateNames(NetworkConfigurationList list, Attachment attachment)
    {
        CniNames.ValidateContainerId(attachment.ContainerId);
        CniNames.ValidateNetworkName(list.Name);
        CniNames.ValidateInterfaceName(attachment.InterfaceName);
    }
}
