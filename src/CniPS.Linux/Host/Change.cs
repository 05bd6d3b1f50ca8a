using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Host;

/// <summary>
/// Something that is to be changed, as a value: it can be shown (<see cref="Text"/>), made (<see cref="IHost.Apply"/> on a
/// <see cref="Machine.LinuxHost"/>), or only planned (on a <see cref="Machine.PlannedHost"/>). Making it returns its undo.
/// </summary>
public abstract record Change
{
    /// <summary>The command a person would type to the same effect.</summary>
    public abstract string Text { get; }

    /// <summary>The same for whoever only reads it: the content of a long file, such as a cached result in Base64, is cut off.</summary>
    public virtual string Brief => Text;

    /// <summary>What it is, in the words of an error: <c>add address 10.15.20.2/24 to eth12</c>.</summary>
    public abstract string Operation { get; }

    /// <summary>Makes the change in a plan's picture of the world.</summary>
    /// <returns>What an application would return.</returns>
    /// <exception cref="LinuxException">The kernel would refuse it.</exception>
    internal abstract Applied Plan(PlannedWorld world);

    /// <summary>Whether what it would make is so already; null where that can't be told.</summary>
    internal virtual bool? IsSo(PlannedWorld world) => null;

    /// <summary>
    /// Whether this very change was made, as far as what there is can tell: for one whose answer was lost, to be taken back. Null where it can't be
    /// told from one that was made before.
    /// </summary>
    internal virtual bool? WasMade(PlannedWorld world) => IsSo(world);

    /// <summary>The command.</summary>
    public sealed override string ToString() => Text;
}

/// <summary>A change to one network namespace.</summary>
/// <param name="Namespace">Where.</param>
public abstract record NamespaceChange(NetworkNamespace Namespace) : Change;
