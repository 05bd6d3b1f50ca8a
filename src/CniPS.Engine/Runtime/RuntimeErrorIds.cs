namespace CniPS.Runtime;

/// <summary>The error ids of the runtime; those of reading and of plugins are in <see cref="Spec.CniErrorIds"/>.</summary>
public static class RuntimeErrorIds
{
    /// <summary>No plugin of that type.</summary>
    public const string PluginNotFound = "CniPluginNotFound";

    /// <summary>A plugin program failed: it answered with an error, or could not be run.</summary>
    public const string PluginFailed = "CniPluginFailed";

    /// <summary>A plugin program's answer can't be understood.</summary>
    public const string PluginProtocolError = "CniPluginProtocolError";

    /// <summary>A plugin program took too long and was killed.</summary>
    public const string PluginTimeout = "CniPluginTimeout";

    /// <summary>The kernel refused a change, or a look.</summary>
    public const string KernelRefused = "CniKernelRefused";

    /// <summary>The attachment is there already, and alive.</summary>
    public const string AttachmentExists = "CniAttachmentExists";

    /// <summary>What a killed process left of the attachment can't be removed.</summary>
    public const string LeftoverStuck = "CniLeftoverStuck";

    /// <summary>There is no such attachment in the cache, or it can't be told which one is meant.</summary>
    public const string AttachmentNotFound = "CniAttachmentNotFound";

    /// <summary>A cached result can't be read.</summary>
    public const string CacheUnreadable = "CniCacheUnreadable";

    /// <summary>A result can't be cached.</summary>
    public const string CacheUnwritable = "CniCacheUnwritable";

    /// <summary>Several steps of GC failed; each error is an inner one.</summary>
    public const string CollectionIncomplete = "CniCollectionIncomplete";

    /// <summary>CHECK found a difference (as libcni reports it: the first one, as an error).</summary>
    public const string CheckFailed = "CniCheckFailed";

    /// <summary>Plugins are missing, or don't speak the network's version; each error is an inner one.</summary>
    public const string NetworkNotRunnable = "CniNetworkNotRunnable";
}
