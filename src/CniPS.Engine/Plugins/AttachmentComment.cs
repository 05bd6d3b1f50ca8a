using System;
using System.Collections.Generic;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins;

/// <summary>The comment by which what the kernel holds says whom it serves: network, interface and container.</summary>
internal static class AttachmentComment
{
    // None of the three has a space in it: no other attachment has the same.
    internal static string Of(string network, string containerId, string interfaceName) => $"{network} {interfaceName} {containerId}";

    internal static string Of(PluginCall call) => Of(call.Network, call.ContainerId, call.InterfaceName);

    /// <summary>Those of all attachments that must stay, as nf_tables holds them.</summary>
    internal static HashSet<string?> OfAll(ValidAttachments valid, string network)
    {
        HashSet<string?> comments = [];
        foreach ((string containerId, string interfaceName) in valid.Keys)
        {
            comments.Add(NftComment.Fit(Of(network, containerId, interfaceName)));
        }

        return comments;
    }

    /// <summary>Whether it says that an attachment of this network is served.</summary>
    internal static bool IsOfNetwork(string comment, string network) => comment.StartsWith(network + " ", StringComparison.Ordinal);
}
