using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Linux.Iptables;

/// <summary>What is in a table: chains, each with its rules. A picture of a moment; the kernel goes on without it.</summary>
public sealed class IptablesContent
{
    private readonly Dictionary<string, List<IptablesRule>> _chains = [];
    private readonly Dictionary<string, string> _policies = [];

    /// <summary>Reads what iptables-save has printed.</summary>
    /// <exception cref="IptablesException">It was cut off, or is something else.</exception>
    internal IptablesContent(string saved)
    {
        foreach (string line in saved.Split('\n'))
        {
            if (line.StartsWith(':'))
            {
                string[] words = line.Split(' ');
                Require(words.Length >= 2, line);
                _chains.TryAdd(words[0][1..], []);
                _policies[words[0][1..]] = words[1];
            }
            else if (line.StartsWith("-A ", StringComparison.Ordinal))
            {
                List<string> rule = IptablesRule.Split(line);
                Require(rule.Count >= 2 && !line.AsSpan().ContainsAny('\r', '\0'), line);
                RulesOrNew(rule[1]).Add(new IptablesRule([.. rule[2..]]));
            }
        }
    }

    private static void Require(bool isRight, string line)
    {
        if (!isRight)
        {
            throw IptablesException.Unreadable(line);
        }
    }

    private IptablesContent(IptablesContent other)
    {
        foreach ((string chain, List<IptablesRule> rules) in other._chains)
        {
            _chains[chain] = [.. rules];
        }

        _policies = new(other._policies);
    }

    /// <summary>The chains' names.</summary>
    public IReadOnlyCollection<string> Chains => _chains.Keys;

    /// <summary>What becomes of a packet at the end of a chain that the kernel made: <c>ACCEPT</c>, <c>DROP</c>; null, or <c>-</c>, for another chain.</summary>
    public string? PolicyOf(string chain) => _policies.GetValueOrDefault(chain);

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
