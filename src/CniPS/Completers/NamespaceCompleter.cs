using CniPS.Linux.Namespaces;

namespace CniPS.Completers;

/// <summary>Completes network namespaces that have names.</summary>
public sealed class NamespaceCompleter : Completion
{
    /// <inheritdoc/>
    private protected override bool AcceptsPaths => true;

    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (string name in NamedNamespaces.List())
        {
            candidates.Add(name, NamedNamespaces.PathOf(name));
        }
    }
}
