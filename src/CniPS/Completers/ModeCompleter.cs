namespace CniPS.Completers;

/// <summary>Completes the modes of macvlan and ipvlan.</summary>
public sealed class ModeCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        if (given.Allows("Type", "macvlan"))
        {
            candidates.Add("bridge", "macvlan: containers on the same master reach one another");
            candidates.Add("private", "macvlan: they don't");
            candidates.Add("vepa", "macvlan: they do by way of the switch behind the master");
            candidates.Add("passthru", "macvlan: one container has the master for itself");
        }

        if (given.Allows("Type", "ipvlan"))
        {
            candidates.Add("l2", "ipvlan: the links look at frames");
            candidates.Add("l3", "ipvlan: the links look at packets");
            candidates.Add("l3s", "ipvlan: packets, with the host's connection tracking");
        }
    }
}
