namespace CniPS.Spec;

/// <summary>The specification's error codes (SPEC, section 5, "Error"; 0, 8 and 999 are libcni's own).</summary>
public enum CniErrorCode
{
    /// <summary>Unknown: the plugin could not be run, or said nothing that could be read (libcni).</summary>
    Unknown = 0,

    /// <summary>The plugin does not speak the configuration's version.</summary>
    IncompatibleCniVersion = 1,

    /// <summary>A field of the configuration is not supported; the message names key and value.</summary>
    UnsupportedField = 2,

    /// <summary>The container is unknown or gone: nothing to clean up.</summary>
    UnknownContainer = 3,

    /// <summary>A CNI environment variable is missing or invalid; the message names it.</summary>
    InvalidEnvironmentVariables = 4,

    /// <summary>Reading or writing failed.</summary>
    IOFailure = 5,

    /// <summary>Content could not be decoded.</summary>
    DecodingFailure = 6,

    /// <summary>The network configuration is invalid.</summary>
    InvalidNetworkConfig = 7,

    /// <summary>The network namespace is the plugin's own (libcni).</summary>
    InvalidNetNS = 8,

    /// <summary>A transient condition: try again later.</summary>
    TryAgainLater = 11,

    /// <summary>STATUS: the plugin can't serve ADD.</summary>
    PluginNotAvailable = 50,

    /// <summary>STATUS: the plugin can't serve ADD, and containers on the network may have limited connectivity.</summary>
    LimitedConnectivity = 51,

    /// <summary>An error without a code of its own (libcni).</summary>
    Internal = 999,
}
