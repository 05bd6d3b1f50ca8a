namespace CniPS;

/// <summary>What a connection is tried with.</summary>
public enum ConnectionProtocol
{
    /// <summary>An echo request.</summary>
    Icmp,

    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}
