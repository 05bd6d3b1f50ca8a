using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Judges for a plugin's GC that a runtime has called, such as CRI-O at its start, with the attachments that <em>it</em> knows: others may use the
/// network, too, and theirs stay unless they are proven gone. How old something is is not asked: who calls GC knows what he is adding himself, and
/// what a plugin of ours is adding has the network's lock.
/// </summary>
public static class PluginJudge
{
    /// <summary>Makes one.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="request">The call.</param>
    public static IAttachmentJudge For(IHost host, PluginRequest request)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(request);
        PluginConfiguration plugin = PluginConfiguration.ParseRequest(request.Config);
        HashSet<string> folders = [LeaseInventory.DefaultDataFolder];
        if (LeaseInventory.DataFolderOf(plugin) is { } folder)
        {
            folders.Add(folder);
        }

        return new ClaimJudge(host, new LivenessJudge(host), plugin.Name ?? "", folders, TimeSpan.Zero, []);
    }
}
