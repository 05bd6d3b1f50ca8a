namespace CniPS.Linux.Dhcp;

/// <summary>What a DHCP message says (RFC 2132, 9.6).</summary>
public enum DhcpMessageType : byte
{
    /// <summary>None: BOOTP.</summary>
    None = 0,

    /// <summary>A client looks for servers.</summary>
    Discover = 1,

    /// <summary>A server offers an address.</summary>
    Offer = 2,

    /// <summary>A client takes an offer, or wants its lease prolonged.</summary>
    Request = 3,

    /// <summary>A client found that the address is in use.</summary>
    Decline = 4,

    /// <summary>A server gives the lease.</summary>
    Ack = 5,

    /// <summary>A server refuses the address.</summary>
    Nak = 6,

    /// <summary>A client gives its lease back.</summary>
    Release = 7,

    /// <summary>A client that has an address asks for settings.</summary>
    Inform = 8,
}
