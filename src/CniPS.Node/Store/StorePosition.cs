namespace CniPS.Node.Store;

/// <summary>How far the store had come when it last answered: going back means that it was restored from an older state.</summary>
/// <param name="Cluster">The store's id of itself.</param>
/// <param name="Term">Grows with each leader.</param>
/// <param name="Revision">Grows with each change.</param>
internal readonly record struct StorePosition(ulong Cluster, ulong Term, long Revision)
{
    /// <summary>Whether a later answer can't be of the store that this one is of.</summary>
    internal bool IsAheadOf(StorePosition later) =>
        Revision > 0 && (Cluster != later.Cluster || Term > later.Term || Revision > later.Revision);

    /// <summary>The later of two.</summary>
    internal StorePosition Or(StorePosition other) => other.Revision > Revision || other.Cluster != Cluster || other.Term > Term ? other : this;
}
