using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Linux.Iptables;

/// <summary>What is in a table: chains, each with its rules. A picture of a moment; the kernel goes on without it.</summary>
public sealed class IptablesContent
{
    private readonly Dictionary<string, List<IptablesRule>> _chains = [];

    internal IptablesContent(string saved)
    {
        foreach (string line in saved.Split('\n'))
        {
            if (line.StartsWith(':'))
            {
                _chains.TryAdd(line[1..line.IndexOf(' ', StringComparison.Ordinal)], []);
            }
            else if (line.StartsWith("-A ", StringComparison.Ordinal))
            {
                List<string> words = IptablesRule.Split(line);
                RulesOrNew(words[1]).Add(new IptablesRule([.. words[2..]]));
            }
        }
    }

    private IptablesContent(IptablesContent other)
    {
        foreach ((string chain, List<IptablesRule> rules) in other._chains)
        {
            _chains[chain] = [.. rules];
        }
    }

    /// <summary>The chains' names.</summary>
    public IReadOnlyCollection<string> Chains => _chains.Keys;

    /// <summary>Whether there is a chain.</summary>
    public bool HasChain(string chain) => _chains.ContainsKey(chain);

    /// <summary>A chain's rules, in order; none where there is no such chain.</summary>
    public IReadOnlyList<IptablesRule> RulesOf(string chain) => _chains.TryGetValue(chain, out List<IptablesRule>? rules) ? rules : [];

    /// <summary>Whether a chain has a rule.</summary>
    public bool HasRule(string chain, IptablesRule rule) => _chains.TryGetValue(chain, out List<IptablesRule>? rules) && rules.Contains(rule);

    /// <summary>Whether a chain has a rule that asks and does the same, whatever the comments say: they changed with the versions of the Go plugins.</summary>
    public bool HasRuleLike(string chain, IptablesRule rule) => HasRule(chain, rule) || (_chains.TryGetValue(chain, out List<IptablesRule>? rules) && rules.Exists(rule.IsLike));

    /// <summary>Whether any rule goes to a chain.</summary>
    public bool IsUsed(string chain)
    {
        foreach (List<IptablesRule> rules in _chains.Values)
        {
            if (rules.Exists(rule => rule.Target == chain))
            {
                return true;
            }
        }

        return false;
    }

    internal IptablesContent Copy() => new(this);

    /// <summary>Adds a chain.</summary>
    /// <returns>False: it is there.</returns>
    internal bool AddChain(string chain) => _chains.TryAdd(chain, []);

    internal void RemoveChain(string chain) => _chains.Remove(chain);

    /// <summary>A chain's rules, to be changed. Those that the kernel made itself are not listed before somebody used them.</summary>
    internal List<IptablesRule> RulesOrNew(string chain)
    {
        if (!_chains.TryGetValue(chain, out List<IptablesRule>? rules))
        {
            _chains[chain] = rules = [];
        }

        return rules;
    }
}
