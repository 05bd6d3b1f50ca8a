using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux;

namespace CniPS.Runtime;

/// <summary>What cnitool takes where nothing is given, and where plugins usually lie; module and executable take the same.</summary>
public static class CnitoolDefaults
{
    /// <summary>Where results are kept.</summary>
    public const string CacheFolder = "/var/lib/cni";

    /// <summary>Where network configurations lie (NETCONFPATH).</summary>
    public const string ConfigurationFolder = "/etc/cni/net.d";

    /// <summary>The interface inside a container (CNI_IFNAME).</summary>
    public const string InterfaceName = "eth0";

    /// <summary>Where plugin programs lie (CNI_PATH, for which cnitool has no default): of the usual folders, those that exist.</summary>
    public static IReadOnlyList<string> PluginPath => Array.FindAll(["/opt/cni/bin", "/usr/lib/cni"], Directory.Exists);

    /// <summary>A container id made of a namespace's path: <c>cnitool-</c> and the first ten bytes of its SHA-512.</summary>
    /// <param name="namespacePath">The absolute path.</param>
    public static string ContainerIdOf(string namespacePath) => "cnitool-" + Sha512.Hex(namespacePath, 10);
}
