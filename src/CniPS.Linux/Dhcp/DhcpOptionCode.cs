namespace CniPS.Linux.Dhcp;

/// <summary>The options that are read or written here, under the numbers of RFC 2132 and RFC 3442.</summary>
public static class DhcpOptionCode
{
    /// <summary>A filler without a length.</summary>
    public const byte Pad = 0;

    /// <summary>The subnet's mask.</summary>
    public const byte SubnetMask = 1;

    /// <summary>Routers, the first to be preferred.</summary>
    public const byte Router = 3;

    /// <summary>The client's name.</summary>
    public const byte HostName = 12;

    /// <summary>Routes to classful networks: pairs of destination and router.</summary>
    public const byte StaticRoutes = 33;

    /// <summary>The address that the client would like.</summary>
    public const byte RequestedAddress = 50;

    /// <summary>How long the lease lasts, in seconds.</summary>
    public const byte LeaseTime = 51;

    /// <summary>That the fields for names hold options (1 file, 2 sname, 3 both).</summary>
    public const byte Overload = 52;

    /// <summary>The message's type.</summary>
    public const byte MessageType = 53;

    /// <summary>The server that gives the lease.</summary>
    public const byte ServerIdentifier = 54;

    /// <summary>The options that the client would like.</summary>
    public const byte ParameterRequestList = 55;

    /// <summary>Why a server refused.</summary>
    public const byte Message = 56;

    /// <summary>The longest message that the client takes.</summary>
    public const byte MaximumMessageSize = 57;

    /// <summary>When the client renews, in seconds (T1).</summary>
    public const byte RenewalTime = 58;

    /// <summary>When the client asks any server, in seconds (T2).</summary>
    public const byte RebindingTime = 59;

    /// <summary>The client's kind.</summary>
    public const byte VendorClassIdentifier = 60;

    /// <summary>What tells the client from others.</summary>
    public const byte ClientIdentifier = 61;

    /// <summary>The user's kind (RFC 3004).</summary>
    public const byte UserClass = 77;

    /// <summary>Routes with prefix lengths (RFC 3442).</summary>
    public const byte ClasslessRoutes = 121;

    /// <summary>The end of the options.</summary>
    public const byte End = 255;
}
