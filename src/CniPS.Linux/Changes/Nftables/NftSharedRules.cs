using System;
using System.Collections.Generic;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// What attachments share in nf_tables, compared by what it says: a table that is awake, its chains where they belong on a packet's way, each
/// with exactly its rules. That something of the name is there is not enough: rules go one by one, and all at once (<c>nft flush table</c>).
/// </summary>
internal static class NftSharedRules
{
    /// <summary>
    /// What brings things to what they should be; nothing where they are. What was found right is not looked at again while nobody else has
    /// changed anything in nf_tables.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="key">What they are, in a word that nothing else in the namespace has.</param>
    /// <param name="wanted">As for <see cref="Missing(INftablesView, IReadOnlyList{NftChange})"/>; only called where they must be looked at.</param>
    internal static IReadOnlyList<NftChange> Missing(INftablesView view, string key, Func<IReadOnlyList<NftChange>> wanted)
    {
        IReadOnlyList<NftChange> missing = [];
        view.IsRight(key, () => (missing = Missing(view, wanted())).Count == 0);
        return missing;
    }

    /// <summary>What brings things to what they should be; nothing where they are.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="wanted">
    /// What makes it all where nothing is: a table, sets, chains. A chain without rules is somebody else's to fill: whatever is in it is right.
    /// </param>
    internal static IReadOnlyList<NftChange> Missing(INftablesView view, IReadOnlyList<NftChange> wanted)
    {
        List<NftChange>? chains = null;
        NftTable? table = null;
        foreach (NftChange change in wanted)
        {
            if (change is NftChainAdd chain)
            {
                table = chain.Table;
                Compare(view, chain, ref chains);
            }
        }

        if (table is { } found && view.IsDormant(found))
        {
            (chains ??= []).Add(new NftTableWake(wanted[0].Namespace, found));
        }

        if (chains is null)
        {
            return [];
        }

        List<NftChange> missing = new(wanted.Count);
        foreach (NftChange change in wanted)
        {
            if (change is not NftChainAdd)
            {
                missing.Add(change); // there already, most of the time, which counts as done
            }
        }

        missing.AddRange(chains);
        return missing;
    }

    private static void Compare(INftablesView view, NftChainAdd wanted, ref List<NftChange>? changes)
    {
        if (view.FindChain(wanted.Table, wanted.Name) is not { } there)
        {
            (changes ??= []).Add(wanted);
        }
        else if (wanted.Hook is { } hook && !hook.IsSame(there.Hook))
        {
            (changes ??= []).Add(new NftChainDelete(wanted.Namespace, wanted.Table, wanted.Name));
            changes.Add(wanted);
        }
        else if (wanted.Rules.Count > 0 && !HasRules(view, wanted))
        {
            (changes ??= []).Add(new NftChainRefill(wanted.Namespace, wanted.Table, wanted.Name) { Rules = wanted.Rules });
        }
    }

    private static bool HasRules(INftablesView view, NftChainAdd wanted)
    {
        IReadOnlyList<NftRule> there = view.GetRules(wanted.Table, wanted.Name);
        if (there.Count != wanted.Rules.Count)
        {
            return false;
        }

        for (int i = 0; i < there.Count; i++)
        {
            if (!NftRuleComparison.IsSame(view, wanted.Table, wanted.Rules[i], there[i]))
            {
                return false;
            }
        }

        return true;
    }
}
