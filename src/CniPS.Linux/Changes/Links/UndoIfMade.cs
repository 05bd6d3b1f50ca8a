using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Changes;

/// <summary>
/// Takes back a change of which the kernel's answer was lost: if it finds it made. Where that can't be told nothing is done, and that is an
/// error, so that whoever keeps a journal keeps it.
/// </summary>
/// <param name="Doubtful">The change that may have been made.</param>
/// <param name="Undo">What takes it back.</param>
public sealed record UndoIfMade(Change Doubtful, Change Undo) : Change
{
    /// <inheritdoc/>
    public override string Text => Undo.Text;

    /// <inheritdoc/>
    public override string Operation => $"undo, if it was done: {Doubtful.Operation}";

    /// <summary>For a change whose answer was lost: as if it was made, with this for its undo; nothing where there is nothing to take back.</summary>
    internal static IEnumerable<Applied> Of(Change doubtful, Applied ifMade) =>
        ifMade.Undo is { } undo ? [ifMade with { Undo = new UndoIfMade(doubtful, undo) }] : [];

    /// <summary>What is to be done.</summary>
    /// <param name="world">What there is.</param>
    /// <returns>Null where it was not made.</returns>
    /// <exception cref="LinuxException">It can't be told.</exception>
    internal Change? Find(PlannedWorld world) => Doubtful.WasMade(world) switch
    {
        true => Undo,
        false => null,
        null => throw new LinuxException(Operation, Errno.ENODATA, "it can't be told whether it was done"),
    };

    internal override Applied Plan(PlannedWorld world) => Find(world) is { } undo ? undo.Plan(world) : new Applied(this);
}
