namespace CniPS.Linux.Dhcp;

/// <summary>What a client is at (RFC 2131, 4.4, figure 5).</summary>
public enum DhcpState
{
    /// <summary>It is about to look for servers.</summary>
    Init,

    /// <summary>It waits for offers.</summary>
    Selecting,

    /// <summary>It has taken an offer, and waits for the server's word.</summary>
    Requesting,

    /// <summary>It has a lease.</summary>
    Bound,

    /// <summary>It asks its server to prolong the lease (after T1).</summary>
    Renewing,

    /// <summary>It asks any server to prolong the lease (after T2).</summary>
    Rebinding,

    /// <summary>It got no lease, or has one no more; it does nothing from here on.</summary>
    Ended,
}
