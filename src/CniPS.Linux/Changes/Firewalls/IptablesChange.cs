using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Changes;

/// <summary>
/// A change to iptables. Those that are made together go to one run of iptables-restore for each IP version, and there each table changes at
/// once or not at all. Adding what is there, and deleting what is gone, counts as done and has no undo.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
public abstract record IptablesChange(NetworkNamespace Namespace, IptablesTable Table, string Chain) : NamespaceChange(Namespace)
{
    /// <summary>Makes the change in a picture of the table, and writes what iptables-restore must read for it.</summary>
    /// <returns>False: there is nothing to do.</returns>
    internal abstract bool Make(IptablesContent content, StringBuilder lines);

    /// <summary>What takes it back, if anything was done; null where nothing does.</summary>
    internal virtual Change? Undo => null;

    internal sealed override bool? IsSo(PlannedWorld world) => !Make(world.Iptables(Namespace).Read(Table), new StringBuilder());

    internal sealed override Applied Plan(PlannedWorld world) =>
        new(this, Make(world.Iptables(Namespace).Change(Table), new StringBuilder()) ? Undo : null);

    // --wait: another iptables may be at work.
    private protected string Command(string words) => ShellText.Inside(Namespace, $"{Table.Program} -w -t {Table.Name} {words}");

    private protected string Name => $"{Table} {Chain}";
}
