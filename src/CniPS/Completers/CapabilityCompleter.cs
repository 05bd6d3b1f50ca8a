namespace CniPS.Completers;

/// <summary>Completes the capabilities that a bridge and its host-local make use of.</summary>
public sealed class CapabilityCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        candidates.Add("ipRanges", "range sets can be given at ADD, before the network's own: an address of each");
        candidates.Add("ips", "the addresses that the container gets can be asked for at ADD");
        candidates.Add("mac", "the MAC address of the container's interface can be given at ADD");
    }
}
