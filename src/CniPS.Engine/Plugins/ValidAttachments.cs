using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>GC's <c>cni.dev/valid-attachments</c>: what must stay.</summary>
internal sealed class ValidAttachments
{
    private readonly HashSet<(string ContainerId, string InterfaceName)> _keys = [];
    private readonly HashSet<string> _containers = [];

    /// <summary>Reads it, under its present or its former name (<c>cni.dev/attachments</c>); null where neither is there: then nothing may be removed.</summary>
    internal static ValidAttachments? Read(PluginConfiguration configuration)
    {
        PluginConfigReader reader = new(configuration);
        if ((reader.GetArray("cni.dev/valid-attachments") ?? reader.GetArray("cni.dev/attachments")) is not { } entries)
        {
            return null;
        }

        ValidAttachments valid = new();
        foreach (PluginConfigValue entry in entries)
        {
            if (entry.AsObject() is { } attachment)
            {
                string id = attachment.GetString("containerID") ?? "";
                valid._keys.Add((id, attachment.GetString("ifname") ?? ""));
                valid._containers.Add(id);
            }
        }

        return valid;
    }

    /// <summary>The attachments that must stay.</summary>
    internal IReadOnlyCollection<(string ContainerId, string InterfaceName)> Keys => _keys;

    /// <summary>Whether an attachment must stay; one without an interface stays while its container has any.</summary>
    internal bool Contains(string containerId, string? interfaceName) =>
        interfaceName is null ? _containers.Contains(containerId) : _keys.Contains((containerId, interfaceName));
}
