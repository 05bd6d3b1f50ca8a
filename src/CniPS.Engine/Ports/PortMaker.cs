namespace CniPS.Ports;

/// <summary>Whose rules lead from a port of the host to a container.</summary>
public enum PortMaker
{
    /// <summary>CniPS', in its own table of nf_tables.</summary>
    CniPS,

    /// <summary>The plugin portmap's, as the Go program makes them; CniPS makes the same with iptables.</summary>
    Portmap,

    /// <summary>netavark's, podman's own.</summary>
    Netavark,

    /// <summary>Somebody else's, such as docker's.</summary>
    Other,
}
