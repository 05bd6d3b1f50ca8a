namespace CniPS.Runtime;

/// <summary>Where a plugin is taken from.</summary>
public enum PluginSource
{
    /// <summary>The native plugin of that type, or else the program on the path.</summary>
    NativeFirst,

    /// <summary>Native plugins only.</summary>
    Native,

    /// <summary>Programs on the path only.</summary>
    Path,
}
