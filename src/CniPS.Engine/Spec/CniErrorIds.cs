namespace CniPS.Spec;

/// <summary>Every error id of the engine. An id is never reused for another meaning.</summary>
public static class CniErrorIds
{
    /// <summary>A text is not the JSON it should be.</summary>
    public const string InvalidJson = "CniInvalidJson";

    /// <summary>A network configuration is malformed: a key is missing, or has the wrong type or value.</summary>
    public const string InvalidNetworkConfig = "CniInvalidNetworkConfig";

    /// <summary>No network of that name, or no such file.</summary>
    public const string NetworkNotFound = "CniNetworkNotFound";

    /// <summary>The plugin does not speak the configuration's version.</summary>
    public const string IncompatibleVersion = "CniIncompatibleVersion";

    /// <summary>The specification's version of the configuration has no such verb.</summary>
    public const string VerbNotSupported = "CniVerbNotSupported";

    /// <summary>A result can't be read or can't be converted to the version asked for.</summary>
    public const string InvalidResult = "CniInvalidResult";

    /// <summary>A container id, network name or interface name is no valid name.</summary>
    public const string InvalidName = "CniInvalidName";

    /// <summary>CNI_ARGS is not a list of key=value pairs, or has a key or value that is not understood.</summary>
    public const string InvalidArgs = "CniInvalidArgs";

    /// <summary>A text is no version of the specification.</summary>
    public const string InvalidVersion = "CniInvalidVersion";

    /// <summary>A configuration folder is missing, or holds no network configuration.</summary>
    public const string NoNetworkConfigurations = "CniNoNetworkConfigurations";

    /// <summary>A configuration file or folder can't be read.</summary>
    public const string UnreadableFile = "CniUnreadableFile";

    /// <summary>No address is to be had: the ranges are full, or the one asked for is taken or outside.</summary>
    public const string AddressUnavailable = "CniAddressUnavailable";

    /// <summary>There is no network namespace at the path, or it is the host's own.</summary>
    public const string InvalidNamespace = "CniInvalidNamespace";

    /// <summary>The container has an interface of that name already.</summary>
    public const string InterfaceExists = "CniInterfaceExists";

    /// <summary>Another container has the port of the host.</summary>
    public const string PortTaken = "CniPortTaken";

    /// <summary>A link that the configuration builds on, or takes, is not there.</summary>
    public const string LinkNotFound = "CniLinkNotFound";

    /// <summary>A bridge of the host is not as the configuration needs it.</summary>
    public const string BridgeConflict = "CniBridgeConflict";

    /// <summary>The interface did not become usable in time.</summary>
    public const string LinkNotReady = "CniLinkNotReady";

    /// <summary>A key's value asks for something that the plugin can't do.</summary>
    public const string UnsupportedField = "CniUnsupportedField";

    /// <summary>iptables is missing, or refused a change, or a look.</summary>
    public const string IptablesFailed = "CniIptablesFailed";

    /// <summary>DEL (or GC) met several failures; everything else was removed.</summary>
    public const string DeleteIncomplete = "CniDeleteIncomplete";

    /// <summary>A configuration has a key that nobody reads.</summary>
    public const string UnknownKey = "CniUnknownKey";

    /// <summary>A configuration names no version of the specification.</summary>
    public const string VersionNotGiven = "CniVersionNotGiven";

    /// <summary>A plugin gets nothing of what is asked for, since its configuration does not declare the capability.</summary>
    public const string CapabilityNotDeclared = "CniCapabilityNotDeclared";

    /// <summary>A capability is declared that the plugin does not have.</summary>
    public const string UnknownCapability = "CniUnknownCapability";

    /// <summary>A gateway can't be reached from the subnet that it serves.</summary>
    public const string GatewayOutsideSubnet = "CniGatewayOutsideSubnet";

    /// <summary>A subnet is used elsewhere: by another network, or by a route of the host.</summary>
    public const string SubnetCollision = "CniSubnetCollision";

    /// <summary>Two files of a folder have networks of the same name.</summary>
    public const string NetworkNameTaken = "CniNetworkNameTaken";

    /// <summary>A file's name promises another kind of configuration than it holds.</summary>
    public const string MisnamedFile = "CniMisnamedFile";
}
