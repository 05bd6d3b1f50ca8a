using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Machine;

/// <summary>
/// Changes to one IP version's tables of one namespace, made by one run of iptables-restore. What is there is read first: iptables fails where
/// a chain to be added is there already, and adds a rule a second time without a word.
/// </summary>
internal sealed class IptablesBatch
{
    // Another program may change the tables between reading and restoring.
    private const int Attempts = 3;

    private readonly NetworkNamespace _namespace;
    private readonly bool _v6;
    private readonly List<IptablesChange> _changes;
    private readonly List<IptablesTable> _tables = [];

    // What iptables-restore reads, and for each of its lines the change it is for; null for a line around them.
    private readonly StringBuilder _input = new();
    private readonly List<IptablesChange?> _lines = [];
    private readonly HashSet<IptablesChange> _effective = new(ReferenceEqualityComparer.Instance);

    private IptablesBatch(List<IptablesChange> changes)
    {
        _namespace = changes[0].Namespace;
        _v6 = changes[0].Table.IsV6;
        _changes = changes;
        foreach (IptablesChange change in changes)
        {
            if (!_tables.Contains(change.Table))
            {
                _tables.Add(change.Table);
            }
        }
    }

    /// <summary>Makes changes of one namespace.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="made">Takes one entry a change that was made.</param>
    /// <exception cref="ChangeException">iptables is missing, or refused.</exception>
    internal static void Apply(IReadOnlyList<IptablesChange> changes, List<Applied> made)
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            List<IptablesChange> family = [];
            foreach (IptablesChange change in changes)
            {
                if (change.Table.IsV6 == v6)
                {
                    family.Add(change);
                }
            }

            if (family.Count > 0)
            {
                new IptablesBatch(family).Apply(made);
            }
        }
    }

    private void Apply(List<Applied> made)
    {
        string? refused = null;
        for (int attempt = 1; ; attempt++)
        {
            Write(made);
            string input = _input.ToString();
            if (input.Length == 0)
            {
                Report(made, _ => true);
                return;
            }

            ProgramOutcome outcome = Restore(input, made);
            if (outcome.Succeeded)
            {
                Report(made, _ => true);
                return;
            }

            if (input == refused || attempt == Attempts)
            {
                Fail(outcome, made);
            }

            refused = input;
        }
    }

    private void Write(List<Applied> made)
    {
        _input.Clear();
        _lines.Clear();
        _effective.Clear();
        StringBuilder lines = new();
        foreach (IptablesTable table in _tables)
        {
            IptablesContent content = Read(table, made);
            bool begun = false;
            foreach (IptablesChange change in _changes)
            {
                lines.Clear();
                if (change.Table != table || !change.Make(content, lines))
                {
                    continue;
                }

                if (!begun)
                {
                    begun = true;
                    AddLines($"*{table.Name}\n", null);
                }

                _effective.Add(change);
                AddLines(lines.ToString(), change);
            }

            if (begun)
            {
                AddLines("COMMIT\n", null);
            }
        }
    }

    private void AddLines(string lines, IptablesChange? change)
    {
        _input.Append(lines);
        foreach (char c in lines)
        {
            if (c == '\n')
            {
                _lines.Add(change);
            }
        }
    }

    private IptablesContent Read(IptablesTable table, List<Applied> made)
    {
        try
        {
            return new IptablesContent(Encoding.UTF8.GetString(IptablesProgram.Save(_namespace, table).Span));
        }
        catch (IptablesException e)
        {
            throw new ChangeException(_changes[0], made, e);
        }
    }

    private ProgramOutcome Restore(string input, List<Applied> made)
    {
        try
        {
            return IptablesProgram.Restore(_changes[0].Operation, _namespace, _v6, Encoding.UTF8.GetBytes(input));
        }
        catch (IptablesException e)
        {
            throw new ChangeException(_changes[0], made, e);
        }
    }

    private void Report(List<Applied> made, Predicate<IptablesChange> isMade)
    {
        foreach (IptablesChange change in _changes)
        {
            if (isMade(change))
            {
                made.Add(new Applied(change, _effective.Contains(change) ? change.Undo : null));
            }
        }
    }

    // The tables before the one that failed have changed; it and those behind it have not.
    private void Fail(ProgramOutcome outcome, List<Applied> made)
    {
        int line = FailedLine(Encoding.UTF8.GetString(outcome.Error.Span));
        int at = Math.Clamp(line - 1, 0, _lines.Count - 1);
        IptablesChange failed = _lines.GetRange(0, at + 1).FindLast(change => change is not null) ?? _changes[0];
        int failedTable = _tables.IndexOf(failed.Table);
        Report(made, change => _tables.IndexOf(change.Table) < failedTable);
        throw new ChangeException(failed, made, IptablesException.Failed(failed.Operation, outcome));
    }

    // "line 3 failed", "Error occurred at line: 3", "line 3: CHAIN_DEL failed"
    private static int FailedLine(string words)
    {
        int at = words.IndexOf("line", StringComparison.Ordinal);
        while (at >= 0)
        {
            ReadOnlySpan<char> rest = words.AsSpan(at + 4).TrimStart(": ");
            int digits = 0;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                digits++;
            }

            if (digits > 0)
            {
                return int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            }

            at = words.IndexOf("line", at + 4, StringComparison.Ordinal);
        }

        return 1;
    }
}
