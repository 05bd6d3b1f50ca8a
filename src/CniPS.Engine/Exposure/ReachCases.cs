using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Diagnosis;
using CniPS.Runtime;

namespace CniPS.Exposure;

/// <summary>What is the same of several containers of a network.</summary>
/// <param name="IsOpen">Whether they reach, or are reached; null where it can't be told.</param>
/// <param name="Reason">By what, or why not; with whose it is where not all of the network are alike.</param>
/// <param name="ContainerId">The container that it is about, where it is one of several; null for more.</param>
internal sealed record ReachCase(bool? IsOpen, string Reason, string? ContainerId);

/// <summary>
/// A network's containers are mostly alike, and are then told as one; a rule, or an address, that makes some of them differ makes cases of them, the most frequent first.
/// </summary>
internal static class ReachCases
{
    private const int MostNames = 3;

    /// <summary>The cases of a network's containers.</summary>
    /// <param name="network">Its attachments.</param>
    /// <param name="ask">What becomes of one.</param>
    internal static IReadOnlyList<ReachCase> Of(IEnumerable<CachedAttachment> network, Func<CachedAttachment, Reach> ask) =>
        Tell([.. network.Select(attachment => (attachment.ContainerId, ask(attachment)))]);

    /// <summary>The cases of one network's containers with another's; none where there are no two.</summary>
    internal static IReadOnlyList<ReachCase> Between(ReachSurvey reach, IEnumerable<CachedAttachment> from, IEnumerable<CachedAttachment> to)
    {
        List<CachedAttachment> senders = [.. from], receivers = [.. to];
        List<(string, Reach)> asked = [];
        foreach (CachedAttachment sender in senders)
        {
            if (receivers.Find(other => other.ContainerId != sender.ContainerId) is { } receiver)
            {
                asked.Add((sender.ContainerId, reach.Between(sender, receiver)));
            }
        }

        foreach (CachedAttachment receiver in receivers)
        {
            CachedAttachment? sender = senders.Find(other => other.ContainerId != receiver.ContainerId), usual = sender is null ? null : receivers.Find(other => other.ContainerId != sender.ContainerId);
            if (sender is not null && receiver != usual)
            {
                asked.Add(($"to {receiver.ContainerId}", reach.Between(sender, receiver)));
            }
        }

        return Tell(asked);
    }

    // Reasons name addresses, so that those of two containers are never the same: what counts is whether, and whether under another address.
    private static List<ReachCase> Tell(List<(string Who, Reach Reach)> asked)
    {
        List<IGrouping<(bool?, bool), (string Who, Reach Reach)>> cases =
            [.. asked.GroupBy(static one => (one.Reach.IsOpen, one.Reach.TranslatedTo is not null)).OrderByDescending(static same => same.Count())];
        return cases.ConvertAll(same =>
        {
            List<string> names = [.. same.Select(static one => one.Who)];
            Reach first = same.First().Reach;
            string whose = $"{string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}";
            return cases.Count == 1 ? new ReachCase(first.IsOpen, first.Reason, null) : new ReachCase(first.IsOpen, $"{whose}: {first.Reason}", names is [var only] ? only[(only.StartsWith("to ", StringComparison.Ordinal) ? 3 : 0)..] : null);
        });
    }
}
