using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins;

/// <summary>GC's <c>cni.dev/valid-attachments</c>: what must stay.</summary>
internal sealed class ValidAttachments
{
    private readonly HashSet<(string ContainerId, string InterfaceName)> _keys = [];
    private readonly HashSet<string> _containers = [];
    private readonly IAttachmentJudge? _judge;

    private ValidAttachments(IAttachmentJudge? judge) => _judge = judge;

    /// <summary>Reads it, under its present or its former name (<c>cni.dev/attachments</c>); null where neither is there: then nothing may be removed.</summary>
    /// <param name="configuration">The configuration that GC was given.</param>
    /// <param name="judge">Knows what may go of what isn't listed; null where that is everything.</param>
    internal static ValidAttachments? Read(PluginConfiguration configuration, IAttachmentJudge? judge)
    {
        PluginConfigReader reader = new(configuration);
        if ((reader.GetArray("cni.dev/valid-attachments") ?? reader.GetArray("cni.dev/attachments")) is not { } entries)
        {
            return null;
        }

        ValidAttachments valid = new(judge);
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

    /// <summary>The attachments that are listed.</summary>
    internal IReadOnlyCollection<(string ContainerId, string InterfaceName)> Keys => _keys;

    /// <summary>Whether what was found must stay: it serves one that is listed, or it is not proven that whom it serves is gone.</summary>
    internal bool Keeps(AttachmentClaim claim) =>
        (claim.ContainerId is { } container && Contains(container, claim.InterfaceName)) || _judge?.WhyKept(claim) is not null;

    /// <summary>Whether an attachment is listed; one without an interface is while its container has any.</summary>
    internal bool Contains(string containerId, string? interfaceName) =>
        interfaceName is null ? _containers.Contains(containerId) : _keys.Contains((containerId, interfaceName));
}
