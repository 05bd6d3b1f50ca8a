using System.Collections.Generic;
using System.Text;
using System.Threading;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What must hold before ADD changes anything: nothing is known to go wrong, and nothing of an earlier ADD is in the way.</summary>
internal static class AddPreconditions
{
    /// <summary>Everything that can be known to go wrong before anything is changed.</summary>
    /// <exception cref="CniException">It would.</exception>
    internal static void LookFirst(Services services, NetworkConfigurationList list, Attachment attachment)
    {
        Requests.ValidateNames(list, attachment);
        CniVersion.Parse(list.CniVersion);
        PluginInvoker invoker = new(services.Host, services.Options);
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            try
            {
                if (invoker.Resolve(plugin.Type, services.Options.PluginPath).Native is { } native)
                {
                    VersionSupport.Require(CniVerb.Add, list.CniVersion, native.SupportedVersions);
                }
            }
            catch (CniException e)
            {
                throw new PluginCallException(plugin, CniVerb.Add, e);
            }
        }
    }

    /// <summary>Takes away what a killed ADD left.</summary>
    /// <exception cref="CniException">It can't be (<see cref="RuntimeErrorIds.LeftoverStuck"/>).</exception>
    internal static void CleanLeftover(Services services, AttachmentGuard guard, Attachment attachment, CancellationToken cancellation)
    {
        if (guard.Journal is not { Leftover.IsEmpty: false } journal)
        {
            return;
        }

        IReadOnlyList<CniException> failures = LeftoverCleaner.Clean(services, journal.Leftover, cancellation);
        if (failures.Count > 0)
        {
            StringBuilder text = new("what a killed ADD left of this attachment can't be removed: ");
            for (int i = 0; i < failures.Count; i++)
            {
                text.Append(i == 0 ? "" : "; ").Append(failures[i].Message);
            }

            throw new CniException(RuntimeErrorIds.LeftoverStuck, CniErrorCode.Internal, text.ToString(), innerException: failures[0])
            {
                Verb = "ADD",
                Target = attachment,
                RecommendedAction = "Remove-CniAttachment removes what it can and forgets the rest.",
            };
        }

        journal.Clear();
    }

    /// <summary>Refuses an attachment that is there and alive; removes one that is only in the cache.</summary>
    /// <returns>Where its result is to be written; null where that has to be looked for again.</returns>
    /// <exception cref="CniException">It is there and alive (<see cref="RuntimeErrorIds.AttachmentExists"/>), or can't be removed.</exception>
    internal static string? ClearTheWay(Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        CacheLookup found = services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName);
        if (found.Entry is not { } entry)
        {
            return found.Path;
        }

        CachedAttachment cached = new(entry, found.Path);
        Verdict verdict = new LivenessJudge(services.Host, services.Cache).Judge(cached);
        if (!verdict.IsGone)
        {
            string doubt = verdict.IsAlive ? "" : $" (it can't be told whether it is gone: {verdict.Reason})";
            throw new CniException(
                RuntimeErrorIds.AttachmentExists,
                CniErrorCode.Internal,
                $"container {attachment.ContainerId} is attached to network {list.Name} already, as {attachment.InterfaceName} in {cached.NetNS}{doubt}")
            {
                Verb = "ADD",
                Target = attachment,
                RecommendedAction = "Remove it first (Remove-CniAttachment), or choose another interface name.",
            };
        }

        services.Observer?.Warn(
            $"Container {attachment.ContainerId}, interface {attachment.InterfaceName}, is in the cache of network {list.Name}, but gone; it is removed first.");
        List<CniException> failures = AttachmentRemoval.Run(services, cached.Configuration ?? list, verdict.Direct(cached.ToAttachment()), cancellation);
        if (failures.Count > 0)
        {
            throw DeleteOperation.Combine(failures);
        }

        return null;
    }
}
