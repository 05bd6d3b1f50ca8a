using System.Collections.Generic;

namespace CniPS.Linux.Iptables;

/// <summary>One namespace's iptables as they would be after the changes planned so far: what really is, read at the first touch of each table.</summary>
internal sealed class PlannedIptables(IIptablesView real) : IIptablesView
{
    private readonly Dictionary<IptablesTable, IptablesContent> _tables = [];

    /// <inheritdoc/>
    public bool IsAvailable(bool v6) => real.IsAvailable(v6);

    /// <inheritdoc/>
    public bool MayHave(IptablesTable table, string? chain = null) =>
        _tables.TryGetValue(table, out IptablesContent? content)
            ? chain is null || content.HasChain(chain)
            : real.MayHave(table, chain);

    /// <inheritdoc/>
    public IptablesContent Read(IptablesTable table) => Change(table).Copy();

    /// <summary>The picture of a table, to be changed.</summary>
    internal IptablesContent Change(IptablesTable table)
    {
        if (!_tables.TryGetValue(table, out IptablesContent? content))
        {
            _tables[table] = content = real.Read(table);
        }

        return content;
    }
}
