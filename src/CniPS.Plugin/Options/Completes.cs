namespace CniPS.Plugin.Options;

/// <summary>What a shell can complete a word with.</summary>
internal enum Completes
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Files and folders.</summary>
    Files,

    /// <summary>Networks, of the folder and of the cache; and files.</summary>
    Networks,

    /// <summary>Networks of the cache.</summary>
    CachedNetworks,

    /// <summary>Named network namespaces; and files.</summary>
    Namespaces,

    /// <summary>Containers in the cache.</summary>
    Containers,

    /// <summary>Containers in the cache, and named network namespaces; and files.</summary>
    Ends,

    /// <summary>Interfaces in the cache.</summary>
    Interfaces,

    /// <summary>The plugins that are built in.</summary>
    Plugins,
}
