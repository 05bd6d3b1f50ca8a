using System;
using System.Collections.Generic;
using CniPS.Linux.Iptables;

namespace CniPS.Linux.Changes;

/// <summary>
/// What brings back what deletions in iptables take away, which have no undo of their own: where a chain had a rule among others, it comes
/// behind them.
/// </summary>
public static class IptablesUndo
{
    /// <summary>The changes that would bring back what deletions are about to take away: chains with their rules first, then the rules elsewhere.</summary>
    /// <param name="view">What is there now.</param>
    /// <param name="deletions">The deletions; other changes are passed over.</param>
    public static IReadOnlyList<IptablesChange> Of(IIptablesView view, IEnumerable<object> deletions)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(deletions);
        Dictionary<IptablesTable, IptablesContent> contents = [];
        List<IptablesChange> chains = [], rules = [];
        foreach (object deletion in deletions)
        {
            switch (deletion)
            {
                case IptablesChainDelete delete when Read(delete.Table).HasChain(delete.Chain):
                    chains.Add(new IptablesChainAdd(delete.Namespace, delete.Table, delete.Chain));
                    foreach (IptablesRule rule in Read(delete.Table).RulesOf(delete.Chain))
                    {
                        chains.Add(new IptablesRuleAdd(delete.Namespace, delete.Table, delete.Chain, rule));
                    }

                    break;
                case IptablesRuleDelete delete when Read(delete.Table).HasRule(delete.Chain, delete.Rule):
                    rules.Add(new IptablesRuleAdd(delete.Namespace, delete.Table, delete.Chain, delete.Rule));
                    break;
            }
        }

        return [.. chains, .. rules];

        IptablesContent Read(IptablesTable table)
        {
            if (!contents.TryGetValue(table, out IptablesContent? content))
            {
                contents[table] = content = view.Read(table);
            }

            return content;
        }
    }
}
