using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>Adds a chain.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">Its name, 28 characters at most.</param>
public sealed record IptablesChainAdd(NetworkNamespace Namespace, IptablesTable Table, string Chain) : IptablesChange(Namespace, Table, Chain)
{
    /// <inheritdoc/>
    public override string Text => Command($"-N {ShellText.Quote(Chain)}");

    /// <inheritdoc/>
    public override string Operation => $"add chain {Name}";

    internal override Change? Undo => new IptablesChainDelete(Namespace, Table, Chain);

    internal override bool Make(IptablesContent content, StringBuilder lines)
    {
        lines.Append($"-N {Chain}\n");
        return content.AddChain(Chain);
    }
}

/// <summary>Removes all rules of a chain. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
public sealed record IptablesChainFlush(NetworkNamespace Namespace, IptablesTable Table, string Chain) : IptablesChange(Namespace, Table, Chain)
{
    /// <inheritdoc/>
    public override string Text => Command($"-F {ShellText.Quote(Chain)}");

    /// <inheritdoc/>
    public override string Operation => $"flush chain {Name}";

    internal override bool Make(IptablesContent content, StringBuilder lines)
    {
        if (content.RulesOf(Chain).Count == 0)
        {
            return false;
        }

        content.RulesOrNew(Chain).Clear();
        lines.Append($"-F {Chain}\n");
        return true;
    }
}

/// <summary>Deletes a chain with its rules; it fails while a rule elsewhere goes to it. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
public sealed record IptablesChainDelete(NetworkNamespace Namespace, IptablesTable Table, string Chain) : IptablesChange(Namespace, Table, Chain)
{
    /// <inheritdoc/>
    public override string Text => Command($"-F {ShellText.Quote(Chain)} && {Command($"-X {ShellText.Quote(Chain)}")}");

    /// <inheritdoc/>
    public override string Operation => $"delete chain {Name}";

    internal override bool Make(IptablesContent content, StringBuilder lines)
    {
        if (!content.HasChain(Chain))
        {
            return false;
        }

        content.RemoveChain(Chain);
        lines.Append($"-F {Chain}\n-X {Chain}\n");
        return true;
    }
}
