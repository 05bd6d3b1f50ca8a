namespace CniPS;

/// <summary>What became of an address that was given out.</summary>
public enum CniLeaseState
{
    /// <summary>It can't be told whether anybody uses it; or it was given out just now, and who got it is in no cache yet.</summary>
    Unknown,

    /// <summary>Whoever holds it is alive.</summary>
    InUse,

    /// <summary>It is proven that nobody uses it any more.</summary>
    Stale,
}
