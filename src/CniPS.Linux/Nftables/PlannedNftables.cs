using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>
/// One namespace's nf_tables as they would be after the changes planned so far: what really is, read at the first touch of each part, with the
/// changes made in it. A chain that something goes to is deleted all the same, where the kernel would say EBUSY.
/// </summary>
internal sealed class PlannedNftables(INftablesView real) : INftablesView
{
    private readonly Dictionary<NftTable, PlannedTable?> _tables = [];

    // The kernel chooses handles; these can't be any of its.
    private ulong _handle = ulong.MaxValue;

    /// <inheritdoc/>
    public bool HasTable(NftTable table) => Table(table) is not null;

    /// <inheritdoc/>
    public bool HasChain(NftTable table, string chain) => Table(table)?.Chains.ContainsKey(chain) == true;

    /// <inheritdoc/>
    public NftChain? FindChain(NftTable table, string chain) =>
        Table(table) is not { } t || !t.Chains.ContainsKey(chain) ? null
        : t.Hooks.TryGetValue(chain, out NftHook? hook) ? new NftChain(chain, hook) : real.FindChain(table, chain);

    /// <inheritdoc/>
    public bool IsDormant(NftTable table) => Table(table) is { IsAwake: false } && real.IsDormant(table);

    /// <inheritdoc/>
    public bool IsRight(string key, Func<bool> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        return look();
    }

    /// <inheritdoc/>
    public NftElement? FindElement(NftSet set, NftValue key) => Set(set)?.Find(key);

    /// <inheritdoc/>
    public IReadOnlyList<NftElement> GetElements(NftSet set) =>
        Set(set)?.All() ?? (NftOwnSetMatch.IsOwn(set.Name) ? real.GetElements(set) : []); // which is in no list of sets

    /// <inheritdoc/>
    public IReadOnlyList<NftRule> GetRules(NftTable table, string chain) => Rules(table, chain) is { } rules ? [.. rules] : [];

    /// <inheritdoc/>
    public IReadOnlyList<string> GetChains(NftTable table) => Table(table) is { } t ? [.. t.Chains.Keys] : [];

    /// <inheritdoc/>
    public IReadOnlyList<string> GetSets(NftTable table) => Table(table) is { } t ? [.. t.Sets.Keys] : [];

    /// <inheritdoc/>
    public void RequireReadable(NftTable table, NftRuleBody rule) => real.RequireReadable(table, rule);

    internal bool HasSet(NftSet set) => Table(set.Table)?.Sets.ContainsKey(set.Name) == true;

    /// <summary>Whether a rule is in a chain: by its comment where it has one, since the kernel lists expressions in its own way.</summary>
    /// <returns>Null where it can't be told.</returns>
    internal bool? HasRule(NftTable table, string chain, NftRuleBody body)
    {
        NftRule wanted = body.AsPlanned(0, table.Family);
        IReadOnlyList<NftRule> rules = GetRules(table, chain);
        foreach (NftRule rule in rules)
        {
            if (rule.Comment == wanted.Comment && (wanted.Comment is not null || rule.Expressions.Span.SequenceEqual(wanted.Expressions.Span)))
            {
                return true;
            }
        }

        return wanted.Comment is not null || rules.Count == 0 ? false : null;
    }

    /// <summary>Adds a table.</summary>
    /// <returns>False: it is there.</returns>
    internal bool AddTable(NftTable table)
    {
        bool isNew = !HasTable(table);
        if (isNew)
        {
            _tables[table] = new PlannedTable { IsAwake = true };
        }

        return isNew;
    }

    internal void Wake(NftTable table)
    {
        if (Table(table) is { } t)
        {
            t.IsAwake = true;
        }
    }

    internal void DeleteTable(string operation, NftTable table, bool onlyEmpty)
    {
        if (onlyEmpty && Table(table) is { } t && t.Chains.Count + t.Sets.Count > 0)
        {
            throw new LinuxException(operation, Errno.EBUSY);
        }

        _tables[table] = null;
    }

    /// <summary>Adds a chain with its rules.</summary>
    /// <returns>False: it is there.</returns>
    internal bool AddChain(string operation, NftTable table, string name, NftHook? hook, IReadOnlyList<NftRuleBody> rules)
    {
        PlannedTable t = Table(table) ?? throw Missing(operation);
        if (!t.Chains.TryAdd(name, []))
        {
            return false;
        }

        t.Hooks[name] = hook;
        foreach (NftRuleBody rule in rules)
        {
            AddRule(operation, table, name, rule);
        }

        return true;
    }

    internal void DeleteChain(NftTable table, string name) => Table(table)?.Chains.Remove(name);

    internal void FlushChain(NftTable table, string name) => Rules(table, name)?.Clear();

    /// <summary>Adds a rule.</summary>
    /// <returns>A handle that serves in this plan.</returns>
    internal ulong AddRule(string operation, NftTable table, string chain, NftRuleBody rule)
    {
        List<NftRule> rules = Rules(table, chain) ?? throw Missing(operation);
        foreach (NftStatement statement in rule.Statements)
        {
            RequireTarget(operation, table, (statement as NftDecide)?.Verdict);
        }

        rules.Add(rule.AsPlanned(_handle, table.Family));
        return _handle--;
    }

    internal void DeleteRule(NftTable table, string chain, ulong handle) => Rules(table, chain)?.RemoveAll(rule => rule.Handle == handle);

    /// <summary>Adds a set.</summary>
    /// <returns>False: it is there.</returns>
    internal bool AddSet(string operation, NftSet set)
    {
        PlannedTable t = Table(set.Table) ?? throw Missing(operation);
        return t.Sets.TryAdd(set.Name, new PlannedSet(null, set));
    }

    internal void DeleteSet(string operation, NftSet set, bool onlyEmpty)
    {
        if (onlyEmpty && GetElements(set).Count > 0)
        {
            throw new LinuxException(operation, Errno.EBUSY);
        }

        Table(set.Table)?.Sets.Remove(set.Name);
    }

    internal void AddElement(string operation, NftSet set, NftElement element)
    {
        PlannedSet s = Set(set) ?? throw Missing(operation);
        RequireTarget(operation, set.Table, element.Data as NftVerdict);
        if (s.Find(element.Key) is not null)
        {
            throw new LinuxException(operation, Errno.EEXIST);
        }

        s.Put(element.Key, element);
    }

    /// <summary>Deletes an element.</summary>
    /// <returns>What it was, or null if it is gone already.</returns>
    internal NftElement? DeleteElement(NftSet set, NftValue key)
    {
        NftElement? old = Set(set)?.Find(key);
        if (old is not null)
        {
            Set(set)!.Put(key, null);
        }

        return old;
    }

    private PlannedTable? Table(NftTable table)
    {
        if (!_tables.TryGetValue(table, out PlannedTable? planned))
        {
            _tables[table] = planned = real.HasTable(table) ? new PlannedTable(real, table) : null;
        }

        return planned;
    }

    private List<NftRule>? Rules(NftTable table, string chain)
    {
        if (Table(table) is not { } t || !t.Chains.TryGetValue(chain, out List<NftRule>? rules))
        {
            return null;
        }

        return rules ?? (t.Chains[chain] = [.. real.GetRules(table, chain)]);
    }

    private PlannedSet? Set(NftSet set)
    {
        if (Table(set.Table) is not { } t || !t.Sets.TryGetValue(set.Name, out PlannedSet? planned))
        {
            return null;
        }

        return planned ?? (t.Sets[set.Name] = new PlannedSet(real, set));
    }

    private void RequireTarget(string operation, NftTable table, NftVerdict? verdict)
    {
        if (verdict?.Chain is { } chain && !HasChain(table, chain))
        {
            throw Missing(operation);
        }
    }

    private static LinuxException Missing(string operation) => new(operation, Errno.ENOENT);

    /// <summary>A table's parts by name; null for one that is really there and hasn't been looked at.</summary>
    private sealed class PlannedTable
    {
        internal PlannedTable()
        {
        }

        internal PlannedTable(INftablesView real, NftTable table)
        {
            foreach (string chain in real.GetChains(table))
            {
                Chains[chain] = null;
            }

            foreach (string set in real.GetSets(table))
            {
                Sets[set] = null;
            }
        }

        internal Dictionary<string, List<NftRule>?> Chains { get; } = [];

        internal Dictionary<string, PlannedSet?> Sets { get; } = [];

        /// <summary>Where chains that were planned stand; those that are really there are not in it.</summary>
        internal Dictionary<string, NftHook?> Hooks { get; } = [];

        /// <summary>Whether it is certainly awake.</summary>
        internal bool IsAwake { get; set; }
    }

    /// <summary>A set: what really is, if it is really there, under what was changed. A null element is one that was deleted.</summary>
    private sealed class PlannedSet(INftablesView? real, NftSet set)
    {
        private readonly Dictionary<NftValue, NftElement?> _changed = [];

        internal NftElement? Find(NftValue key) =>
            _changed.TryGetValue(key, out NftElement? element) ? element : real?.FindElement(set, key);

        internal void Put(NftValue key, NftElement? element) => _changed[key] = element;

        internal List<NftElement> All()
        {
            List<NftElement> all = [];
            foreach (NftElement element in real?.GetElements(set) ?? [])
            {
                if (!_changed.ContainsKey(element.Key))
                {
                    all.Add(element);
                }
            }

            foreach (NftElement? element in _changed.Values)
            {
                if (element is not null)
                {
                    all.Add(element);
                }
            }

            return all;
        }
    }
}
