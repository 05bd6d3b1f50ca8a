using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Machine;

/// <summary>
/// Changes made by one run of the program nft, which is one transaction: for those with words that only nft can put into messages
/// (<see cref="NftWords"/>). What is there is looked at first, so that the outcome tells who made what, as with messages of our own.
/// </summary>
internal sealed class NftProgram
{
    // Another program may change the tables between looking and running.
    private const int Attempts = 3;

    private readonly NetworkNamespace _namespace;
    private readonly IReadOnlyList<NftChange> _changes;

    // What nft reads, and the change that each of its lines is for.
    private readonly StringBuilder _script = new();
    private readonly List<NftChange> _lines = [];
    private readonly List<Applied> _made = [];

    private NftProgram(NetworkNamespace ns, IReadOnlyList<NftChange> changes)
    {
        _namespace = ns;
        _changes = changes;
    }

    /// <summary>Makes changes of one namespace: all of them, or none.</summary>
    /// <param name="host">What is there.</param>
    /// <param name="ns">The namespace.</param>
    /// <param name="changes">The changes.</param>
    /// <returns>One entry a change.</returns>
    /// <exception cref="ChangeException">nft is missing, or refused.</exception>
    internal static IReadOnlyList<Applied> Apply(IHost host, NetworkNamespace ns, IReadOnlyList<NftChange> changes) =>
        new NftProgram(ns, changes).Apply(host);

    private IReadOnlyList<Applied> Apply(IHost host)
    {
        string? refused = null;
        for (int attempt = 1; ; attempt++)
        {
            Write(new PlannedWorld(host));
            string script = _script.ToString();
            if (script.Length == 0)
            {
                return _made;
            }

            NftChange first = _lines.Find(change => change.NeedsProgram) ?? _lines[0];
            ProgramOutcome outcome;
            try
            {
                outcome = NftRun.Run(first.Operation, first.Command.ToString(), _namespace, script);
            }
            catch (NftProgramException e)
            {
                throw new ChangeException(first, [], e);
            }

            if (outcome.Succeeded)
            {
                return _made;
            }

            if (script == refused || attempt == Attempts)
            {
                NftChange failed = NftProgramException.FailedLine(outcome) is { } line && line <= _lines.Count ? _lines[line - 1] : first;
                throw new ChangeException(failed, [], NftProgramException.Failed(failed.Operation, outcome));
            }

            refused = script;
        }
    }

    // A change a line. The picture of what would be after each says what is left to do for the next, and what takes it back.
    private void Write(PlannedWorld world)
    {
        _script.Clear();
        _lines.Clear();
        _made.Clear();
        foreach (NftChange change in _changes)
        {
            if (IsSettled(change, world))
            {
                _made.Add(new Applied(change));
                continue;
            }

            try
            {
                _made.Add(change.Plan(world));
            }
            catch (LinuxException e)
            {
                throw new ChangeException(change, [], e);
            }

            _lines.Add(change);
            _script.Append(Exclusively(change)).Append('\n');
        }
    }

    private static bool IsSettled(NftChange change, PlannedWorld world) =>
        (change.Tolerates(Errno.EEXIST) || change.Tolerates(Errno.ENOENT)) && change.IsSo(world) == true;

    // What another one makes meanwhile is not ours: then nft must fail, and look again. A rule can't be there already.
    private static string Exclusively(NftChange change)
    {
        const string Add = "add ";
        return change switch
        {
            NftRuleAdd => throw new NotSupportedException("A rule's handle is not known where nft adds it: it must come with its chain."),
            NftTableDelete { OnlyEmpty: true } or NftSetDelete { OnlyEmpty: true } => throw new NotSupportedException($"nft has no word for \"{change}\" if it is empty."),
            _ when change.Tolerates(Errno.EEXIST) && change.Command.Words.StartsWith(Add, StringComparison.Ordinal) => $"create {change.Command.ToString()[Add.Length..]}",
            _ => change.Command.ToString(),
        };
    }
}
