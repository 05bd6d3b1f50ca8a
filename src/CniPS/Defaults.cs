using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Runtime;

namespace CniPS;

/// <summary>What holds where a parameter is not given: the environment variables that cnitool knows, then its folders.</summary>
internal static class Defaults
{
    /// <summary>Where results are kept.</summary>
    internal const string CachePath = CnitoolDefaults.CacheFolder;

    /// <summary>The interface inside a container.</summary>
    internal const string Interface = CnitoolDefaults.InterfaceName;

    /// <summary>Where network configurations lie: NETCONFPATH, else <c>/etc/cni/net.d</c>.</summary>
    internal static string ConfigurationFolder =>
        Environment.GetEnvironmentVariable("NETCONFPATH") is { Length: > 0 } path ? path : CnitoolDefaults.ConfigurationFolder;

    /// <summary>Where plugin programs lie: CNI_PATH, else those of <c>/opt/cni/bin</c> and <c>/usr/lib/cni</c> that exist.</summary>
    internal static IReadOnlyList<string> PluginPath =>
        Environment.GetEnvironmentVariable("CNI_PATH") is { Length: > 0 } path
            ? path.Split(Path.PathSeparator)
            : CnitoolDefaults.PluginPath;
}
