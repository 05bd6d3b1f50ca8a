using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>Adds a rule to a chain that hasn't got it.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule.</param>
public sealed record IptablesRuleAdd(NetworkNamespace Namespace, IptablesTable Table, string Chain, IptablesRule Rule)
    : IptablesChange(Namespace, Table, Chain)
{
    /// <summary>Whether it comes before all others; else behind them.</summary>
    public bool First { get; init; }

    /// <inheritdoc/>
    public override string Text => Command($"{Verb} {ShellText.Quote(Chain)} {Rule}");

    /// <inheritdoc/>
    public override string Operation => $"add a rule to chain {Name}";

    internal override Change? Undo => new IptablesRuleDelete(Namespace, Table, Chain, Rule);

    private string Verb => First ? "-I" : "-A";

    internal override bool Make(IptablesContent content, StringBuilder lines)
    {
        List<IptablesRule> rules = content.RulesOrNew(Chain);
        if (rules.Contains(Rule))
        {
            return false;
        }

        rules.Insert(First ? 0 : rules.Count, Rule);
        Rule.Write(lines.Append($"{Verb} {Chain}"));
        lines.Append('\n');
        return true;
    }
}

/// <summary>Deletes a rule from a chain, as often as it is there. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule.</param>
public sealed record IptablesRuleDelete(NetworkNamespace Namespace, IptablesTable Table, string Chain, IptablesRule Rule)
    : IptablesChange(Namespace, Table, Chain)
{
    /// <inheritdoc/>
    public override string Text => Command($"-D {ShellText.Quote(Chain)} {Rule}");

    /// <inheritdoc/>
    public override string Operation => $"delete a rule from chain {Name}";

    internal override bool Make(IptablesContent content, StringBuilder lines)
    {
        if (!content.HasRule(Chain, Rule))
        {
            return false;
        }

        // In the words it is printed with, and not by its number, which another program may have changed since.
        List<IptablesRule> rules = content.RulesOrNew(Chain);
        foreach (IptablesRule rule in rules.FindAll(Rule.Equals))
        {
            rule.Write(lines.Append($"-D {Chain}"));
            lines.Append('\n');
        }

        rules.RemoveAll(Rule.Equals);
        return true;
    }
}
