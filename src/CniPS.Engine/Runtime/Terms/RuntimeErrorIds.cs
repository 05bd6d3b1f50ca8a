namespace CniPS.Runtime;

/// <summary>The error ids of the runtime; those of reading and of plugins are in <see cref="Spec.CniErrorIds"/>.</summary>
public static class RuntimeErrorIds
{
    /// <summary>
    /// There is no plugin of that type: no native one, or it was not allowed (<c>-PluginSource</c>), and no program on the plugin path.
    /// </summary>
    /// <remarks>Install the plugin, or name its folder with <c>-PluginPath</c> or <c>CNI_PATH</c>.</remarks>
    public const string PluginNotFound = "CniPluginNotFound";

    /// <summary>A plugin program failed: it answered with an error, or could not be run. The message has its words, and Code its code.</summary>
    /// <remarks>Read what it says. Code 11 means that it can be tried again later.</remarks>
    public const string PluginFailed = "CniPluginFailed";

    /// <summary>What a plugin program has printed can't be understood: neither a result nor an error of CNI.</summary>
    /// <remarks>Run the program by hand (<c>-WhatIf</c> shows the call), or update it.</remarks>
    public const string PluginProtocolError = "CniPluginProtocolError";

    /// <summary>A plugin program did not end within the time given by <c>-Timeout</c>, and was killed.</summary>
    /// <remarks>Give it longer, or find out what it waits for.</remarks>
    public const string PluginTimeout = "CniPluginTimeout";

    /// <summary>The attachment is there already, and its interface is in the container. It has been left as it was.</summary>
    /// <remarks>Remove it first (<c>Remove-CniAttachment</c>), or choose another interface name.</remarks>
    public const string AttachmentExists = "CniAttachmentExists";

    /// <summary>What a killed ADD has left of this attachment can't be removed. The message says why.</summary>
    /// <remarks>Remove the cause; or call <c>Remove-CniAttachment</c>, which removes what it can and forgets the rest.</remarks>
    public const string LeftoverStuck = "CniLeftoverStuck";

    /// <summary>The cache holds no such attachment.</summary>
    /// <remarks>Look at what there is with <c>Get-CniAttachment</c>. Another cache folder is named with <c>-CachePath</c>.</remarks>
    public const string AttachmentNotFound = "CniAttachmentNotFound";

    /// <summary>A cached result can't be read: the file is broken, or may not be read.</summary>
    /// <remarks>Run as root. If the file is broken, remove the attachment, which sets the file aside, and add it again.</remarks>
    public const string CacheUnreadable = "CniCacheUnreadable";

    /// <summary>ADD could not write the result to the cache, and was undone.</summary>
    /// <remarks>Name a folder that can be written with <c>-CachePath</c>.</remarks>
    public const string CacheUnwritable = "CniCacheUnwritable";

    /// <summary>Several steps of GC failed; each is an inner exception. The others were taken.</summary>
    /// <remarks>Remove the causes, and do it again.</remarks>
    public const string CollectionIncomplete = "CniCollectionIncomplete";

    /// <summary>An attachment's rules could not be turned into their other form. They are as they were.</summary>
    /// <remarks>
    /// The message says what failed. Mend that and convert again; what was converted before stays so.
    /// </remarks>
    public const string ConversionFailed = "CniConversionFailed";

    /// <summary>An attachment could not be updated or moved. It is there again as it was, or the message says why not.</summary>
    /// <remarks>Mend what the message names, and try again.</remarks>
    public const string ReplaceFailed = "CniReplaceFailed";

    /// <summary>
    /// A change that was to mend an attachment failed. What was changed together with it has been taken back; what was mended before it stays so.
    /// </summary>
    /// <remarks>
    /// See what is wrong with <c>Test-CniAttachment -Detailed</c>. Where nothing else helps, remove the attachment and add it again.
    /// </remarks>
    public const string RepairFailed = "CniRepairFailed";

    /// <summary>
    /// CHECK has found a difference. The executable cnips reports the first one with this id, as libcni does; cmdlets report
    /// <c>CniAttachmentDiffers</c>.
    /// </summary>
    /// <remarks>See there.</remarks>
    public const string CheckFailed = "CniCheckFailed";

    /// <summary>Plugins of a network are missing, or do not speak its version. Each problem is an inner exception.</summary>
    /// <remarks>See <c>CniPluginNotFound</c> and <c>CniIncompatibleVersion</c>.</remarks>
    public const string NetworkNotRunnable = "CniNetworkNotRunnable";

    /// <summary>What a way is to begin or end at is no container, namespace or address.</summary>
    /// <remarks>Look at what there is with <c>Get-CniAttachment</c> and <c>Get-CniNamespace</c>.</remarks>
    public const string EndNotFound = "CniEndNotFound";

    /// <summary>The two ends of a way have no addresses of the same version of IP.</summary>
    /// <remarks>Look at their addresses with <c>Get-CniAttachment</c>, or give an address.</remarks>
    public const string NoCommonFamily = "CniNoCommonFamily";
}
